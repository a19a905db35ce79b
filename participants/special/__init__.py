"""Cover on a ground of one's own: letters of Dinsos (rule C24), outbreaks and disasters (rule C25)."""

"""Long trials that print a count; `make drill-night` and its like. The suite holds a short one of each."""

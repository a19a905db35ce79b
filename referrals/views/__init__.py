"""Screens of the clerk, the hospital desk, and whoever reads their letters."""

"""The year's lines, and payments from proposal to SP2D."""

"""The search over everything, as the box at the top of each page asks it."""

"""The handbook, readable in the running app."""

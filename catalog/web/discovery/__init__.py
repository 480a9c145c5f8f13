"""Discovery plans and their runs."""

"""The only rooms that import the wire libraries."""

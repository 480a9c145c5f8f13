"""What partners use, since when and at what cost."""

"""What is true about the estate: partners, configuration items, their history and where it comes from."""

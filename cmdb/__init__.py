"""What is true about the estate: partners, configuration items, their history and its sources."""

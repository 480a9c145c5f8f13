"""The first page: what matters today, by what the person does."""

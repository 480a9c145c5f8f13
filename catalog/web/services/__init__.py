"""The service catalogue as partners see it."""

"""Orders, and the decisions that wait for somebody."""

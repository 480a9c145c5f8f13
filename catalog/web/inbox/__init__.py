"""The inbox: what discovery saw and a person has to decide."""

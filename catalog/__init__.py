"""Wires the rooms of the house together and offers them as pages, REST and commands."""

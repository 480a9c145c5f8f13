"""Which item is this, whom to believe, what to change and what to ask a person.

Judgement is pure and lives in `rules`; applying it touches only what really changed.
"""

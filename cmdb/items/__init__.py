"""Configuration items: what they are, whose they are, what they consist of and hang on.

Values here are the believed ones; who says them is in `history`, what was seen in `intake`.
Directory accounts are not configuration items; they live in `accounts`.
"""

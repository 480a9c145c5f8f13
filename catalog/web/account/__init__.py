"""One's own account: signing in and out, password, look and API tokens."""

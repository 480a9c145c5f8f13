"""Directory accounts and groups as records, never as configuration items.

Only the minimal attributes of an account are kept, reading one needs a purpose and is logged.
The directory itself stays the partner's; nothing here writes to it.
"""

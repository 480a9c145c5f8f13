"""What every room of the CMDB stands on: tables, types, the clock, errors, events and who asks.

Nothing here knows a feature; it imports nothing of ours except `schemas.vocabulary`.
"""

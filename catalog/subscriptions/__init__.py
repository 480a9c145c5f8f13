"""Who uses which service since when, in what quantity, and on which configuration items.

A subscription begins with the delivery of an order and ends on a day. How it was asked for is in
`ordering`; what it costs follows from the price list in `offers`.
"""

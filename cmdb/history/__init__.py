"""Who says what about an item since when (facts), and what changed when by whom (revisions).

Rows here are closed or added, never rewritten; what an item is believed to be lives in `items`.
"""

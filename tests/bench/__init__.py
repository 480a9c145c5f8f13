"""Measurements, not tests: `python -m tests.bench [PART …]` prints what is reached and wanted.

A part is a module of this package with a function `measure(options)` that yields `Figure`s; it is
named in `PARTS` of `__main__`.
"""

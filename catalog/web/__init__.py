"""The pages, by area; each area has its views, forms and templates."""

from flask import Flask


def register(app: Flask) -> None:
    """Register the pages of all areas."""
    del app

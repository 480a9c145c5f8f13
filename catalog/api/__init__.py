"""The REST interface, version 1: one module per resource."""

from flask import Flask


def register(app: Flask) -> None:
    """Register the resources of the REST interface."""
    del app

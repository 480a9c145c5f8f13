"""The REST interface, version 1: one module per resource."""

from flask import Flask

from catalog.api.guard import install_guard


def register(app: Flask) -> None:
    """Register the resources of the REST interface behind their door."""
    install_guard(app)

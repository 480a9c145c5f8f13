"""The REST interface, version 1: one module per resource."""

from flask import Flask

from catalog.api import items, me, partners
from catalog.api.guard import install_guard
from catalog.api.problem import ProblemApi

RESOURCES = (me, partners, items)


def register(app: Flask) -> None:
    """Register the resources of the REST interface behind their door."""
    app.config.update(API_TITLE="haus", API_VERSION="1", OPENAPI_VERSION="3.1.0")
    install_guard(app)
    api = ProblemApi(app)
    for one in RESOURCES:
        api.register_blueprint(one.resource)

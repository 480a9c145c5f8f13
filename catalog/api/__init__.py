"""The REST interface, version 1: one module per resource."""

from typing import Final

from flask import Flask

from catalog.api import (
    accounts,
    classes,
    contacts,
    documentation,
    findings,
    groups,
    intake,
    item_bulk,
    item_inventory,
    item_parts,
    items,
    me,
    orders,
    partners,
    plans,
    routing_domains,
    runs,
    services,
    sites,
    subscriptions,
)
from catalog.api.guard import install_guard
from catalog.api.problem import ProblemApi
from schemas.money import MoneyField

_MODULES: Final = (
    me,
    partners,
    groups,
    contacts,
    sites,
    routing_domains,
    classes,
    items,
    item_parts,
    item_inventory,
    item_bulk,
    accounts,
    plans,
    runs,
    intake,
    findings,
    services,
    orders,
    subscriptions,
)
RESOURCES: Final = tuple(dict.fromkeys(one.resource for one in _MODULES))
"""Each once, although four modules add their views to the items."""


def register(app: Flask) -> None:
    """Register the resources of the REST interface behind their door, and their description."""
    app.config.update(documentation.SETTINGS)
    install_guard(app)
    api = ProblemApi(app)
    api.register_field(MoneyField, "string", "decimal")
    for one in RESOURCES:
        api.register_blueprint(one)
    documentation.install(app, api)

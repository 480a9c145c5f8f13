"""The pages, by area; each area has its views, forms and templates."""

from flask import Flask

from catalog.web import preferences
from catalog.web.components import install_components


def register(app: Flask) -> None:
    """Register the pages of all areas."""
    install_components(app)
    for blueprint in (preferences.blueprint,):
        app.register_blueprint(blueprint)

"""The pages, by area; each area has its views, forms and templates."""

from flask import Flask

from catalog.web import preferences
from catalog.web.account import views as account
from catalog.web.accounts import views as accounts
from catalog.web.admin import views as admin
from catalog.web.components import install_components
from catalog.web.devices import views as devices
from catalog.web.discovery import views as discovery
from catalog.web.guard import install_guard
from catalog.web.headers import install_headers
from catalog.web.help import views as help_pages
from catalog.web.inbox import views as inbox
from catalog.web.navigation import install_navigation
from catalog.web.orders import views as orders
from catalog.web.partners import views as partners
from catalog.web.search import views as search
from catalog.web.services import views as services
from catalog.web.start import views as start
from catalog.web.subscriptions import views as subscriptions


def register(app: Flask) -> None:
    """Register the pages of all areas, behind their door and in their frame."""
    install_components(app)
    install_guard(app)
    install_headers(app)
    install_navigation(app)
    for area in (
        preferences,
        account,
        admin,
        start,
        search,
        devices,
        accounts,
        partners,
        inbox,
        services,
        orders,
        subscriptions,
        discovery,
        help_pages,
    ):
        app.register_blueprint(area.blueprint)

"""The frame's navigation: only what this person may open, told by the marks of the pages."""

from dataclasses import dataclass
from typing import Any, Final

from flask import Flask, current_app, request, url_for
from flask_babel import get_locale, gettext
from werkzeug.exceptions import HTTPException

from catalog.access.authentication import SignedIn
from catalog.access.guards import guard_of
from catalog.access.roles import load_roles
from catalog.access.rules import reach_of
from catalog.extensions import db
from catalog.ordering.queries import count_to_fulfil
from catalog.web.guard import find_signed_in
from catalog.web.shell import NavigationGroup, NavigationItem, PageViewer
from cmdb.kernel.errors import N_
from cmdb.kernel.viewer import Everywhere, Viewer

START: Final = "/"
SEARCH: Final = "/search"
TO_FULFIL: Final = "/orders/to-fulfil"
OPERATES: Final = "plan.read"
"""Whoever may see discovery plans works for the provider and gets the full navigation."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a word of the navigation leads."""

    label: str
    path: str
    icon: str


FULL: Final[tuple[tuple[str, tuple[Place, ...]], ...]] = (
    ("", (Place(N_("Home"), START, "home"),)),
    (
        N_("Inventory"),
        (
            Place(N_("Devices"), "/devices", "server"),
            Place(N_("Accounts"), "/accounts", "users"),
            Place(N_("Partners"), "/partners", "building-community"),
            Place(N_("Sites"), "/sites", "map-pin"),
        ),
    ),
    (
        N_("Discovery"),
        (
            Place(N_("Plans"), "/discovery/plans", "radar-2"),
            Place(N_("Runs"), "/discovery/runs", "history"),
            Place(N_("Inbox"), "/inbox", "inbox"),
        ),
    ),
    (
        N_("Services"),
        (
            Place(N_("Service catalogue"), "/services", "books"),
            Place(N_("Orders"), "/orders", "clipboard-list"),
            Place(N_("Approvals"), "/approvals", "clipboard-check"),
            Place(N_("To fulfil"), TO_FULFIL, "package"),
            Place(N_("Subscriptions"), "/subscriptions", "repeat"),
        ),
    ),
    (
        N_("Administration"),
        (Place(N_("People and roles"), "/admin/people", "shield-check"),),
    ),
    ("", (Place(N_("Help"), "/help", "help-circle"),)),
)
REDUCED: Final[tuple[Place, ...]] = (
    Place(N_("Home"), START, "home"),
    Place(N_("Service catalogue"), "/services", "books"),
    Place(N_("Orders"), "/orders", "clipboard-list"),
    Place(N_("Approvals"), "/approvals", "clipboard-check"),
    Place(N_("Subscriptions"), "/subscriptions", "repeat"),
    Place(N_("My inventory"), "/devices", "server"),
    Place(N_("People and roles"), "/admin/people", "shield-check"),
    Place(N_("Help"), "/help", "help-circle"),
)


def install_navigation(app: Flask) -> None:
    """Give every page its frame: the person, the navigation and whether the data is invented."""
    app.context_processor(_frame)
    app.add_template_global(role_label)


def role_label(name: str) -> str:
    """Return what a role is called in the language of the request."""
    role = load_roles().roles.get(name)
    if role is None:
        return name
    locale = get_locale()
    return role.label_en if locale and locale.language == "en" else role.label_de


def groups_for(viewer: Viewer) -> tuple[NavigationGroup, ...]:
    """Return the places that a viewer may open, in full or, for partners, in short."""
    groups = FULL if viewer.may(OPERATES) else (("", REDUCED),)
    made = (
        NavigationGroup(
            tuple(_item(viewer, place) for place in places if _may_open(viewer, place.path)),
            gettext(label) if label else "",
        )
        for label, places in groups
    )
    return tuple(group for group in made if group.items)


def _frame() -> dict[str, Any]:
    found = find_signed_in()
    is_demo = current_app.config["HAUS"].is_demo
    if found is None or found.person.must_change_password:
        return {"viewer": None, "is_demo": is_demo}
    return {"viewer": _page_viewer(found), "is_demo": is_demo}


def _page_viewer(found: SignedIn) -> PageViewer:
    return PageViewer(
        name=found.person.name,
        navigation=groups_for(found.viewer),
        organisation=_for_whom(found),
        search_href=SEARCH if _may_open(found.viewer, SEARCH) else "",
        account_href=url_for("account.profile"),
        sign_out_href=url_for("account.sign_out"),
    )


def _for_whom(found: SignedIn) -> str:
    """Say for which partners the person acts, which must be seen at all times."""
    reach = reach_of(found.viewer.grants)
    if isinstance(reach, Everywhere):
        return gettext("All partners")
    names = {
        one.organisation.name
        for one in found.person.assignments
        if one.organisation is not None and one.organisation_id in reach
    }
    return ", ".join(sorted(names))


def _item(viewer: Viewer, place: Place) -> NavigationItem:
    # Of two places that a page lies below, only the deeper one is where it is.
    is_below = any(_lies_below(request.path, path) for path in _deeper(place.path))
    is_current = _lies_below(request.path, place.path) and not is_below
    count = count_to_fulfil(db.session(), viewer) or None if place.path == TO_FULFIL else None
    return NavigationItem(gettext(place.label), place.path, place.icon, is_current, count)


def _lies_below(path: str, place: str) -> bool:
    return path == place or (place != START and path.startswith(f"{place}/"))


def _deeper(place: str) -> tuple[str, ...]:
    return (TO_FULFIL,) if TO_FULFIL.startswith(f"{place}/") and place != START else ()


def _may_open(viewer: Viewer, path: str) -> bool:
    """Ask the mark of the page behind a path; a page that does not exist is not offered."""
    try:
        endpoint, _ = current_app.url_map.bind("").match(path, "GET")
    except HTTPException:
        return False
    guard = guard_of(current_app.view_functions[endpoint], "GET")
    if guard is None:
        return False
    return guard.permission is None or viewer.may(guard.permission)

"""The page of the search."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from catalog.access.guards import personal
from catalog.extensions import db
from catalog.offers.queries import ServiceFilter, list_services
from catalog.web.guard import current_viewer
from catalog.web.texts import in_language
from cmdb.items.search import SHOWN, search_everywhere
from cmdb.kernel.search import MAX_LENGTH, words_of
from cmdb.kernel.viewer import Viewer

blueprint = Blueprint("search", __name__)


@dataclass(frozen=True, slots=True)
class Result:
    """One thing that was found."""

    name: str
    detail: str
    href: str


@dataclass(frozen=True, slots=True)
class Group:
    """Things of one kind; `more_href` lists all of them where there may be more."""

    title: str
    icon: str
    results: Sequence[Result]
    more_href: str = ""

    @property
    def is_full(self) -> bool:
        """Whether there may be more than is shown."""
        return len(self.results) >= SHOWN


@blueprint.get("/search")
@personal("what is found is limited to what the viewer may see of each kind")
def index() -> str | Response:
    """Show what is found; the only thing of exactly this name is opened at once."""
    text = request.args.get("q", "").strip()[:MAX_LENGTH]
    groups = list(_groups(current_viewer(), text)) if words_of(text) else []
    exact = {
        one.href
        for group in groups
        for one in group.results
        if one.name.casefold() == text.casefold()
    }
    if len(exact) == 1:
        return redirect(exact.pop(), 303)
    total = sum(len(group.results) for group in groups)
    return render_template("search/index.html", text=text, groups=groups, total=total)


def _groups(viewer: Viewer, text: str) -> Iterator[Group]:
    """Yield what is found of each kind; kinds of which nothing is found are left out."""
    found = search_everywhere(db.session(), viewer, text)
    kinds = (
        Group(
            gettext("Devices"),
            "server",
            [
                Result(one.name, one.detail, url_for("devices.detail", item_id=one.id))
                for one in found.items
            ],
            url_for("devices.index", q=text),
        ),
        Group(
            gettext("Partners"),
            "building-community",
            [
                Result(one.name, one.detail, url_for("partners.detail", partner_slug=one.slug))
                for one in found.partners
            ],
            url_for("partners.index", q=text),
        ),
        Group(
            gettext("Sites"),
            "map-pin",
            [
                Result(one.name, one.detail, url_for("partners.site", site_id=one.id))
                for one in found.sites
            ],
        ),
        Group(
            gettext("Services"), "books", _services(viewer, text), url_for("services.index", q=text)
        ),
    )
    return (group for group in kinds if group.results)


def _services(viewer: Viewer, text: str) -> list[Result]:
    page = list_services(db.session(), viewer, ServiceFilter(text=text), limit=SHOWN)
    return [
        Result(in_language(one.names), one.code, url_for("services.detail", code=one.code))
        for one in page.rows
    ]

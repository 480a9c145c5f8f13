"""Shows the pages of `catalog/handbook`, in the reader's language where they are translated."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import nh3
from flask import Blueprint, render_template
from flask_babel import get_locale, gettext
from markupsafe import Markup

import catalog
from catalog.access.guards import personal
from cmdb.kernel.errors import N_, NotFoundError

blueprint = Blueprint("help", __name__, url_prefix="/help")

HANDBOOK: Final = Path(catalog.__file__).parent / "handbook"
READERS: Final = "the handbook holds nothing secret; every signed-in person may read it"
USING: Final = N_("Using the house")
RUNNING: Final = N_("Running and building the house")
DECISIONS: Final = N_("Decisions on the design")
ORDER: Final = (
    *("overview", "ordering", "operating", "teaching"),
    *("architecture", "threat-model", "changes"),
)


@dataclass(frozen=True, slots=True)
class HandbookPage:
    """One page of the handbook: its address, its title and its text as safe HTML."""

    name: str
    title: str
    language: str
    body: Markup


@blueprint.get("")
@personal(READERS)
def index() -> str:
    """Show the first page of the handbook."""
    return page("overview")


@blueprint.get("/<path:name>")
@personal(READERS)
def page(name: str) -> str:
    """Show one page of the handbook."""
    language = _language()
    found = _read(name, language)
    if found is None:
        raise NotFoundError("help.not-found", N_("There is no such page in the handbook."))
    groups = [
        (gettext(title), [one for one in (_read(each, language) for each in names) if one])
        for title, names in ((USING, ORDER[:2]), (RUNNING, ORDER[2:]), (DECISIONS, _decisions()))
    ]
    return render_template("help/page.html", page=found, groups=groups)


def _language() -> str:
    locale = get_locale()
    return locale.language if locale else "de"


@cache
def _decisions() -> tuple[str, ...]:
    paths = sorted((HANDBOOK / "decisions").glob("*.md"))
    return tuple(f"decisions/{path.stem}" for path in paths)


@cache
def _read(name: str, language: str) -> HandbookPage | None:
    if name not in {*ORDER, *_decisions()}:
        return None
    for candidate, spoken in ((f"{name}.{language}.md", language), (f"{name}.md", "en")):
        path = HANDBOOK / candidate
        if path.is_file():
            return _page(name, spoken, path.read_text("utf-8"))
    return None


def _page(name: str, language: str, text: str) -> HandbookPage:
    first = re.search(r"^# (.+)$", text, re.MULTILINE)
    # A server starts without it: few ever read these pages.
    from markdown_it import MarkdownIt

    html = MarkdownIt("commonmark").enable("table").render(text)
    return HandbookPage(name, first[1] if first else name, language, Markup(nh3.clean(html)))  # noqa: S704 — cleaned one call before

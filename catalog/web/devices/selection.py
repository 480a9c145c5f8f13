"""What the list of devices is asked for, read from its address, and how that is shown again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_network
from typing import Any, Final
from uuid import UUID

from flask_babel import gettext, ngettext
from werkzeug.datastructures import MultiDict

from catalog.web.components import url_toggled, url_with, word
from catalog.web.devices.words import Words, is_german
from cmdb.items.facets import Facet
from cmdb.items.filters import ItemFilter
from cmdb.items.queries import SORTS
from cmdb.kernel.clock import now
from cmdb.kernel.errors import N_
from schemas.vocabulary import Lifecycle

MAX_TEXT: Final = 200
MAX_CHOSEN: Final = 50
MAX_DAYS: Final = 3650


@dataclass(frozen=True, slots=True)
class FacetField:
    """One facet: its name in the address, its field in `ItemFilter` and its title."""

    name: str
    field: str
    title: str


FACETS: Final = (
    FacetField("partner", "partners", N_("Partner")),
    FacetField("class", "classes", N_("Class")),
    FacetField("site", "sites", N_("Site")),
    FacetField("lifecycle", "lifecycles", N_("State")),
    FacetField("vendor", "vendors", N_("Vendor")),
)


@dataclass(frozen=True, slots=True)
class Selection:
    """What the address asks for.

    Attributes:
        network: the range as it was typed, also where it is none.
        is_network_wrong: whether that range is none and was left out.
        seen_days: seen within so many days, 0 for whenever.
        expanded: the name of the facet of which all values are listed.
    """

    wanted: ItemFilter
    sort: str
    network: str
    is_network_wrong: bool
    seen_days: int
    expanded: str

    @property
    def is_filtered(self) -> bool:
        """Whether anything is left out."""
        return self.wanted != ItemFilter()

    def chosen(self, facet: FacetField) -> tuple[str, ...]:
        """Return the chosen values of a facet as the address writes them."""
        return tuple(str(one) for one in getattr(self.wanted, facet.field))


@dataclass(frozen=True, slots=True)
class ShownFacet:
    """A facet as the filter macro wants it."""

    name: str
    title: str
    options: Sequence[tuple[str, str, int]]
    chosen: tuple[str, ...]
    rest: int
    rest_href: str


def read_selection(args: MultiDict[str, str]) -> Selection:
    """Read a selection; what is not understood is left out."""
    network = args.get("network", "").strip()[:64]
    is_wrong = bool(network) and not _is_network(network)
    seen_days = min(max(args.get("seen_days", 0, int), 0), MAX_DAYS)
    known = {str(one): one for one in Lifecycle}
    states = _values(args, "lifecycle")
    wanted = ItemFilter(
        text=args.get("q", "").strip()[:MAX_TEXT],
        classes=_values(args, "class"),
        partners=_keys(args, "partner"),
        sites=_keys(args, "site"),
        lifecycles=tuple(known[one] for one in states if one in known),
        vendors=_values(args, "vendor"),
        models=_values(args, "model"),
        network="" if is_wrong else network,
        seen_since=now() - timedelta(days=seen_days) if seen_days else None,
        has_finding=True if args.get("finding") == "1" else None,
    )
    sort = args.get("sort", "name")
    if sort.removeprefix("-") not in SORTS:
        sort = "name"
    return Selection(wanted, sort, network, is_wrong, seen_days, args.get("expand", "")[:32])


def missing_keys(selection: Selection, facets: Mapping[str, Facet]) -> set[UUID]:
    """Return the chosen partners and sites that no facet names, because nothing is left of them."""
    chosen = {*selection.wanted.partners, *selection.wanted.sites}
    named = {one.key for name in ("partners", "sites") for one in facets[name].values}
    return {key for key in chosen if str(key) not in named}


def shown_facets(
    selection: Selection, facets: Mapping[str, Facet], words: Words
) -> list[ShownFacet]:
    """Return the facets with labels; what is chosen stays there even where nothing is left."""
    shown: list[ShownFacet] = []
    for one in FACETS:
        facet, chosen = facets[one.field], selection.chosen(one)
        options = [
            (value.key, _label(one, value.key, words, value), value.count)
            for value in sorted(facet.values, key=lambda value: (-value.count, value.label_de))
        ]
        present = {key for key, _, _ in options}
        options += [(key, _label(one, key, words), 0) for key in chosen if key not in present]
        href = url_with(expand=one.name, after=None)
        shown.append(
            ShownFacet(one.name, gettext(one.title), options, chosen, facet.rest_values, href)
        )
    return shown


def pills(selection: Selection, facets: Sequence[ShownFacet]) -> list[tuple[str, str, str]]:
    """Return the filters in force as title, label and the address without it."""
    wanted = selection.wanted
    found: list[tuple[str, str, str]] = []
    if wanted.text:
        found.append((gettext("Contains"), wanted.text, url_with(q=None, after=None)))
    for facet in facets:
        labels = {key: label for key, label, _ in facet.options}
        found += [(facet.title, labels[key], url_toggled(facet.name, key)) for key in facet.chosen]
    found += [(gettext("Model"), one, url_toggled("model", one)) for one in wanted.models]
    if wanted.network:
        found.append((gettext("Address range"), wanted.network, url_with(network=None, after=None)))
    if selection.seen_days:
        days = ngettext("the last day", "the last %(num)s days", selection.seen_days)
        found.append((gettext("Seen within"), days, url_with(seen_days=None, after=None)))
    if wanted.has_finding:
        href = url_with(finding=None, after=None)
        found.append((gettext("Inbox"), gettext("something to decide"), href))
    return found


def _label(facet: FacetField, key: str, words: Words, value: Any = None) -> str:
    if facet.name == "lifecycle":
        return word(Lifecycle(key))
    if facet.name == "class":
        return words.class_name(key)
    if facet.name == "vendor":
        return key
    if value is not None:
        return value.label_de if is_german() else value.label_en
    return words.names.get(key, gettext("unknown"))


def _values(args: MultiDict[str, str], name: str) -> tuple[str, ...]:
    found = (one[:MAX_TEXT] for one in args.getlist(name)[:MAX_CHOSEN])
    return tuple(dict.fromkeys(one for one in found if one))


def _keys(args: MultiDict[str, str], name: str) -> tuple[UUID, ...]:
    keys: list[UUID] = []
    for text in _values(args, name):
        try:
            keys.append(UUID(text))
        except ValueError:
            continue
    return tuple(dict.fromkeys(keys))


def _is_network(text: str) -> bool:
    try:
        ip_network(text, strict=False)
    except ValueError:
        return False
    return True

"""The list of devices, its export, and the page of one device."""

from collections.abc import Callable, Iterator
from itertools import chain
from typing import Any, Final
from uuid import UUID

from flask import Blueprint, Response, make_response, render_template, request, stream_with_context

from catalog.access.guards import guarded
from catalog.extensions import db
from catalog.offers.queries import list_services_of_item
from catalog.subscriptions.queries import list_subscriptions_of_item
from catalog.web.devices import columns, editing, export, selection
from catalog.web.devices.history import past_values, steps_of_change
from catalog.web.devices.page import DevicePage, by_port, facts_of, place_of, words_of
from catalog.web.devices.raw import sections_of
from catalog.web.devices.told import gauge_name, gauge_value, poe_status, protocol_name, supply_kind
from catalog.web.devices.words import (
    Words,
    actor,
    by_name,
    class_label,
    component_kind,
    reverse_relation,
)
from catalog.web.guard import current_viewer
from catalog.web.interface_types import interface_type
from cmdb.history.queries import (
    list_facts,
    list_past_attributes,
    list_past_facts,
    list_revisions,
)
from cmdb.intake.queries import find_raw, list_subjects
from cmdb.items import detail, inventory, queries
from cmdb.items.facets import facet_counts
from cmdb.items.visibility import WRITE
from cmdb.kernel.clock import today
from cmdb.partners.names import list_names

blueprint = Blueprint("devices", __name__)
editing.register(blueprint)
for _filter in (actor, class_label, component_kind, interface_type, reverse_relation):
    blueprint.add_app_template_filter(_filter)
for _filter in (gauge_name, gauge_value, poe_status, protocol_name, supply_kind):
    blueprint.add_app_template_filter(_filter)

PAGE_SIZE: Final = 50
LATEST: Final = 5


@blueprint.get("/devices")
@guarded("item.read")
def index() -> Response:
    """Show the devices that the filter leaves, with what each further choice would give."""
    viewer, session = current_viewer(), db.session()
    chosen = selection.read_selection(request.args)
    fields = {one.name: one.field for one in selection.FACETS}
    facets = facet_counts(session, viewer, chosen.wanted, expanded=fields.get(chosen.expanded, ""))
    words = Words(
        by_name(queries.list_classes(session, viewer)),
        names=_names(selection.missing_keys(chosen, facets)),
    )
    shown = selection.shown_facets(chosen, facets, words)
    keys = columns.chosen_columns()
    page = render_template(
        "devices/index.html",
        page=queries.list_items(
            session,
            viewer,
            chosen.wanted,
            sort=chosen.sort,
            after=request.args.get("after"),
            limit=PAGE_SIZE,
        ),
        total=queries.count_items(session, viewer, chosen.wanted),
        selection=chosen,
        facets=shown,
        pills=selection.pills(chosen, shown),
        columns=columns.COLUMNS,
        keys=keys,
        heads=columns.heads(keys),
        shown=columns.beside_name(keys),
        words=words,
        may_write=viewer.may(WRITE),
    )
    return columns.remember_columns(make_response(page))


@blueprint.get("/devices.csv")
@guarded("item.read")
def export_csv() -> Response:
    """Send all devices that the filter leaves as a table for spreadsheets."""
    viewer, session = current_viewer(), db.session()
    chosen = selection.read_selection(request.args)
    words = Words(by_name(queries.list_classes(session, viewer)))
    rows = queries.export_items(session, viewer, chosen.wanted, sort=chosen.sort)
    # The first row is read before the answer begins: a fault is still told with its own status.
    first = list(_head(rows))
    lines = export.csv_lines(chain(first, rows), words)
    answer = Response(stream_with_context(lines), content_type=export.MEDIA_TYPE)
    name = f"haus-{today().isoformat()}.csv"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@blueprint.get("/devices/<uuid:item_id>", endpoint="detail")
@guarded("item.read")
def detail_page(item_id: UUID) -> str:
    """Show one device: every value with its source, its inside, its relations and its history."""
    viewer, session = current_viewer(), db.session()
    found = detail.get_item(session, viewer, item_id)
    tabs = TABS if found.may_inspect else TABS_OF_SERVED
    tab = request.args.get("tab", "")
    tab = tab if tab in tabs else "overview"
    page = DevicePage(
        found,
        detail.count_parts(session, viewer, item_id),
        words_of(found, queries.list_classes(session, viewer)),
    )
    return render_template(
        "devices/detail.html",
        page=page,
        found=found,
        item=found.item,
        words=page.words,
        tab=tab,
        tabs=tabs,
        may_write=viewer.may(WRITE, found.item.partner_id),
        **TABS[tab](page),
    )


def _overview(page: DevicePage) -> dict[str, Any]:
    viewer, session, item = current_viewer(), db.session(), page.found.item
    revisions = list_revisions(session, viewer, item.id, limit=LATEST)
    return {
        "facts": facts_of(
            page.found,
            list_facts(session, viewer, item.id),
            list_past_attributes(session, viewer, item.id),
            page.words,
        ),
        "identifiers": detail.list_identifiers(session, viewer, item.id),
        "services": list_services_of_item(session, viewer, item.id),
        "latest": steps_of_change(revisions.rows, page.words),
        "place": place_of(detail.list_relations(session, viewer, item.id)),
    }


def _interfaces(page: DevicePage) -> dict[str, Any]:
    viewer, session, item = current_viewer(), db.session(), page.found.item
    by_index: dict[int | None, list[str]] = {}
    for one in detail.list_addresses(session, viewer, item.id):
        length = "" if one.prefix_length is None else f"/{one.prefix_length}"
        by_index.setdefault(one.interface_index, []).append(f"{one.address}{length}")
    return {
        "interfaces": detail.list_interfaces(
            session, viewer, item.id, after=request.args.get("after")
        ),
        "addresses": by_index,
        "behind": by_port(detail.list_relations(session, viewer, item.id)),
        "vlans": inventory.list_vlans(session, viewer, item.id),
    }


def _components(page: DevicePage) -> dict[str, Any]:
    asked = db.session(), current_viewer(), page.found.item.id
    return {
        "components": detail.list_components(*asked),
        "attached": inventory.list_attached(*asked),
        "supplies": inventory.list_supplies(*asked),
        "gauges": inventory.list_gauges(*asked),
        "software": inventory.list_software(*asked),
    }


def _relations(page: DevicePage) -> dict[str, Any]:
    asked = db.session(), current_viewer(), page.found.item.id
    return {
        "relations": detail.list_relations(*asked),
        "neighbours": inventory.list_neighbours(*asked),
    }


def _services(page: DevicePage) -> dict[str, Any]:
    viewer, session, item = current_viewer(), db.session(), page.found.item
    return {
        "services": list_services_of_item(session, viewer, item.id),
        "subscriptions": list_subscriptions_of_item(session, viewer, item.id),
    }


def _history(page: DevicePage) -> dict[str, Any]:
    viewer, session, item = current_viewer(), db.session(), page.found.item
    attribute = request.args.get("attribute", "")[:64]
    revisions = list_revisions(session, viewer, item.id, after=request.args.get("after"))
    return {
        "revisions": revisions,
        "changes": steps_of_change(revisions.rows, page.words),
        "attribute": page.words.label(attribute) if attribute else "",
        "past": past_values(
            list_past_facts(session, viewer, item.id, attribute) if attribute else (), page.words
        ),
        "may_see_runs": viewer.may("run.read", item.partner_id),
    }


def _raw(page: DevicePage) -> dict[str, Any]:
    viewer, session, item = current_viewer(), db.session(), page.found.item
    return {
        "subjects": list_subjects(session, viewer, item.id),
        "sections": sections_of(find_raw(session, viewer, item.id)),
        "may_see_plans": viewer.may("plan.read", item.partner_id),
    }


TABS: Final[dict[str, Callable[[DevicePage], dict[str, Any]]]] = {
    "overview": _overview,
    "interfaces": _interfaces,
    "components": _components,
    "relations": _relations,
    "services": _services,
    "history": _history,
    "raw": _raw,
}
TABS_OF_SERVED: Final = ("overview", "relations", "services")
"""What a partner sees of a device that serves it but is owned and run by others."""


def _names(keys: set[UUID]) -> dict[str, str]:
    found = list_names(db.session(), current_viewer(), keys)
    return {str(key): name for key, name in found.items()}


def _head(rows: Iterator[queries.ItemRow]) -> Iterator[queries.ItemRow]:
    first = next(rows, None)
    if first is not None:
        yield first

"""What an item tells of itself beyond interfaces, addresses and parts: read, page by page."""

from typing import Any
from uuid import UUID

from flask import Response
from marshmallow import Schema
from sqlalchemy.orm import InstrumentedAttribute

from catalog.access.guards import guarded
from catalog.api.answers import PageQuery, page_answer, page_schema
from catalog.api.guard import current_viewer
from catalog.api.item_parts import columns_form
from catalog.api.items import resource
from catalog.api.resource import session
from cmdb.items import detail, inventory
from cmdb.items.told import AttachedDevice, Gauge, Neighbour, Software, Supply, Vlan
from cmdb.items.topology import ArpEntry, ForwardingEntry, SpanningTreePort
from schemas.inventory import (
    ArpEntrySchema,
    AttachedDeviceSchema,
    ForwardingEntrySchema,
    GaugeSchema,
    NeighbourSchema,
    SoftwareSchema,
    SpanningTreePortSchema,
    SupplySchema,
    VlanSchema,
)


@resource.get("/<uuid:item_id>/vlans")
@guarded("item.read")
@resource.arguments(PageQuery, location="query")
@resource.response(200, page_schema(VlanSchema))
@resource.problems(404)
def list_vlans(query: dict[str, Any], item_id: UUID) -> Response:
    """List the VLANs that an item knows, by number."""
    return _page(item_id, Vlan.number, VlanSchema, query)


@resource.get("/<uuid:item_id>/neighbours")
@guarded("item.read")
@resource.arguments(PageQuery, location="query")
@resource.response(200, page_schema(NeighbourSchema))
@resource.problems(404)
def list_neighbours(query: dict[str, Any], item_id: UUID) -> Response:
    """List the other ends of its links that an item tells of, by our port."""
    return _page(item_id, Neighbour.local_port, NeighbourSchema, query)


@resource.get("/<uuid:item_id>/attached")
@guarded("item.read")
@resource.arguments(PageQuery, location="query")
@resource.response(200, page_schema(AttachedDeviceSchema))
@resource.problems(404)
def list_attached(query: dict[str, Any], item_id: UUID) -> Response:
    """List the access points or virtual machines behind an item, by name."""
    return _page(item_id, AttachedDevice.name, AttachedDeviceSchema, query)


@resource.get("/<uuid:item_id>/supplies")
@guarded("item.read")
@resource.arguments(PageQuery, location="query")
@resource.response(200, page_schema(SupplySchema))
@resource.problems(404)
def list_supplies(query: dict[str, Any], item_id: UUID) -> Response:
    """List what a printer uses up."""
    return _page(item_id, Supply.index, SupplySchema, query)


@resource.get("/<uuid:item_id>/gauges")
@guarded("item.read")
@resource.arguments(PageQuery, location="query")
@resource.response(200, page_schema(GaugeSchema))
@resource.problems(404)
def list_gauges(query: dict[str, Any], item_id: UUID) -> Response:
    """List values that move, such as pages printed or the charge of a battery."""
    return _page(item_id, Gauge.name, GaugeSchema, query)


@resource.get("/<uuid:item_id>/software")
@guarded("item.read")
@resource.arguments(PageQuery, location="query")
@resource.response(200, page_schema(SoftwareSchema))
@resource.problems(404)
def list_software(query: dict[str, Any], item_id: UUID) -> Response:
    """List the packages that are installed on an item, by name."""
    return _page(item_id, Software.name, SoftwareSchema, query)


@resource.get("/<uuid:item_id>/forwarding")
@guarded("item.read")
@resource.arguments(PageQuery, location="query")
@resource.response(200, page_schema(ForwardingEntrySchema))
@resource.problems(404)
def list_forwarding(query: dict[str, Any], item_id: UUID) -> Response:
    """List the addresses that the ports of a switch have learned, by port."""
    return _page(item_id, ForwardingEntry.interface_index, ForwardingEntrySchema, query)


@resource.get("/<uuid:item_id>/spanning-tree")
@guarded("item.read")
@resource.arguments(PageQuery, location="query")
@resource.response(200, page_schema(SpanningTreePortSchema))
@resource.problems(404)
def list_spanning_tree(query: dict[str, Any], item_id: UUID) -> Response:
    """List what leads the segment at each port of a switch, by port."""
    return _page(item_id, SpanningTreePort.interface_index, SpanningTreePortSchema, query)


@resource.get("/<uuid:item_id>/arp")
@guarded("item.read")
@resource.arguments(PageQuery, location="query")
@resource.response(200, page_schema(ArpEntrySchema))
@resource.problems(404)
def list_arp(query: dict[str, Any], item_id: UUID) -> Response:
    """List the hardware addresses that a router has resolved, by address."""
    return _page(item_id, ArpEntry.address, ArpEntrySchema, query)


def _page(
    item_id: UUID, column: InstrumentedAttribute[Any], schema: type[Schema], query: dict[str, Any]
) -> Response:
    detail.get_head(session(), current_viewer(), item_id)
    page = inventory.list_page(session(), current_viewer(), item_id, column, **query)
    return page_answer(page, columns_form(schema))

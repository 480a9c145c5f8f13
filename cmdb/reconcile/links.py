"""Cables between items, from what devices say of their neighbours; one relation per cable."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from cmdb.items.models import ConfigurationItem, Identifier, Interface, Relation
from cmdb.kernel.ids import new_key
from cmdb.reconcile.batch import Batch, Case
from cmdb.reconcile.identifiers import full_name, short_name, usable_mac
from cmdb.reconcile.rules import BETWEEN_PORTS, Link, compute_link, is_same_link
from schemas.vocabulary import IdentifierScheme, Lifecycle, RelationType, Section

Mark = tuple[IdentifierScheme, str]


def apply_links(batch: Batch, cases: Sequence[Case]) -> dict[UUID, int]:
    """Relate devices to the neighbours they report, and return how many are unknown per subject."""
    concerned = [
        case
        for case in cases
        if case.item_id is not None
        and case.sighting.section(Section.NEIGHBOURS) is not None
        and (case.sighting.has_changed(Section.NEIGHBOURS) or case.is_rebound)
    ]
    if not concerned:
        return {}
    known = _find_items(batch, concerned)
    stored = _stored(batch, {case.item_id for case in concerned if case.item_id})
    unknown: dict[UUID, int] = {}
    added: list[Relation] = []
    for case in concerned:
        links, missing = _reported(batch, case, known)
        unknown[case.sighting.subject_id] = missing
        added += _confirm(batch, case, links, stored)
    batch.session.add_all(added)
    return unknown


def _reported(batch: Batch, case: Case, known: Mapping[Mark, set[UUID]]) -> tuple[list[Link], int]:
    links: list[Link] = []
    missing = 0
    for row in case.sighting.section(Section.NEIGHBOURS):
        other = _match(batch, row, known)
        if other is None or case.item_id is None:
            missing += 1
        elif other != case.item_id:
            port = _port_name(case, row)
            links.append(compute_link(case.item_id, port, other, row.get("remote_port") or ""))
    return links, missing


def _match(batch: Batch, row: Mapping[str, Any], known: Mapping[Mark, set[UUID]]) -> UUID | None:
    """Return the one item a neighbour is; the chassis id says more than a name."""
    for mark in _marks(batch, row):
        items = known.get(mark, set())
        if len(items) == 1:
            return next(iter(items))
    return None


def _marks(batch: Batch, row: Mapping[str, Any]) -> list[Mark]:
    generic = batch.policy.generic
    chassis = usable_mac(row.get("remote_chassis_id"), generic)
    name = row.get("remote_name")
    marks = [
        (IdentifierScheme.CHASSIS_ID, chassis),
        (IdentifierScheme.MAC, chassis),
        (IdentifierScheme.MAC, usable_mac(row.get("remote_port"), generic)),
        (IdentifierScheme.FQDN, full_name(name)),
        (IdentifierScheme.SYS_NAME, short_name(name, generic)),
    ]
    return [(scheme, value) for scheme, value in marks if value]


def _port_name(case: Case, row: Mapping[str, Any]) -> str:
    """Name our own port as the interface is named; what LLDP calls it may differ."""
    index = row.get("local_interface_index")
    for interface in case.sighting.section(Section.INTERFACES) or ():
        if interface["index"] == index:
            return interface["name"]
    return row.get("local_port") or ""


def _find_items(batch: Batch, cases: Iterable[Case]) -> dict[Mark, set[UUID]]:
    """Return which items of the partner have the marks that neighbours are known by."""
    values: dict[IdentifierScheme, set[str]] = defaultdict(set)
    for case in cases:
        for row in case.sighting.section(Section.NEIGHBOURS):
            for scheme, value in _marks(batch, row):
                values[scheme].add(value)
    found: dict[Mark, set[UUID]] = defaultdict(set)
    conditions = [
        sa.and_(
            Identifier.scope == batch.plan.partner_id,
            Identifier.scheme == scheme,
            Identifier.value.in_(some),
        )
        for scheme, some in values.items()
    ]
    if not conditions:
        return found
    is_alive = ConfigurationItem.lifecycle != Lifecycle.RETIRED
    statement = (
        sa.select(Identifier.scheme, Identifier.value, Identifier.item_id)
        .join(ConfigurationItem, ConfigurationItem.id == Identifier.item_id)
        .where(sa.or_(*conditions), is_alive)
    )
    for scheme, value, item_id in batch.session.execute(statement):
        found[scheme, value].add(item_id)
    macs = values[IdentifierScheme.MAC]
    if macs:
        by_interface = (
            sa.select(Interface.mac, Interface.item_id)
            .join(ConfigurationItem, ConfigurationItem.id == Interface.item_id)
            .where(
                Interface.mac.in_(macs),
                ConfigurationItem.partner_id == batch.plan.partner_id,
                is_alive,
            )
        )
        for mac, item_id in batch.session.execute(by_interface):
            found[IdentifierScheme.MAC, mac].add(item_id)
    return found


def _stored(batch: Batch, items: set[UUID]) -> list[Relation]:
    return list(
        batch.session.scalars(
            sa.select(Relation).where(
                Relation.type == RelationType.CONNECTED_TO,
                Relation.source == batch.source,
                sa.or_(Relation.source_item_id.in_(items), Relation.target_item_id.in_(items)),
            )
        )
    )


def _confirm(
    batch: Batch, case: Case, links: Iterable[Link], stored: list[Relation]
) -> list[Relation]:
    """Confirm, add and let go the links of one device; returns those that are new."""
    confidence = batch.policy.relations
    subject = case.sighting.subject_id
    confirmed: set[UUID] = set()
    added: list[Relation] = []
    for link in links:
        relation = next((one for one in stored if is_same_link(link, _as_link(one))), None)
        if relation is None:
            relation = _new_relation(batch, case, link)
            stored.append(relation)
            added.append(relation)
            case.changes[f"link {link.detail}"] = [None, RelationType.CONNECTED_TO.value]
        elif relation.subject_id != subject and relation.id not in confirmed:
            is_shared = relation.subject_id is not None
            relation.confidence = (
                confidence.confidence_both_sides if is_shared else confidence.confidence_one_side
            )
            relation.subject_id = relation.subject_id or subject
        relation.seen_at = batch.at
        confirmed.add(relation.id)
    if case.sighting.is_complete(Section.NEIGHBOURS):
        _let_go(batch, case, confirmed, stored)
    return added


def _let_go(batch: Batch, case: Case, confirmed: set[UUID], stored: list[Relation]) -> None:
    """Let go what the device no longer reports; what the other end reports too stays, less sure."""
    confidence = batch.policy.relations
    for relation in list(stored):
        is_ours = case.item_id in {relation.source_item_id, relation.target_item_id}
        if not is_ours or relation.id in confirmed:
            continue
        if relation.confidence >= confidence.confidence_both_sides:
            relation.confidence = confidence.confidence_one_side
            relation.subject_id = None
        elif relation.subject_id in {None, case.sighting.subject_id}:
            stored.remove(relation)
            batch.session.delete(relation)
            case.changes[f"link {relation.detail}"] = [RelationType.CONNECTED_TO.value, None]


def _new_relation(batch: Batch, case: Case, link: Link) -> Relation:
    return Relation(
        id=new_key(),
        source_item_id=link.first,
        target_item_id=link.second,
        type=RelationType.CONNECTED_TO,
        source=batch.source,
        confidence=batch.policy.relations.confidence_one_side,
        detail=link.detail,
        subject_id=case.sighting.subject_id,
        seen_at=batch.at,
    )


def _as_link(relation: Relation) -> Link:
    first, _, second = relation.detail.partition(BETWEEN_PORTS)
    return Link(relation.source_item_id, relation.target_item_id, first, second)

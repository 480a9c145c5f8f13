"""Items in their form on the wire, written from plain rows."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from cmdb.history.models import CiRevision
from cmdb.history.queries import AttributeFacts
from cmdb.items.detail import ItemHead, PartnerName, RelationRow
from cmdb.items.queries import ItemRow


def summary_form(row: ItemRow) -> dict[str, Any]:
    """Return an item as a list shows it."""
    return {
        "id": row.id,
        "class_name": row.class_name,
        "name": row.name,
        "lifecycle": row.lifecycle,
        "partner": {"id": row.partner_id, "name": row.partner_name},
        "site": named(row.site_id, row.site_name),
        "vendor": row.vendor,
        "model": row.model,
        "serial": row.serial,
        "os_version": row.os_version,
        "address": row.address,
        "seen_at": row.seen_at,
        "updated_at": row.updated_at,
        "version": row.version,
        "has_finding": bool(row.has_finding),
    }


def item_form(detail: ItemHead, facts: Mapping[str, AttributeFacts]) -> dict[str, Any]:
    """Return an item with everything that is believed of it and who says so."""
    item = detail.item
    return {
        "id": item.id,
        "class_name": item.class_name,
        "name": item.name,
        "lifecycle": item.lifecycle,
        "partner": {"id": detail.partner.id, "name": detail.partner.name},
        "user_partner": _organisation(detail.user_partner),
        "operator": _organisation(detail.operator),
        "site": named(item.site_id, detail.site_name),
        "vendor": item.vendor,
        "model": item.model,
        "serial": item.serial,
        "os_version": item.os_version,
        "address": item.address,
        "attributes": item.attributes,
        "created_at": item.created_at,
        "seen_at": item.seen_at,
        "updated_at": item.updated_at,
        "version": item.version,
        "facts": {name: _facts(one) for name, one in facts.items()},
    }


def relation_form(row: RelationRow) -> dict[str, Any]:
    """Return a relation seen from one of its ends."""
    return {
        "id": row.id,
        "type": row.type,
        "is_outgoing": row.is_outgoing,
        "other": named(row.other_id, row.other_name),
        "other_class": row.other_class,
        "source": row.source,
        "confidence": row.confidence,
        "detail": row.detail,
        "seen_at": row.seen_at,
        "protocol": row.protocol,
        "interface_index": row.interface_index,
        "port": row.port,
        "other_port": row.other_port,
    }


def revision_form(row: CiRevision) -> dict[str, Any]:
    """Return one change of an item."""
    return {
        "id": row.id,
        "at": row.at,
        "source": row.source,
        "actor_name": row.actor_name,
        "run_id": row.run_id,
        "reason": row.reason,
        "changes": row.changes,
    }


def named(key: UUID | None, name: str) -> dict[str, Any] | None:
    """Return a reference to something, None where there is none."""
    return None if key is None else {"id": key, "name": name}


def _organisation(partner: PartnerName | None) -> dict[str, Any] | None:
    return None if partner is None else {"id": partner.id, "name": partner.name}


def _facts(facts: AttributeFacts) -> list[dict[str, Any]]:
    return [
        {
            "source": one.source,
            "value": one.value,
            "since_at": one.since_at,
            "confirmed_at": one.confirmed_at,
            "actor_name": one.actor_name,
        }
        for one in facts.facts
    ]

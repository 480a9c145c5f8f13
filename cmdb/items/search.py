"""The one search box: items, partners and sites by a piece of their name or number.

Accounts are not found here: reading one needs a purpose.
"""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cmdb.items.filters import contains
from cmdb.items.models import ConfigurationItem
from cmdb.items.visibility import seen_by, shown_to
from cmdb.kernel.search import words_of
from cmdb.kernel.viewer import Viewer, visible
from cmdb.partners.models import Organisation, Site
from cmdb.partners.rules import sort_key

SHOWN: Final = 8


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing that was found; `detail` tells it apart from others of the same name."""

    id: UUID
    name: str
    detail: str
    slug: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """What was found, at most eight of a kind."""

    items: tuple[Hit, ...] = ()
    partners: tuple[Hit, ...] = ()
    sites: tuple[Hit, ...] = ()


def search_everywhere(session: Session, viewer: Viewer, text: str) -> Found:
    """Return items, partners and sites that all words of the text are found in."""
    words = words_of(text)
    if not words:
        return Found()
    return Found(
        _items(session, viewer, words),
        _partners(session, viewer, words),
        _sites(session, viewer, words),
    )


def _items(session: Session, viewer: Viewer, words: tuple[str, ...]) -> tuple[Hit, ...]:
    dialect = session.get_bind().dialect.name
    item = ConfigurationItem
    statement = (
        sa.select(
            item.id,
            item.name,
            shown_to(viewer, "model"),
            shown_to(viewer, "address"),
            Organisation.name,
        )
        .join(Organisation, Organisation.id == item.partner_id)
        .where(seen_by(viewer), *(contains(dialect, viewer, word) for word in words))
        .order_by(item.name, item.id)
        .limit(SHOWN)
    )
    return tuple(
        Hit(key, name, " · ".join(part for part in parts if part))
        for key, name, *parts in session.execute(statement)
    )


def _partners(session: Session, viewer: Viewer, words: tuple[str, ...]) -> tuple[Hit, ...]:
    matches = (Organisation.sort_name.contains(sort_key(one), autoescape=True) for one in words)
    statement = (
        sa.select(Organisation.id, Organisation.name, Organisation.legal_form, Organisation.slug)
        .where(visible(viewer, "partner.read", Organisation.id), *matches)
        .order_by(Organisation.sort_name, Organisation.id)
        .limit(SHOWN)
    )
    return tuple(Hit(*row) for row in session.execute(statement))


def _sites(session: Session, viewer: Viewer, words: tuple[str, ...]) -> tuple[Hit, ...]:
    text = Site.name + " " + Site.street + " " + Site.postal_code + " " + Site.town
    statement = (
        sa.select(Site.id, Site.name, Organisation.name, Organisation.slug)
        .join(Organisation, Organisation.id == Site.partner_id)
        .where(
            visible(viewer, "partner.read", Site.partner_id),
            *(text.icontains(word, autoescape=True) for word in words),
        )
        .order_by(Organisation.sort_name, Site.name, Site.id)
        .limit(SHOWN)
    )
    return tuple(Hit(*row) for row in session.execute(statement))

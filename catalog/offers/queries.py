"""What the catalogue offers, to whom, at what price, and where a promise is not kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased, lazyload, selectinload

from catalog.offers import rules
from catalog.offers.models import (
    Price,
    Service,
    ServiceAudience,
    ServiceDependency,
    ServiceFamily,
    ServiceItem,
)
from catalog.offers.pricing import Component, PriceTerms
from cmdb.items.mentions import Mention, select_mentions
from cmdb.items.models import ConfigurationItem
from cmdb.items.visibility import seen_by
from cmdb.kernel.clock import today
from cmdb.kernel.errors import N_, NotFoundError
from cmdb.kernel.paging import MAX_LIMIT, Page, SortKey, keyset, page_of
from cmdb.kernel.viewer import Everywhere, Reach, Viewer, visible
from cmdb.partners.models import GroupMembership
from schemas.vocabulary import ServiceState, SlaClass

MAX_WORDS = 8


@dataclass(frozen=True, slots=True)
class ServiceFilter:
    """What to look for in the catalogue.

    Attributes:
        text: words that must all occur in code, name or description, in any language.
        family: slug of a service family.
        partner_id: only services that this partner may order today.
        states: only services in one of these states.
        sla_class: only services that promise this class.
    """

    text: str = ""
    family: str | None = None
    partner_id: UUID | None = None
    states: tuple[ServiceState, ...] = (ServiceState.ACTIVE, ServiceState.RETIRING)
    sla_class: SlaClass | None = None


EVERYTHING_OFFERED = ServiceFilter()

_WHOLE: Final = (
    selectinload(Service.dependencies)
    .joinedload(ServiceDependency.depends_on)
    .lazyload(Service.prices),
    selectinload(Service.audience),
)
"""How everything that the page of a service shows is read at once."""


def list_services(
    session: Session,
    viewer: Viewer,
    wanted: ServiceFilter = EVERYTHING_OFFERED,
    *,
    after: str | None = None,
    limit: int = 50,
) -> Page[Service]:
    """Return a page of services, sorted by code, with their prices."""
    limit = min(limit, MAX_LIMIT)
    statement = sa.select(Service).where(_seen_by(viewer), *_matching(wanted))
    statement = keyset(statement, SortKey(Service.code), Service.id, after=after, limit=limit)
    rows = session.scalars(statement).all()
    return page_of(rows, limit, value_of=lambda one: one.code, id_of=lambda one: one.id)


def count_services_by_family(
    session: Session, viewer: Viewer, wanted: ServiceFilter = EVERYTHING_OFFERED
) -> list[tuple[ServiceFamily, int]]:
    """Return every family that has services of the wanted kind, with their number."""
    statement = (
        sa.select(ServiceFamily, sa.func.count(Service.id))
        .join(Service, Service.family_id == ServiceFamily.id)
        .where(_seen_by(viewer), *_matching(wanted))
        .group_by(ServiceFamily.id)
        .order_by(ServiceFamily.position, ServiceFamily.slug)
    )
    return [(family, count) for family, count in session.execute(statement)]


def find_service(
    session: Session, viewer: Viewer, code: str, *, is_whole: bool = False
) -> Service | None:
    """Return the service with this code, None where there is none that the viewer may see.

    A whole one comes with everything its page shows.
    """
    statement = sa.select(Service).where(Service.code == code, _seen_by(viewer))
    return session.scalar(statement.options(*(_WHOLE if is_whole else ())))


def get_service(session: Session, viewer: Viewer, service_id: UUID) -> Service:
    """Return a service with everything its page shows.

    Raises:
        NotFoundError: there is none that the viewer may see.
    """
    statement = sa.select(Service).where(Service.id == service_id, _seen_by(viewer))
    return _found(session.scalar(statement.options(*_WHOLE)))


def get_offer(session: Session, viewer: Viewer, service_id: UUID) -> Service:
    """Return a service to be ordered; prices that the session has read are not read again.

    Raises:
        NotFoundError: there is none that the viewer may see.
    """
    statement = sa.select(Service).where(Service.id == service_id, _seen_by(viewer))
    return _found(session.scalar(statement.options(lazyload(Service.prices))))


def list_dependents(session: Session, viewer: Viewer, service_id: UUID) -> Sequence[Service]:
    """Return the services that rest directly on this one."""
    statement = (
        sa.select(Service)
        .join(ServiceDependency, ServiceDependency.service_id == Service.id)
        .where(ServiceDependency.depends_on_id == service_id, _seen_by(viewer))
        .options(lazyload(Service.prices))
        .order_by(Service.code)
    )
    return session.scalars(statement).all()


def list_sla_violations(session: Session, viewer: Viewer) -> list[rules.SlaViolation]:
    """Return where a service promises a higher class than what it rests on."""
    below = aliased(Service)
    gone = (ServiceState.DRAFT, ServiceState.RETIRED)
    statement = (
        sa.select(Service.code, Service.sla_class, below.code, below.sla_class)
        .join(ServiceDependency, ServiceDependency.service_id == Service.id)
        .join(below, ServiceDependency.depends_on_id == below.id)
        .where(_seen_by(viewer), Service.state.not_in(gone))
        .order_by(Service.code, ServiceDependency.position)
    )
    return rules.find_sla_violations(
        (rules.Promise(code, level), rules.Promise(lower_code, lower_level))
        for code, level, lower_code, lower_level in session.execute(statement)
    )


def list_items(session: Session, viewer: Viewer, service_id: UUID) -> list[Mention]:
    """Return the configuration items a service runs on, as far as the viewer may see them."""
    statement = (
        select_mentions(viewer)
        .join(ServiceItem, ServiceItem.item_id == ConfigurationItem.id)
        .join(Service, Service.id == ServiceItem.service_id)
        .where(Service.id == service_id, _seen_by(viewer))
        .limit(MAX_LIMIT)
    )
    return [Mention(*row) for row in session.execute(statement)]


def list_services_of_item(session: Session, viewer: Viewer, item_id: UUID) -> Sequence[Service]:
    """Return the services that run on a configuration item."""
    statement = (
        sa.select(Service)
        .join(ServiceItem, ServiceItem.service_id == Service.id)
        .join(ConfigurationItem, ConfigurationItem.id == ServiceItem.item_id)
        .where(ServiceItem.item_id == item_id, _seen_by(viewer), seen_by(viewer))
        .options(lazyload(Service.prices))
        .order_by(Service.code)
    )
    return session.scalars(statement).all()


def is_offered_to(session: Session, viewer: Viewer, service_id: UUID, partner_id: UUID) -> bool:
    """Tell whether a partner belongs to those who may order a service today."""
    statement = sa.select(Service.id).where(
        Service.id == service_id, _seen_by(viewer), _offered_to(frozenset({partner_id}))
    )
    return session.scalar(statement) is not None


def price_terms(service: Service) -> tuple[PriceTerms, ...]:
    """Return the prices of a service as plain values for the arithmetic."""
    return tuple(_terms_of(one) for one in service.prices)


def _found(service: Service | None) -> Service:
    if service is None:
        raise NotFoundError("service.not-found", N_("There is no such service."))
    return service


def _terms_of(price: Price) -> PriceTerms:
    components = tuple(
        Component(one.kind, one.period, one.basis, one.amount) for one in price.components
    )
    return PriceTerms(price.id, price.valid_from, price.valid_until, components)


def _seen_by(viewer: Viewer) -> sa.ColumnElement[bool]:
    """Return the condition for released services of one's partners and all of one's own house."""
    released = sa.and_(
        Service.state != ServiceState.DRAFT, _offered_to(viewer.reach("service.read"))
    )
    return sa.or_(released, visible(viewer, "service.write", Service.provider_id))


def _offered_to(reach: Reach) -> sa.ColumnElement[bool]:
    if isinstance(reach, Everywhere):
        return sa.true()
    if not reach:
        return sa.false()
    day: date = today()
    is_open = ~sa.exists().where(ServiceAudience.service_id == Service.id)
    is_member = sa.exists().where(
        ServiceAudience.service_id == Service.id,
        ServiceAudience.group_id == GroupMembership.group_id,
        GroupMembership.organisation_id.in_(sorted(reach)),
        sa.func.coalesce(GroupMembership.valid_from, day) <= day,
        sa.func.coalesce(GroupMembership.valid_until, day) >= day,
    )
    return sa.or_(is_open, is_member)


def _matching(wanted: ServiceFilter) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = [Service.state.in_(wanted.states)]
    if wanted.family:
        conditions.append(
            Service.family_id.in_(
                sa.select(ServiceFamily.id).where(ServiceFamily.slug == wanted.family)
            )
        )
    if wanted.partner_id is not None:
        conditions.append(Service.state == ServiceState.ACTIVE)
        conditions.append(_offered_to(frozenset({wanted.partner_id})))
    if wanted.sla_class is not None:
        conditions.append(Service.sla_class == wanted.sla_class)
    conditions.extend(
        Service.search_text.contains(word, autoescape=True)
        for word in rules.fold(wanted.text).split()[:MAX_WORDS]
    )
    return conditions

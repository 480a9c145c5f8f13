"""What a service owner does: describe a service, release prices, say what it rests on."""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from catalog.offers import queries, rules
from catalog.offers.events import (
    PriceReleased,
    ServiceChanged,
    ServiceCreated,
    ServiceStateChanged,
)
from catalog.offers.models import (
    Price,
    PriceComponent,
    Service,
    ServiceDependency,
    ServiceFamily,
    ServiceItem,
)
from catalog.offers.pricing import Component
from cmdb.items.models import ConfigurationItem
from cmdb.items.visibility import seen_by
from cmdb.kernel.clock import today
from cmdb.kernel.errors import N_, ConflictError, InvalidError
from cmdb.kernel.events import record
from cmdb.kernel.viewer import Viewer, permit
from cmdb.partners.models import Organisation
from schemas.vocabulary import OrganisationRole, ServiceState, SlaClass

MAX_NAME = 120
MAX_DESCRIPTION = 2000
MAX_UNIT = 60
MAX_DEPENDENCIES = 50
PLURALS = frozenset({"de_plural", "en_plural"})
"""How a unit is called where there is more or less than one of it."""

Texts = dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceText:
    """Everything a service owner writes about a service; texts are by language."""

    names: Texts
    descriptions: Texts
    units: Texts
    provider_unit: str = ""
    owner_role: str = ""
    sla_class: SlaClass | None = None
    allocation_key: str = ""
    is_lasting: bool = True
    max_quantity: int = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class PricePart:
    """One part of a price to be released; texts are by language."""

    component: Component
    units: Texts = field(default_factory=dict[str, str])
    notes: Texts = field(default_factory=dict[str, str])


def create_service(
    session: Session, actor: Viewer, code: str, text: ServiceText, *, family: str, provider_id: UUID
) -> Service:
    """Add a service to the catalogue as a draft.

    Raises:
        InvalidError: the family or provider is unknown, or a text is missing.
        ConflictError: the code is taken.
    """
    permit(actor, "service.write", provider_id)
    _check_text(text)
    provider = session.get(Organisation, provider_id)
    if provider is None or not provider.has_role(OrganisationRole.PROVIDER):
        raise InvalidError("service.provider", N_("A service needs a provider."))
    if session.scalar(sa.select(Service.id).where(Service.code == code)) is not None:
        raise ConflictError("service.code-taken", N_("The code {taken} is taken."), taken=code)
    service = Service(code=code, family=_get_family(session, family), provider=provider)
    _write(service, text)
    session.add(service)
    # The event names the service, whose key is made when it is written.
    session.flush()
    record(session, actor, ServiceCreated(subject_id=service.id, partner_id=provider_id, code=code))
    return service


def change_service(
    session: Session, actor: Viewer, service_id: UUID, text: ServiceText, *, family: str
) -> Service:
    """Change what is written about a service; nothing is recorded where nothing changes."""
    service = queries.get_service(session, actor, service_id)
    permit(actor, "service.write", service.provider_id)
    _check_text(text)
    for one in queries.price_terms(service):
        rules.check_components(one.components, is_lasting=text.is_lasting)
    changed = [
        one.name for one in fields(text) if getattr(service, one.name) != getattr(text, one.name)
    ]
    if service.family.slug != family:
        service.family = _get_family(session, family)
        changed.append("family")
    if changed:
        _write(service, text)
        _tell_change(session, actor, service, changed)
    return service


def move_service(session: Session, actor: Viewer, service_id: UUID, state: ServiceState) -> Service:
    """Offer a service, let it run out or retire it.

    Raises:
        WrongStateError: the service cannot move there from its present state.
        InvalidError: it has no price yet.
    """
    service = queries.get_service(session, actor, service_id)
    permit(actor, "service.write", service.provider_id)
    before = service.state
    service.state = rules.decide_state(before, state, is_priced=bool(service.prices))
    service.version += 1
    record(
        session,
        actor,
        ServiceStateChanged(
            subject_id=service.id,
            partner_id=service.provider_id,
            code=service.code,
            before=before.value,
            after=state.value,
        ),
    )
    return service


def release_price(
    session: Session,
    actor: Viewer,
    service_id: UUID,
    parts: Sequence[PricePart],
    *,
    valid_from: date,
    reason: str = "",
) -> Price:
    """Release a price; the price before it ends on the day before.

    Raises:
        InvalidError: the parts contradict one another, or the price would change the past.
        ConflictError: the price would overlap another or leave a gap.
    """
    service = queries.get_service(session, actor, service_id)
    permit(actor, "service.write", service.provider_id)
    rules.check_components([one.component for one in parts], is_lasting=service.is_lasting)
    terms = queries.price_terms(service)
    if rules.must_begin_later(service.state, valid_from, today()):
        raise InvalidError("price.past", N_("A new price begins tomorrow at the earliest."))
    last_day = rules.decide_succession(terms, valid_from)
    if last_day is not None:
        service.prices[-1].valid_until = last_day
    price = Price(valid_from=valid_from, reason=reason, released_by=actor.name)
    price.components = [_component(position, part) for position, part in enumerate(parts)]
    service.prices.append(price)
    service.version += 1
    record(
        session,
        actor,
        PriceReleased(
            subject_id=service.id,
            partner_id=service.provider_id,
            code=service.code,
            valid_from=valid_from.isoformat(),
            reason=reason,
        ),
    )
    return price


def set_dependencies(
    session: Session,
    actor: Viewer,
    service_id: UUID,
    *,
    services: Sequence[Service] = (),
    platforms: Sequence[str] = (),
) -> Service:
    """Say what a service rests on: other services first, then named platforms.

    Raises:
        InvalidError: the service would rest on itself, or the list is too long.
    """
    service = queries.get_service(session, actor, service_id)
    permit(actor, "service.write", service.provider_id)
    if len(services) + len(platforms) > MAX_DEPENDENCIES or service in services:
        raise InvalidError(
            "service.dependencies",
            N_("A service rests on at most {max} others and never on itself."),
            max=MAX_DEPENDENCIES,
        )
    wanted = [(one.id, "") for one in services] + [(None, one) for one in platforms]
    if wanted == [(one.depends_on_id, one.platform) for one in service.dependencies]:
        return service
    service.dependencies.clear()
    # The old rows leave before new ones take their positions.
    session.flush()
    service.dependencies.extend(
        ServiceDependency(position=position, depends_on_id=key, platform=platform)
        for position, (key, platform) in enumerate(wanted)
    )
    _tell_change(session, actor, service, ["dependencies"])
    return service


def link_item(session: Session, actor: Viewer, service_id: UUID, item_id: UUID) -> None:
    """Say that a service runs on a configuration item; a link that exists stays."""
    service = queries.get_service(session, actor, service_id)
    permit(actor, "service.write", service.provider_id)
    item = session.scalar(
        sa.select(ConfigurationItem.id).where(ConfigurationItem.id == item_id, seen_by(actor))
    )
    if item is None:
        raise InvalidError("service.item", N_("There is no such item."))
    if session.get(ServiceItem, (service_id, item_id)) is None:
        session.add(ServiceItem(service_id=service_id, item_id=item_id))


def unlink_item(session: Session, actor: Viewer, service_id: UUID, item_id: UUID) -> None:
    """Say that a service no longer runs on a configuration item."""
    service = queries.get_service(session, actor, service_id)
    permit(actor, "service.write", service.provider_id)
    link = session.get(ServiceItem, (service_id, item_id))
    if link is not None:
        session.delete(link)


def _get_family(session: Session, slug: str) -> ServiceFamily:
    family = session.scalar(sa.select(ServiceFamily).where(ServiceFamily.slug == slug))
    if family is None:
        raise InvalidError(
            "service.family", N_("There is no service family «{family}»."), family=slug
        )
    return family


def _check_text(text: ServiceText) -> None:
    rules.check_texts(text.names, field="names", longest=MAX_NAME)
    rules.check_texts(text.descriptions, field="descriptions", longest=MAX_DESCRIPTION)
    rules.check_texts(text.units, field="units", longest=MAX_UNIT, optional=PLURALS)


def _write(service: Service, text: ServiceText) -> None:
    for one in fields(text):
        setattr(service, one.name, getattr(text, one.name))
    service.search_text = rules.compute_search_text(service.code, text.names, text.descriptions)


def _tell_change(session: Session, actor: Viewer, service: Service, changed: list[str]) -> None:
    service.version += 1
    record(
        session,
        actor,
        ServiceChanged(
            subject_id=service.id,
            partner_id=service.provider_id,
            code=service.code,
            fields=changed,
        ),
    )


def _component(position: int, part: PricePart) -> PriceComponent:
    one = part.component
    return PriceComponent(
        position=position,
        kind=one.kind,
        period=one.period,
        basis=one.basis,
        amount=one.amount,
        units=part.units,
        notes=part.notes,
    )

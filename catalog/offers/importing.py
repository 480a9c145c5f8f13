"""Loads a catalogue file: checked as a whole first, then applied; twice is the same as once."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from marshmallow import ValidationError
from sqlalchemy.orm import Session

from catalog.offers import commands, queries
from catalog.offers.models import Service, ServiceFamily
from catalog.offers.pricing import Component
from cmdb.kernel.errors import N_, ConflictError, InvalidError
from cmdb.kernel.viewer import Viewer, permit
from cmdb.partners.models import Organisation
from schemas.base import first_message
from schemas.offers import CatalogueSchema
from schemas.vocabulary import ServiceState

MAX_CHARACTERS = 5_000_000

Entry = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ImportSummary:
    """How many services a file has added and changed, and how many prices it has released."""

    created: int
    changed: int
    prices: int


def import_catalogue(session: Session, actor: Viewer, text: str) -> ImportSummary:
    """Add or change the families, services and prices of a catalogue file (TOML).

    A price that was released before must be the same in the file; services that the file does not
    name stay as they are.

    Raises:
        InvalidError: the file is not understood or contradicts itself.
        ConflictError: the file changes a price that was released.
    """
    permit(actor, "service.write", None)
    catalogue = _read(text)
    _check(catalogue)
    providers = _find_providers(session, catalogue["providers"])
    _write_families(session, catalogue["families"])
    summary = ImportSummary(0, 0, 0)
    services: dict[str, Service] = {}
    for entry in catalogue["services"]:
        provider_id, unit = providers[entry["provider"]]
        service, done = _write_service(session, actor, entry, provider_id, unit)
        services[entry["code"]] = service
        summary = ImportSummary(
            summary.created + done.created,
            summary.changed + done.changed,
            summary.prices + done.prices,
        )
    for entry in catalogue["services"]:
        commands.set_dependencies(
            session,
            actor,
            services[entry["code"]].id,
            services=[services[code] for code in entry["depends_on"]],
            platforms=entry["platforms"],
        )
    return summary


def _read(text: str) -> Entry:
    if len(text) > MAX_CHARACTERS:
        raise InvalidError("catalogue.too-large", N_("The catalogue file is too large."))
    try:
        catalogue: Any = CatalogueSchema().load(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise InvalidError(
            "catalogue.syntax",
            N_("The catalogue file is not valid TOML: {cause}."),
            cause=str(error),
        ) from error
    except ValidationError as error:
        raise InvalidError(
            "catalogue.invalid",
            N_("The catalogue file is not complete: {cause}"),
            cause=first_message(error),
        ) from error
    return catalogue


def _check(catalogue: Entry) -> None:
    codes = [one["code"] for one in catalogue["services"]]
    families = {one["slug"] for one in catalogue["families"]}
    for entry in catalogue["services"]:
        unknown = {
            *({entry["family"]} - families),
            *({entry["provider"]} - set(catalogue["providers"])),
            *(set(entry["depends_on"]) - set(codes)),
        }
        if unknown:
            raise InvalidError(
                "catalogue.unknown-name",
                N_("The service {service} names what the file does not contain: {names}."),
                service=entry["code"],
                names=", ".join(sorted(unknown)),
            )
    if len(set(codes)) < len(codes):
        twice = sorted({one for one in codes if codes.count(one) > 1})
        raise InvalidError(
            "catalogue.twice",
            N_("These services occur more than once in the file: {names}."),
            names=", ".join(twice),
        )


def _find_providers(session: Session, entries: Entry) -> dict[str, tuple[UUID, str]]:
    slugs = {one["organisation"] for one in entries.values()}
    statement = sa.select(Organisation.slug, Organisation.id).where(Organisation.slug.in_(slugs))
    ids = {row.slug: row.id for row in session.execute(statement)}
    if slugs - set(ids):
        raise InvalidError(
            "catalogue.unknown-provider",
            N_("The file names organisations that do not exist: {names}."),
            names=", ".join(sorted(slugs - set(ids))),
        )
    return {name: (ids[one["organisation"]], one["unit"]) for name, one in entries.items()}


def _write_families(session: Session, entries: list[dict[str, Any]]) -> None:
    known = {one.slug: one for one in session.scalars(sa.select(ServiceFamily))}
    for position, entry in enumerate(entries):
        family = known.get(entry["slug"])
        if family is None:
            session.add(ServiceFamily(position=position, **entry))
        else:
            family.names = entry["names"]
            family.position = position


def _write_service(
    session: Session, actor: Viewer, entry: Entry, provider_id: UUID, unit: str
) -> tuple[Service, ImportSummary]:
    text = commands.ServiceText(
        provider_unit=unit,
        names=entry["names"],
        descriptions=entry["descriptions"],
        units=entry["units"],
        owner_role=entry["owner_role"],
        sla_class=entry["sla_class"],
        allocation_key=entry["allocation_key"],
        is_lasting=entry["is_lasting"],
        max_quantity=entry["max_quantity"],
    )
    service = queries.find_service(session, actor, entry["code"])
    if service is None:
        service = commands.create_service(
            session, actor, entry["code"], text, family=entry["family"], provider_id=provider_id
        )
        released = _release_prices(session, actor, service, entry["prices"])
        commands.move_service(session, actor, service.id, ServiceState.ACTIVE)
        return service, ImportSummary(1, 0, released)
    before = service.version
    commands.change_service(session, actor, service.id, text, family=entry["family"])
    changed = int(service.version > before)
    return service, ImportSummary(
        0, changed, _release_prices(session, actor, service, entry["prices"])
    )


def _release_prices(
    session: Session, actor: Viewer, service: Service, entries: list[dict[str, Any]]
) -> int:
    known = {one.valid_from: one.components for one in queries.price_terms(service)}
    released = 0
    for entry in sorted(entries, key=lambda one: one["valid_from"]):
        parts = [_part_of(one) for one in entry["components"]]
        before = known.get(entry["valid_from"])
        if before is None:
            commands.release_price(
                session,
                actor,
                service.id,
                parts,
                valid_from=entry["valid_from"],
                reason=entry["reason"],
            )
            released += 1
        elif before != tuple(one.component for one in parts):
            raise ConflictError(
                "catalogue.price-changed",
                N_("The price of {service} from {day} is released and cannot be changed."),
                service=service.code,
                day=entry["valid_from"].isoformat(),
            )
    return released


def _part_of(entry: Entry) -> commands.PricePart:
    component = Component(entry["kind"], entry["period"], entry["basis"], entry["amount"])
    return commands.PricePart(
        component=component, units=entry.get("units", {}), notes=entry.get("notes", {})
    )

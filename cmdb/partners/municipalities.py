"""Bringing in a canton's list of municipalities, as the Federal Statistical Office numbers them."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from io import StringIO
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cmdb.kernel.errors import N_, InvalidError
from cmdb.kernel.events import record
from cmdb.kernel.ids import new_key
from cmdb.kernel.viewer import Viewer, permit
from cmdb.partners.commands import WRITE
from cmdb.partners.events import MunicipalitiesImported
from cmdb.partners.models import Organisation, RoleOfOrganisation
from cmdb.partners.rules import slug_of, sort_key
from schemas.vocabulary import OrganisationRole

LEGAL_FORM: Final = "Einwohnergemeinde"
COUNTED_ON: Final = date(2020, 12, 31)
NAMED_LIKE_THEIR_CANTON: Final = {"Luzern": "Stadt Luzern"}
"""The canton is called the same, so the city is named in full."""


@dataclass(frozen=True, slots=True)
class Municipality:
    """One municipality of a list."""

    bfs_number: int
    name: str
    district: str
    population: int
    population_on: date = COUNTED_ON


def parse_municipalities(text: str) -> list[Municipality]:
    """Return the municipalities of a table with the columns of `config/demo/municipalities.csv`.

    Raises:
        InvalidError: a column is missing or a number is none; the line is named.
    """
    found: list[Municipality] = []
    reader = csv.DictReader(StringIO(text))
    for row in reader:
        try:
            found.append(
                Municipality(
                    int(row["bfs_no"]),
                    row["name"],
                    row["wahlkreis"],
                    int(row["population_2020_12_31"]),
                )
            )
        except (KeyError, TypeError, ValueError) as error:
            raise InvalidError(
                "municipalities.invalid",
                N_("Line {line} of the list of municipalities is not in order."),
                line=reader.line_num,
            ) from error
    return found


def import_municipalities(
    session: Session, actor: Viewer, rows: Iterable[Municipality]
) -> list[Organisation]:
    """Add the municipalities that are new, by number, and bring the others up to date.

    Short names never change: addresses of pages rest on them.
    """
    permit(actor, WRITE, None)
    known = {
        one.bfs_number: one
        for one in session.scalars(
            sa.select(Organisation).where(Organisation.bfs_number.is_not(None))
        )
    }
    created = changed = 0
    imported: list[Organisation] = []
    for row in rows:
        organisation = known.get(row.bfs_number)
        if organisation is None:
            organisation = _new(row)
            session.add(organisation)
            created += 1
        elif _write(organisation, row):
            changed += 1
        imported.append(organisation)
    if created or changed:
        told = MunicipalitiesImported(
            subject_id=None, partner_id=None, created=created, changed=changed
        )
        record(session, actor, told)
    return imported


def _new(row: Municipality) -> Organisation:
    name = NAMED_LIKE_THEIR_CANTON.get(row.name, row.name)
    organisation = Organisation(
        id=new_key(),
        slug=slug_of(name.removesuffix(" (LU)")),
        bfs_number=row.bfs_number,
        legal_form=LEGAL_FORM,
    )
    organisation.roles = [RoleOfOrganisation(role=OrganisationRole.PARTNER)]
    _write(organisation, row)
    return organisation


def _write(organisation: Organisation, row: Municipality) -> bool:
    name = NAMED_LIKE_THEIR_CANTON.get(row.name, row.name)
    wanted = {
        "name": name,
        "sort_name": sort_key(name),
        "district": row.district,
        "population": row.population,
        "population_on": row.population_on,
    }
    differing = {key: value for key, value in wanted.items() if getattr(organisation, key) != value}
    for key, value in differing.items():
        setattr(organisation, key, value)
    return bool(differing)

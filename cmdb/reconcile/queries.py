"""Questions about the inbox."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cmdb.intake.models import Subject
from cmdb.items.models import ConfigurationItem
from cmdb.kernel.errors import N_, NotFoundError
from cmdb.kernel.paging import Page, SortKey, keyset, page_of
from cmdb.kernel.viewer import Viewer, visible
from cmdb.partners.models import Organisation
from cmdb.reconcile.models import Finding
from schemas.vocabulary import FindingKind, FindingState, Source

PERMISSION = "finding.read"


@dataclass(frozen=True, slots=True)
class FindingFilter:
    """Which findings to list; what is not named does not matter."""

    states: tuple[FindingState, ...] = (FindingState.OPEN,)
    kind: FindingKind | None = None
    partner_id: UUID | None = None
    item_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class FindingRow:
    """One line of the inbox."""

    id: UUID
    kind: FindingKind
    state: FindingState
    attribute: str
    declared: Any
    discovered: Any
    evidence: dict[str, Any]
    opened_at: datetime
    decided_at: datetime | None
    decided_by: str
    note: str
    ignored_until: date | None
    partner_id: UUID
    partner_name: str
    subject_id: UUID
    subject_key: str
    item_id: UUID | None
    item_name: str | None
    source: Source


def list_findings(
    session: Session,
    viewer: Viewer,
    *,
    wanted: FindingFilter | None = None,
    after: str | None = None,
    limit: int = 50,
) -> Page[FindingRow]:
    """Return a page of findings, the newest first."""
    wanted = wanted or FindingFilter()
    statement = _select(viewer)
    if wanted.states:
        statement = statement.where(Finding.state.in_(wanted.states))
    if wanted.kind is not None:
        statement = statement.where(Finding.kind == wanted.kind)
    if wanted.partner_id is not None:
        statement = statement.where(Finding.partner_id == wanted.partner_id)
    if wanted.item_id is not None:
        statement = statement.where(Finding.item_id == wanted.item_id)
    sort = SortKey(Finding.__table__.c.opened_at, datetime, is_descending=True)
    rows = session.execute(keyset(statement, sort, Finding.id, after=after, limit=limit)).all()
    findings = [FindingRow(*row) for row in rows]
    return page_of(findings, limit, value_of=lambda row: row.opened_at, id_of=lambda row: row.id)


def get_finding(session: Session, viewer: Viewer, finding_id: UUID) -> FindingRow:
    """Return one finding.

    Raises:
        NotFoundError: there is none that the viewer may see.
    """
    row = session.execute(_select(viewer).where(Finding.id == finding_id)).one_or_none()
    if row is None:
        raise no_finding()
    return FindingRow(*row)


def count_open(session: Session, viewer: Viewer, *, partner_id: UUID | None = None) -> int:
    """Return how many findings wait for an answer."""
    statement = sa.select(sa.func.count(Finding.id)).where(
        visible(viewer, PERMISSION, Finding.partner_id), Finding.state == FindingState.OPEN
    )
    if partner_id is not None:
        statement = statement.where(Finding.partner_id == partner_id)
    return session.scalar(statement) or 0


def list_candidates(
    session: Session, viewer: Viewer, finding: FindingRow
) -> list[tuple[UUID, str, str]]:
    """Return the items an ambiguous finding may mean: key, name and class, the best first."""
    keys = [
        UUID(one["item_id"])
        for one in finding.evidence.get("candidates", ())
        if not one["is_excluded"]
    ]
    rows = session.execute(
        sa.select(ConfigurationItem.id, ConfigurationItem.name, ConfigurationItem.class_name).where(
            ConfigurationItem.id.in_(keys),
            visible(viewer, PERMISSION, ConfigurationItem.partner_id),
        )
    )
    found = {row.id: (row.id, row.name, row.class_name) for row in rows}
    return [found[key] for key in keys if key in found]


def no_finding() -> NotFoundError:
    """Return the error for a finding that does not exist, or not for this viewer."""
    return NotFoundError("finding.not-found", N_("There is no such finding."))


def _select(viewer: Viewer) -> sa.Select[Any]:
    statement: Any = (
        sa.select(
            Finding.id,
            Finding.kind,
            Finding.state,
            Finding.attribute,
            Finding.declared,
            Finding.discovered,
            Finding.evidence,
            Finding.opened_at,
            Finding.decided_at,
            Finding.decided_by,
            Finding.note,
            Finding.ignored_until,
            Finding.partner_id,
            Organisation.name,
            Finding.subject_id,
            Subject.key,
            Finding.item_id,
            ConfigurationItem.name,
            Subject.source,
        )
        .join(Organisation, Organisation.id == Finding.partner_id)
        .join(Subject, Subject.id == Finding.subject_id)
        .outerjoin(ConfigurationItem, ConfigurationItem.id == Finding.item_id)
        .where(visible(viewer, PERMISSION, Finding.partner_id))
    )
    return statement

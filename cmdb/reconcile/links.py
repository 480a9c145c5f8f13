"""Cables between items, from what devices say of one another; one relation per cable."""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa

from cmdb.intake.rules import Sighting
from cmdb.intake.subjects import forget_sections
from cmdb.items.models import Relation
from cmdb.items.topology import LinkReport
from cmdb.reconcile.batch import Batch, Case
from cmdb.reconcile.ledger import SECTIONS, Ledger
from cmdb.reconcile.neighbours import report_neighbours
from cmdb.reconcile.placing import find_switches, place_devices
from cmdb.reconcile.segments import report_segments
from cmdb.reconcile.topology import DERIVED
from schemas.vocabulary import Section


def apply_links(batch: Batch, cases: Sequence[Case]) -> dict[UUID, int]:
    """Relate devices to what is behind their ports; returns the unknown neighbours per subject."""
    bound = [case for case in cases if case.item_id is not None]
    telling = {section: _telling(bound, section) for section in Section}
    neighbours = telling[Section.NEIGHBOURS]
    following = _items(telling[Section.SPANNING_TREE])
    told = report_neighbours(batch, neighbours)
    reports = told.reports + report_segments(batch, following)
    switches = _items(neighbours + telling[Section.FORWARDING]) | find_switches(
        batch,
        interfaces=_items(telling[Section.INTERFACES]),
        resolved=_items(telling[Section.ARP]),
    )
    switches |= following | {end for report in reports for end in report.link.ends}
    if not switches:
        return told.unknown
    ledger = Ledger.read(batch, bound, switches)
    ledger.confirm(reports)
    placement = place_devices(batch, switches, ledger.relations.values())
    ledger.confirm(placement.reports)
    ledger.withdraw(placement.blocked)
    for section in (Section.NEIGHBOURS, *SECTIONS.values()):
        ledger.miss(section, telling[section])
    ledger.settle()
    lacking = [case.sighting for case in bound if case.sighting.subject_id in ledger.pending]
    forget_sections(
        batch.session,
        ((one.subject_id, one.hashes, ledger.pending[one.subject_id]) for one in lacking),
    )
    return told.unknown


def touch_links(batch: Batch, sightings: Sequence[Sighting]) -> None:
    """Note that what was told before has been told again in the same words; in one statement."""
    conditions: list[sa.ColumnElement[bool]] = []
    for section in (Section.NEIGHBOURS, *SECTIONS.values()):
        subjects = [
            one.subject_id
            for one in sightings
            if section in one.document.sections and not one.has_changed(section)
        ]
        if subjects:
            conditions.append(_is_by(section) & LinkReport.subject_id.in_(subjects))
    if not conditions:
        return
    again = sa.select(LinkReport.relation_id).where(LinkReport.missed == 0, sa.or_(*conditions))
    batch.session.execute(
        sa.update(Relation)
        .where(Relation.id.in_(again))
        .values(seen_at=batch.at)
        .execution_options(synchronize_session=False)
    )


def _is_by(section: Section) -> sa.ColumnElement[bool]:
    protocols = [name for name, one in SECTIONS.items() if one is section]
    if protocols:
        return LinkReport.protocol.in_(protocols)
    return LinkReport.protocol.not_in(DERIVED)


def _telling(cases: Sequence[Case], section: Section) -> list[Case]:
    """Return the devices of which this section may say something new."""
    return [
        case
        for case in cases
        if case.sighting.section(section) is not None
        and (case.sighting.has_changed(section) or case.is_rebound)
    ]


def _items(cases: Sequence[Case]) -> set[UUID]:
    return {case.item_id for case in cases if case.item_id is not None}

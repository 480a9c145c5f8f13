"""Facts are closed and opened, never rewritten."""

from datetime import UTC, datetime

import sqlalchemy as sa

from cmdb.history.commands import Claim, open_facts, record_facts, record_revision
from cmdb.history.models import CiFact, CiRevision
from schemas.vocabulary import Source
from tests.builders import make_item, make_partner, make_viewer

MONDAY = datetime(2027, 3, 1, 6, tzinfo=UTC)
TUESDAY = datetime(2027, 3, 2, 6, tzinfo=UTC)


def test_an_equal_claim_leaves_the_open_fact_alone(session):
    item = make_item(session, make_partner(session))
    claim = Claim(item.id, "serial", Source.SNMP, "A1")
    record_facts(session, [claim], at=MONDAY)
    record_facts(session, [claim], at=TUESDAY)
    fact = session.scalars(sa.select(CiFact)).one()
    assert (fact.since_at, fact.until_at, fact.value) == (MONDAY, None, "A1")


def test_a_different_claim_closes_the_fact_of_the_same_source_only(session):
    item = make_item(session, make_partner(session))
    record_facts(
        session,
        [
            Claim(item.id, "serial", Source.SNMP, "A1"),
            Claim(item.id, "serial", Source.DECLARED, "A1", actor_name="Anna Muster"),
        ],
        at=MONDAY,
    )
    after = record_facts(session, [Claim(item.id, "serial", Source.SNMP, "B2")], at=TUESDAY)
    assert after == {
        (item.id, "serial", Source.SNMP): "B2",
        (item.id, "serial", Source.DECLARED): "A1",
    }
    assert after == open_facts(session, [item.id])
    closed = session.scalars(sa.select(CiFact).where(CiFact.until_at.is_not(None))).one()
    assert (closed.value, closed.since_at, closed.until_at) == ("A1", MONDAY, TUESDAY)


def test_a_claim_of_nothing_withdraws_what_was_said(session):
    item = make_item(session, make_partner(session))
    record_facts(session, [Claim(item.id, "serial", Source.DECLARED, "A1")], at=MONDAY)
    after = record_facts(session, [Claim(item.id, "serial", Source.DECLARED, None)], at=TUESDAY)
    assert after == {}


def test_a_revision_without_changes_is_not_written(session):
    item = make_item(session, make_partner(session))
    actor = make_viewer()
    record_revision(session, actor, item_id=item.id, changes={}, source=Source.DECLARED, at=MONDAY)
    record_revision(
        session,
        actor,
        item_id=item.id,
        changes={"name": ("old", "new")},
        source=Source.DECLARED,
        at=MONDAY,
        reason="renamed",
    )
    revision = session.scalars(sa.select(CiRevision)).one()
    assert revision.changes == {"name": ["old", "new"]}
    assert (revision.actor_name, revision.reason) == ("Tests", "renamed")

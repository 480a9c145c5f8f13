"""Every value tells who says so, since when and when it was last confirmed."""

from datetime import UTC, datetime

from cmdb.history import queries
from cmdb.history.commands import Claim, record_facts, record_revision
from cmdb.kernel.events import EventRecord
from schemas.vocabulary import Source
from tests.builders import make_item, make_partner, make_plan, make_subject, make_viewer
from tests.counting import statements

MONDAY = datetime(2027, 3, 1, 6, tzinfo=UTC)
TUESDAY = datetime(2027, 3, 2, 6, tzinfo=UTC)
FRIDAY = datetime(2027, 3, 5, 6, tzinfo=UTC)


def tell(session, item, subject=None):
    key = subject.id if subject else None
    record_facts(
        session,
        [
            Claim(item.id, "vendor", Source.SNMP, "Aruba", subject_id=key),
            Claim(item.id, "vendor", Source.DECLARED, "HPE", actor_name="Anna Muster"),
            Claim(item.id, "model", Source.SNMP, "2930F", subject_id=key),
        ],
        at=MONDAY,
    )


def test_facts_name_source_age_and_dispute(session):
    partner = make_partner(session)
    item = make_item(session, partner)
    tell(session, item, make_subject(session, make_plan(session, partner), at=FRIDAY))
    viewer = make_viewer("item.read")
    with statements(session) as seen:
        facts = queries.list_facts(session, viewer, item.id)
    assert len(seen) == 1
    vendor = facts["vendor"]
    assert vendor.is_disputed
    assert not facts["model"].is_disputed
    assert (vendor.believed.value, vendor.believed.actor_name) == ("HPE", "Anna Muster")
    assert [(one.source, one.confirmed_at) for one in vendor.facts] == [
        (Source.DECLARED, MONDAY),
        (Source.SNMP, FRIDAY),
    ]


def test_what_was_once_said_can_be_read(session):
    item = make_item(session, make_partner(session))
    record_facts(session, [Claim(item.id, "serial", Source.SNMP, "A1")], at=MONDAY)
    record_facts(session, [Claim(item.id, "serial", Source.SNMP, "B2")], at=TUESDAY)
    viewer = make_viewer("item.read")
    (old,) = queries.list_past_facts(session, viewer, item.id, "serial")
    assert (old.value, old.since_at, old.until_at) == ("A1", MONDAY, TUESDAY)
    assert queries.list_facts(session, viewer, item.id)["serial"].believed.value == "B2"


def test_revisions_come_page_by_page_the_latest_first(session):
    item = make_item(session, make_partner(session))
    viewer = make_viewer("item.read")
    for number in range(5):
        record_revision(
            session,
            viewer,
            item_id=item.id,
            changes={"vendor": [number, number + 1]},
            source=Source.DECLARED,
            at=MONDAY if number < 3 else TUESDAY,
        )
    after, found = None, []
    for _ in range(3):
        page = queries.list_revisions(session, viewer, item.id, after=after, limit=2)
        found += [one.changes["vendor"][1] for one in page.rows]
        after = page.next_cursor
    assert after is None
    assert (set(found[:2]), set(found[2:])) == ({4, 5}, {1, 2, 3})
    assert len(found) == 5


def test_events_are_seen_by_those_whose_partner_they_concern(session):
    mine, theirs = make_partner(session), make_partner(session)
    for number, partner_id in enumerate((mine.id, theirs.id, None)):
        session.add(
            EventRecord(
                kind=f"kind_{number}", subject_id=mine.id, partner_id=partner_id, actor_name="Tests"
            )
        )
    session.flush()
    clerk = make_viewer("event.read", partners={mine.id})
    assert [one.kind for one in queries.list_events(session, clerk).rows] == ["kind_0"]
    auditor = make_viewer("event.read")
    page = queries.list_events(session, auditor, subject_id=mine.id, limit=2)
    rest = queries.list_events(session, auditor, subject_id=mine.id, after=page.next_cursor)
    kinds = [one.kind for one in [*page.rows, *rest.rows]]
    assert sorted(kinds) == ["kind_0", "kind_1", "kind_2"]
    assert queries.list_events(session, make_viewer("item.read")).rows == []


def test_a_foreign_viewer_and_who_is_merely_served_learn_nothing(session):
    owner, user = make_partner(session), make_partner(session)
    item = make_item(session, owner, user_partner_id=user.id)
    tell(session, item)
    record_facts(session, [Claim(item.id, "model", Source.SNMP, "X")], at=TUESDAY)
    record_revision(
        session,
        make_viewer(),
        item_id=item.id,
        changes={"model": ["2930F", "X"]},
        source=Source.SNMP,
        at=TUESDAY,
    )
    for partner in (user, make_partner(session)):
        stranger = make_viewer("item.read", partners={partner.id})
        assert queries.list_facts(session, stranger, item.id) == {}
        assert queries.list_past_facts(session, stranger, item.id, "model") == []
        assert queries.list_revisions(session, stranger, item.id).rows == []

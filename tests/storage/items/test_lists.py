"""Lists show what a viewer may see, in any order, page by page, in a fixed number of statements."""

from datetime import UTC, datetime, timedelta

import pytest

from cmdb.items import queries
from cmdb.items.filters import ItemFilter
from cmdb.items.models import Interface, IpAddress
from cmdb.kernel.errors import InvalidError
from cmdb.reconcile.models import Finding
from schemas.vocabulary import FindingKind, Lifecycle
from tests.builders import make_item, make_plan, make_site, make_subject
from tests.counting import statements

MONDAY = datetime(2027, 3, 1, 6, tzinfo=UTC)


def names(page):
    return [row.name for row in page.rows]


@pytest.fixture
def estate(session, partner, other):
    hall = make_site(session, partner, "Gemeindehaus")
    return [
        make_item(
            session,
            partner,
            name="sw-core",
            site_id=hall.id,
            vendor="Cisco",
            model="C9300",
            serial="FOC1",
            os_version="17.9.4",
            address="10.20.0.2",
            seen_at=MONDAY,
        ),
        make_item(session, partner, name="sw-access", vendor="HPE", address="10.20.0.10"),
        make_item(
            session,
            partner,
            name="srv-1",
            class_name="server.virtual",
            address="10.21.0.1",
            lifecycle=Lifecycle.RETIRED,
            seen_at=None,
        ),
        make_item(session, other, name="sw-foreign", vendor="Cisco", address="10.20.0.3"),
    ]


def test_a_partner_sees_its_own(session, anna, estate):
    assert names(queries.list_items(session, anna)) == ["srv-1", "sw-access", "sw-core"]
    assert queries.count_items(session, anna) == queries.Count(3, is_exact=True)


def test_who_uses_or_operates_an_item_sees_it_too(session, anna, partner, other, everyone):
    make_item(session, other, name="fw-shared", user_partner_id=partner.id)
    make_item(session, other, name="fw-run", operator_id=partner.id)
    make_item(session, other, name="fw-other")
    assert names(queries.list_items(session, anna)) == ["fw-run", "fw-shared"]
    assert len(names(queries.list_items(session, everyone))) == 3


@pytest.mark.parametrize("sort", [*queries.SORTS, *(f"-{one}" for one in queries.SORTS)])
def test_pages_of_any_order_join_without_gap_or_repetition(session, everyone, estate, sort):
    after, seen = None, []
    while True:
        page = queries.list_items(session, everyone, sort=sort, after=after, limit=1)
        seen += [row.id for row in page.rows]
        after = page.next_cursor
        if after is None:
            break
    whole = [row.id for row in queries.list_items(session, everyone, sort=sort).rows]
    assert seen == whole
    assert set(whole) == {item.id for item in estate}


def test_addresses_sort_by_number(session, everyone, estate):
    page = queries.list_items(session, everyone, sort="address")
    assert [row.address for row in page.rows] == [
        "10.20.0.2",
        "10.20.0.3",
        "10.20.0.10",
        "10.21.0.1",
    ]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (ItemFilter(classes=("network",)), ["sw-access", "sw-core", "sw-foreign"]),
        (ItemFilter(classes=("server.virtual",)), ["srv-1"]),
        (ItemFilter(classes=("net",)), []),
        (ItemFilter(lifecycles=(Lifecycle.RETIRED,)), ["srv-1"]),
        (ItemFilter(vendors=("Cisco", "HPE")), ["sw-access", "sw-core", "sw-foreign"]),
        (ItemFilter(models=("C9300",)), ["sw-core"]),
        (ItemFilter(os_version="7.9"), ["sw-core"]),
        (ItemFilter(os_version="%"), []),
        (ItemFilter(network="10.20.0.0/16"), ["sw-access", "sw-core", "sw-foreign"]),
        (ItemFilter(network="10.20.0.0/29"), ["sw-core", "sw-foreign"]),
        (ItemFilter(network="10.21.0.1"), ["srv-1"]),
        (ItemFilter(network="fd00::/8"), []),
        (ItemFilter(seen_since=MONDAY + timedelta(days=1)), []),
        (ItemFilter(text="sw-"), ["sw-access", "sw-core", "sw-foreign"]),
        (ItemFilter(text="foc1 CISCO"), ["sw-core"]),
        (ItemFilter(text="20.0.1"), ["sw-access"]),
        (ItemFilter(text="w-"), ["sw-access", "sw-core", "sw-foreign"]),
        (ItemFilter(text="%"), []),
        (ItemFilter(text='" OR "'), []),
        (ItemFilter(text="sw*"), []),
    ],
)
def test_a_filter_keeps_what_it_says(session, everyone, estate, wanted, found):
    for item in estate:
        item.seen_at = MONDAY
    session.flush()
    assert names(queries.list_items(session, everyone, wanted)) == found
    assert queries.count_items(session, everyone, wanted).value == len(found)
    assert [row.name for row in queries.export_items(session, everyone, wanted)] == found


def test_partner_and_site_are_filters(session, everyone, estate, other):
    only = ItemFilter(partners=(other.id,))
    assert names(queries.list_items(session, everyone, only)) == ["sw-foreign"]
    here = ItemFilter(sites=(estate[0].site_id,))
    (row,) = queries.list_items(session, everyone, here).rows
    assert (row.name, row.site_name, row.partner_name) == ("sw-core", "Gemeindehaus", "Ebikon")


@pytest.mark.parametrize("text", ["00:1B:21:AA:BB:01", "001b.21aa.bb01", "00-1b-21-aa-bb-01"])
def test_a_complete_mac_address_is_found_however_it_is_written(session, anna, estate, text):
    session.add(Interface(item_id=estate[1].id, index=1, name="1", mac="00:1b:21:aa:bb:01"))
    session.flush()
    assert names(queries.list_items(session, anna, ItemFilter(text=text))) == ["sw-access"]


@pytest.mark.parametrize("text", ["192.0.2.7", "2001:DB8::7"])
def test_an_address_of_an_interface_is_found(session, anna, estate, text):
    for address in ("192.0.2.7", "2001:db8::7"):
        session.add(IpAddress(item_id=estate[1].id, address=address))
    session.flush()
    assert names(queries.list_items(session, anna, ItemFilter(text=text))) == ["sw-access"]


def test_the_search_follows_every_change(session, anna, estate):
    estate[0].name = "umbenannt"
    session.flush()
    assert names(queries.list_items(session, anna, ItemFilter(text="benannt"))) == ["umbenannt"]
    assert names(queries.list_items(session, anna, ItemFilter(text="sw-core"))) == []
    session.delete(estate[0])
    session.flush()
    assert names(queries.list_items(session, anna, ItemFilter(text="benannt"))) == []


def test_open_findings_mark_an_item(session, everyone, partner, estate):
    plan = make_plan(session, partner)
    subject = make_subject(session, plan, item_id=estate[0].id)
    finding = Finding(
        partner_id=partner.id,
        subject_id=subject.id,
        item_id=estate[0].id,
        kind=FindingKind.MISSING,
        fingerprint="f",
    )
    session.add(finding)
    session.flush()
    wanted = ItemFilter(has_finding=True)
    (row,) = queries.list_items(session, everyone, wanted).rows
    assert (row.name, row.has_finding) == ("sw-core", True)
    rest = queries.list_items(session, everyone, ItemFilter(has_finding=False))
    assert len(rest.rows) == 3
    assert queries.count_findings_by_partner(session, everyone) == {partner.id: 1}


@pytest.mark.parametrize("wanted", [ItemFilter(network="10.20.0.0/40"), ItemFilter(network="lab")])
def test_a_network_that_is_none_is_named(session, anna, partner, wanted):
    with pytest.raises(InvalidError, match="neither an address nor a range"):
        queries.list_items(session, anna, wanted)


def test_an_unknown_order_and_a_forged_cursor_are_refused(session, anna, partner):
    with pytest.raises(InvalidError, match="sorted by"):
        queries.list_items(session, anna, sort="password")
    with pytest.raises(InvalidError, match="page address"):
        queries.list_items(session, anna, after="bm9uZQ")


def test_a_list_is_one_statement_whatever_its_length(session, everyone, estate):
    with statements(session) as seen:
        queries.list_items(session, everyone, ItemFilter(text="sw-", classes=("network",)))
    assert len(seen) == 1


def test_counts_by_partner_are_one_statement(session, everyone, partner, other, estate):
    with statements(session) as seen:
        counts = queries.count_items_by_partner(session, everyone)
    assert counts == {partner.id: 2, other.id: 1}
    assert len(seen) == 1


def test_an_export_reads_on_beyond_one_chunk(session, everyone, estate, monkeypatch):
    monkeypatch.setattr(queries, "EXPORT_CHUNK", 2)
    exported = [row.name for row in queries.export_items(session, everyone)]
    assert exported == ["srv-1", "sw-access", "sw-core", "sw-foreign"]

"""A partner that is merely served by a device sees name, class, state and what hangs on it.

Nothing of its inside is shown, and nothing is found, counted or sorted by it.
"""

import pytest

from cmdb.items import detail, queries
from cmdb.items.facets import facet_counts
from cmdb.items.filters import ItemFilter
from cmdb.items.models import Interface, IpAddress, Relation
from cmdb.items.search import search_everywhere
from cmdb.items.statistics import count_items_by_site, list_classes_in_use
from cmdb.items.visibility import INSIDE
from cmdb.reconcile.models import Finding
from schemas.vocabulary import FindingKind, RelationType, Source
from tests.builders import make_item, make_plan, make_site, make_subject

MAC = "00:1b:21:aa:bb:01"


@pytest.fixture
def site(session, other):
    return make_site(session, other, "Rechenzentrum")


@pytest.fixture
def shared(session, partner, other, site):
    """A firewall of the other partner that serves ours."""
    item = make_item(
        session,
        other,
        name="fw-shared",
        user_partner_id=partner.id,
        site_id=site.id,
        vendor="Fortinet",
        model="FG-100F",
        serial="FGT100F",
        os_version="7.4.1",
        address="10.20.0.9",
        attributes={"rack": "R7"},
    )
    session.add(Interface(item_id=item.id, index=1, name="port1", mac=MAC))
    session.add(IpAddress(item_id=item.id, address="192.0.2.7"))
    session.flush()
    return item


def names(session, viewer, wanted):
    rows = queries.list_items(session, viewer, wanted).rows
    assert queries.count_items(session, viewer, wanted).value == len(rows)
    return [row.name for row in rows]


def test_a_list_shows_that_it_is_there_and_how_it_stands(session, anna, shared, other):
    for row in (
        *queries.list_items(session, anna).rows,
        *queries.export_items(session, anna),
    ):
        assert (row.name, row.class_name, row.partner_name) == (
            "fw-shared",
            "network.switch",
            "Büron",
        )
        assert row.seen_at == shared.seen_at
        assert {getattr(row, name, "") or "" for name in INSIDE} == {""}
        assert (row.site_name, row.has_finding) == ("", False)


def test_its_page_shows_no_more(session, anna, shared):
    found = detail.get_item(session, anna, shared.id)
    assert not found.may_inspect
    assert {name: getattr(found.item, name) for name in INSIDE} == INSIDE
    assert found.site_name == ""


def test_who_owns_or_runs_it_sees_everything(session, anna, everyone, partner, shared):
    shared.operator_id = partner.id
    session.flush()
    for viewer in (anna, everyone):
        found = detail.get_item(session, viewer, shared.id)
        assert (found.item.serial, found.item.attributes) == ("FGT100F", {"rack": "R7"})
        (row,) = queries.list_items(session, viewer, ItemFilter(text="fgt100f")).rows
        assert (row.address, row.site_name) == ("10.20.0.9", "Rechenzentrum")


@pytest.mark.parametrize(
    "wanted",
    [
        *(
            ItemFilter(text=text)
            for text in (
                "fgt100",
                "10.20.0.9",
                "fortinet",
                "100f",
                "7.4.1",
                "20.0",
                "9",
                "192.0.2.7",
            )
        ),
        ItemFilter(text=MAC),
        ItemFilter(text="fw-shared fgt100f"),
        ItemFilter(vendors=("Fortinet",)),
        ItemFilter(models=("FG-100F",)),
        ItemFilter(os_version="7.4"),
        ItemFilter(network="10.20.0.0/16"),
        ItemFilter(network="0.0.0.0/0"),
    ],
)
def test_it_is_not_found_by_its_inside(session, anna, everyone, shared, wanted):
    assert names(session, everyone, wanted) == ["fw-shared"]
    assert names(session, anna, wanted) == []
    assert not any(facet.values for facet in facet_counts(session, anna, wanted).values())
    assert search_everywhere(session, anna, wanted.text).items == ()


def test_it_is_found_by_its_name_class_partner_and_state(session, anna, shared, other):
    for wanted in (
        ItemFilter(text="SHARED"),
        ItemFilter(text="w-s"),
        ItemFilter(classes=("network",)),
        ItemFilter(partners=(other.id,)),
        ItemFilter(seen_since=shared.seen_at),
        ItemFilter(has_finding=False),
    ):
        assert names(session, anna, wanted) == ["fw-shared"]
    (hit,) = search_everywhere(session, anna, "fw-").items
    assert (hit.name, hit.detail) == ("fw-shared", "Büron")


def test_it_is_not_counted_by_its_inside(session, anna, shared, site):
    facets = facet_counts(session, anna)
    assert [one.label_de for one in facets["classes"].values] == ["Switch"]
    assert facets["vendors"].values == facets["sites"].values == ()
    assert count_items_by_site(session, anna, [site.id]) == {}
    assert list_classes_in_use(session, anna, site_id=site.id) == []
    assert names(session, anna, ItemFilter(sites=(site.id,))) == []


@pytest.mark.parametrize("sort", ["vendor", "model", "address", "site"])
def test_it_is_not_sorted_by_its_inside(session, anna, partner, shared, sort):
    """Its place among one's own devices, or the cursor, would tell the value."""
    mine = {"vendor": "A", "model": "A", "address": "10.0.0.1", "site_id": None}
    if sort == "site":
        mine["site_id"] = make_site(session, partner, "Archiv").id
    make_item(session, partner, name="own", **mine)
    first = queries.list_items(session, anna, sort=sort, limit=1)
    rest = queries.list_items(session, anna, sort=sort, after=first.next_cursor)
    assert [row.name for row in (*first.rows, *rest.rows)] == ["fw-shared", "own"]
    turned = queries.list_items(session, anna, sort=f"-{sort}")
    assert [row.name for row in turned.rows] == ["own", "fw-shared"]


def test_of_its_relations_those_to_ones_own_devices_are_shown(
    session, anna, partner, other, shared
):
    own, foreign = make_item(session, partner, name="own"), make_item(session, other)
    also = make_item(session, other, user_partner_id=partner.id)
    for end in (own, foreign, also):
        session.add(
            Relation(
                source_item_id=shared.id,
                target_item_id=end.id,
                type=RelationType.CONNECTED_TO,
                source=Source.SNMP,
            )
        )
    session.flush()
    (row,) = detail.list_relations(session, anna, shared.id)
    assert row.other_name == "own"
    assert detail.count_parts(session, anna, shared.id) == detail.PartCounts(0, 0, 0, 1)


def test_a_question_of_somebody_else_about_it_is_not_told(session, anna, everyone, other, shared):
    subject = make_subject(session, make_plan(session, other), item_id=shared.id)
    session.add(
        Finding(
            partner_id=other.id,
            subject_id=subject.id,
            item_id=shared.id,
            kind=FindingKind.CONTRADICTION,
            fingerprint="x",
        )
    )
    session.flush()
    asked = ItemFilter(has_finding=True)
    assert names(session, everyone, asked) == ["fw-shared"]
    assert names(session, anna, asked) == []

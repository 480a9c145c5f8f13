"""The page of an item: its inside, and its relations without a look into foreign inventories."""

import pytest
import sqlalchemy as sa

from cmdb.items import detail, inventory
from cmdb.items.models import Component, Interface, IpAddress, Relation
from cmdb.items.relations import NewRelation, add_relation, remove_relation
from cmdb.items.search import search_everywhere
from cmdb.items.told import AttachedDevice, Gauge, Neighbour, Software, Supply, Vlan
from cmdb.kernel.errors import (
    ConflictError,
    ForbiddenError,
    InvalidError,
    NotFoundError,
    WrongStateError,
)
from schemas.vocabulary import RelationType, Source
from tests.builders import make_item, make_partner, make_site, make_viewer
from tests.counting import statements

INSIDES = (
    detail.list_interfaces,
    detail.list_addresses,
    detail.list_components,
    detail.list_identifiers,
    inventory.list_vlans,
    inventory.list_neighbours,
    inventory.list_attached,
    inventory.list_supplies,
    inventory.list_gauges,
    inventory.list_software,
)


def fill(session, item):
    for index in (10, 2, 1):
        session.add(Interface(item_id=item.id, index=index, name=f"Gi{index}"))
    session.add(IpAddress(item_id=item.id, address="10.0.0.10"))
    session.add(IpAddress(item_id=item.id, address="10.0.0.9"))
    session.add(Component(item_id=item.id, origin="components", index="1", kind="chassis"))
    session.add(Vlan(item_id=item.id, number=1))
    session.add(Neighbour(item_id=item.id, place="1", protocol="lldp"))
    session.add(AttachedDevice(item_id=item.id, index="1", kind="accessPoint"))
    session.add(Supply(item_id=item.id, index="1", kind="toner"))
    session.add(Gauge(item_id=item.id, origin="power", name="load_percent", value="20"))
    session.add(Software(item_id=item.id, name="bash"))
    session.flush()


def test_an_item_names_everything_it_refers_to(session, anna, partner, other):
    site = make_site(session, partner, "Werkhof")
    item = make_item(session, partner, site_id=site.id, operator_id=other.id)
    with statements(session) as seen:
        found = detail.get_item(session, anna, item.id)
    assert (found.item.id, found.item.name) == (item.id, item.name)
    assert (found.partner.name, found.operator.name, found.user_partner) == (
        "Ebikon",
        "Büron",
        None,
    )
    assert (found.site_name, found.ci_class.label_de) == ("Werkhof", "Switch")
    assert "rack" in found.definitions
    assert found.may_inspect
    assert len(seen) <= 2


def test_the_inside_of_an_item_is_listed_in_order(session, anna, partner):
    item = make_item(session, partner)
    fill(session, item)
    page = detail.list_interfaces(session, anna, item.id, limit=2)
    rest = detail.list_interfaces(session, anna, item.id, after=page.next_cursor)
    assert [one.index for one in [*page.rows, *rest.rows]] == [1, 2, 10]
    addresses = detail.list_addresses(session, anna, item.id)
    assert [one.address for one in addresses] == ["10.0.0.9", "10.0.0.10"]
    assert len(detail.list_components(session, anna, item.id)) == 1


def test_who_is_merely_served_sees_the_head_but_not_the_inside(session, anna, partner, other):
    item = make_item(session, other, user_partner_id=partner.id)
    fill(session, item)
    assert not detail.get_item(session, anna, item.id).may_inspect
    for ask in INSIDES:
        found = ask(session, anna, item.id)
        assert not getattr(found, "rows", found)


def test_a_foreign_item_has_no_page(session, anna, other):
    item = make_item(session, other)
    fill(session, item)
    with pytest.raises(NotFoundError):
        detail.get_item(session, anna, item.id)
    for ask in (*INSIDES, detail.list_relations):
        found = ask(session, anna, item.id)
        assert not getattr(found, "rows", found)


def test_relations_are_read_from_both_ends(session, anna, partner):
    server, switch = make_item(session, partner, name="srv"), make_item(session, partner, name="sw")
    new = NewRelation(server.id, switch.id, RelationType.DEPENDS_ON)
    relation = add_relation(session, anna, new)
    session.flush()
    (out,) = detail.list_relations(session, anna, server.id)
    (into,) = detail.list_relations(session, anna, switch.id)
    assert (out.is_outgoing, out.other_name, out.source) == (True, "sw", Source.DECLARED)
    assert (into.is_outgoing, into.other_name) == (False, "srv")
    remove_relation(session, anna, relation.id)
    session.flush()
    assert detail.list_relations(session, anna, server.id) == []


def test_a_foreign_neighbour_stays_unnamed(session, anna, everyone, partner, other):
    mine, theirs = make_item(session, partner), make_item(session, other, name="fw-secret")
    new = NewRelation(theirs.id, mine.id, RelationType.CONNECTED_TO, detail="port 7")
    add_relation(session, everyone, new)
    session.flush()
    (row,) = detail.list_relations(session, anna, mine.id)
    assert (row.other_id, row.other_name, row.other_class, row.detail) == (None, "", "", "")
    assert row.type == RelationType.CONNECTED_TO


def test_a_relation_is_declared_once_between_two_items_that_one_sees(
    session, anna, everyone, partner, other
):
    one, two = make_item(session, partner), make_item(session, partner)
    foreign = make_item(session, other)
    add_relation(session, anna, NewRelation(one.id, two.id, RelationType.USES))
    session.flush()
    with pytest.raises(ConflictError):
        add_relation(session, anna, NewRelation(one.id, two.id, RelationType.USES))
    with pytest.raises(InvalidError):
        add_relation(session, anna, NewRelation(one.id, one.id, RelationType.USES))
    with pytest.raises(NotFoundError):
        add_relation(session, anna, NewRelation(one.id, foreign.id, RelationType.USES))
    reader = make_viewer("item.read")
    with pytest.raises(ForbiddenError):
        add_relation(session, reader, NewRelation(one.id, foreign.id, RelationType.USES))


def test_a_discovered_or_foreign_relation_cannot_be_withdrawn(session, anna, partner, other):
    mine, more = make_item(session, partner), make_item(session, partner)
    foreign = [make_item(session, other) for _ in range(2)]
    ends = {"type": RelationType.CONNECTED_TO, "source": Source.SNMP}
    seen = Relation(source_item_id=mine.id, target_item_id=more.id, **ends)
    hidden = Relation(source_item_id=foreign[0].id, target_item_id=foreign[1].id, **ends)
    session.add_all([seen, hidden])
    session.flush()
    with pytest.raises(WrongStateError):
        remove_relation(session, anna, seen.id)
    with pytest.raises(NotFoundError):
        remove_relation(session, anna, hidden.id)
    assert session.scalar(sa.select(sa.func.count(Relation.id))) == 2


def test_the_search_box_finds_items_partners_and_sites(session, everyone, partner, other):
    make_item(session, other, name="bueron-sw-1", model="C9300")
    make_site(session, other, "Schulhaus Büron")
    found = search_everywhere(session, everyone, "BÜRON")
    assert [one.slug for one in found.partners] == [other.slug]
    assert [one.name for one in found.sites] == ["Schulhaus Büron"]
    (hit,) = search_everywhere(session, everyone, "bueron-sw").items
    assert (hit.name, hit.detail) == ("bueron-sw-1", "C9300 · Büron")
    assert search_everywhere(session, everyone, "  ").items == ()


def test_the_search_box_shows_eight_of_a_kind_and_nothing_foreign(session, anna, partner):
    for number in range(9):
        make_item(session, partner, name=f"sw-{number}")
        foreign = make_partner(session, f"Ebikon {number}")
        make_item(session, foreign, name=f"sw-foreign-{number}")
        make_site(session, foreign, f"Ebikon {number}")
    found = search_everywhere(session, anna, "sw-")
    assert len(found.items) == 8
    assert not any("foreign" in one.name for one in found.items)
    named = search_everywhere(session, anna, "ebikon")
    assert [one.name for one in named.partners] == ["Ebikon"]
    assert named.sites == ()


def test_a_link_tells_the_ports_of_both_ends_from_either(session, anna, partner):
    server, switch = make_item(session, partner, name="srv"), make_item(session, partner, name="sw")
    session.add(
        Relation(
            source_item_id=server.id,
            target_item_id=switch.id,
            type=RelationType.CONNECTED_TO,
            source=Source.SNMP,
            detail="eth0 ↔ Gi1/0/7",
            protocol="fdb",
            target_interface_index=10107,
        )
    )
    session.flush()
    (out,) = detail.list_relations(session, anna, server.id)
    (into,) = detail.list_relations(session, anna, switch.id)
    assert (out.port, out.other_port, out.interface_index) == ("eth0", "Gi1/0/7", None)
    assert (into.port, into.other_port, into.interface_index) == ("Gi1/0/7", "eth0", 10107)

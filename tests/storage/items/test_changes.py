"""Declaring and changing items leaves facts, a revision and an event, and nothing half-written."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
import sqlalchemy as sa

from cmdb.history.commands import Claim, record_facts
from cmdb.history.models import CiFact, CiRevision
from cmdb.items import commands
from cmdb.items.changes import ItemPatch
from cmdb.items.classes import add_attribute, create_class
from cmdb.items.commands import NewItem
from cmdb.items.models import ConfigurationItem, Identifier
from cmdb.items.rules import AttributeDefinition, AttributeType
from cmdb.kernel.errors import (
    ConflictError,
    ForbiddenError,
    InvalidError,
    NotFoundError,
    StaleError,
    WrongStateError,
)
from cmdb.kernel.events import EventRecord
from cmdb.kernel.viewer import job
from cmdb.reconcile import declarations
from schemas.vocabulary import IdentifierScheme, Lifecycle, Source
from tests.builders import make_item, make_site, make_viewer
from tests.counting import statements

MONDAY = datetime(2027, 3, 1, 6, tzinfo=UTC)
CLERK = job("Tests", "admin.classes")


def facts(session, item_id, **only):
    statement = sa.select(CiFact).filter_by(item_id=item_id, until_at=None, **only)
    return {(one.attribute, one.source): one.value for one in session.scalars(statement)}


def kinds(session):
    return session.scalars(sa.select(EventRecord.kind).order_by(EventRecord.id)).all()


def test_a_declared_item_has_facts_a_revision_an_event_and_identifiers(session, anna, partner):
    site = make_site(session, partner)
    new = NewItem(
        "network.switch",
        "sw-1",
        partner.id,
        values={"serial": "foc 1234", "site_id": str(site.id), "power_budget": "370"},
    )
    item_id = commands.create_item(session, anna, new, reason="bought")
    item = session.get(ConfigurationItem, item_id)
    assert (item.name, item.serial, item.site_id) == ("sw-1", "foc 1234", site.id)
    assert item.attributes == {"power_budget": 370}
    assert facts(session, item_id)["power_budget", Source.DECLARED] == 370
    (revision,) = session.scalars(sa.select(CiRevision))
    assert (revision.actor_name, revision.reason) == ("Anna Muster", "bought")
    assert revision.changes["serial"] == [None, "foc 1234"]
    assert kinds(session) == ["item_created"]
    found = session.execute(sa.select(Identifier.scheme, Identifier.value)).all()
    assert set(found) == {
        (IdentifierScheme.SERIAL, "FOC 1234"),
        (IdentifierScheme.SYS_NAME, "sw-1"),
    }


@pytest.mark.parametrize(
    ("values", "complaint"),
    [
        ({"power_budget": "much"}, "power_budget"),
        ({"colour": "red"}, "colour"),
        ({"site_id": str(uuid4())}, "site_id"),
        ({"operator_id": str(uuid4())}, "operator_id"),
        ({"address": "10.0.0"}, "address"),
        ({"vendor": "x" * 121}, "vendor"),
    ],
)
def test_a_wrong_value_leaves_nothing_behind(session, anna, partner, values, complaint):
    new = NewItem("network.switch", "sw-1", partner.id, values=values)
    with pytest.raises(InvalidError) as caught:
        commands.create_item(session, anna, new)
    assert list(caught.value.errors) == [complaint]
    assert session.scalars(sa.select(ConfigurationItem)).all() == []


def test_a_foreign_site_cannot_be_named(session, anna, partner, other):
    item = make_item(session, partner)
    site = make_site(session, other)
    with pytest.raises(InvalidError):
        declarations.update_item(
            session, anna, item.id, {"site_id": str(site.id)}, expected_version=1
        )


def test_a_change_is_remembered_with_before_and_after(session, anna, partner):
    item = make_item(session, partner, vendor="Cisko")
    version = declarations.update_item(
        session,
        anna,
        item.id,
        {"vendor": "Cisco", "rack": "A1", "name": item.name},
        expected_version=1,
        reason="typing error",
    )
    assert version == 2
    assert (item.vendor, item.attributes, item.version) == ("Cisco", {"rack": "A1"}, 2)
    (revision,) = session.scalars(sa.select(CiRevision))
    assert revision.changes == {"vendor": ["Cisko", "Cisco"], "rack": [None, "A1"]}
    assert facts(session, item.id) == {
        ("vendor", Source.DECLARED): "Cisco",
        ("rack", Source.DECLARED): "A1",
    }


def test_saving_what_is_there_already_leaves_no_trace(session, anna, partner):
    item = make_item(session, partner, vendor="Cisco")
    same = {"vendor": "Cisco", "name": item.name, "model": "", "lifecycle": "in_operation"}
    assert declarations.update_item(session, anna, item.id, same, expected_version=1) == 1
    assert session.scalars(sa.select(CiRevision)).all() == []
    assert kinds(session) == []


def test_somebody_elses_change_in_between_is_not_overwritten(session, anna, partner):
    item = make_item(session, partner, version=3)
    with pytest.raises(StaleError, match=item.name):
        declarations.update_item(session, anna, item.id, {"vendor": "X"}, expected_version=2)


def test_a_withdrawn_declaration_gives_way_to_discovery(session, anna, partner):
    item = make_item(session, partner, vendor="HPE")
    record_facts(session, [Claim(item.id, "vendor", Source.SNMP, "Aruba")], at=MONDAY)
    record_facts(session, [Claim(item.id, "vendor", Source.DECLARED, "HPE")], at=MONDAY)
    declarations.update_item(session, anna, item.id, {"vendor": None}, expected_version=None)
    assert item.vendor == "Aruba"
    assert facts(session, item.id) == {("vendor", Source.SNMP): "Aruba"}


def test_what_discovery_knows_better_stays_and_the_word_against_it_is_kept(session, anna, partner):
    item = make_item(session, partner, os_version="17.9")
    record_facts(session, [Claim(item.id, "os_version", Source.SNMP, "17.9")], at=MONDAY)
    declarations.update_item(session, anna, item.id, {"os_version": "18"}, expected_version=None)
    assert item.os_version == "17.9"
    assert facts(session, item.id)["os_version", Source.DECLARED] == "18"


def test_an_item_moves_to_another_class_with_what_that_requires(session, anna, partner):
    create_class(session, CLERK, "network.modem", ("Modem", "Modem"))
    line = AttributeDefinition("line", AttributeType.TEXT, "Linie", "Line", is_required=True)
    add_attribute(session, CLERK, "network.modem", line)
    item = make_item(session, partner)
    with pytest.raises(InvalidError) as caught:
        declarations.update_item(
            session, anna, item.id, {"class_name": "network.modem"}, expected_version=None
        )
    assert list(caught.value.errors) == ["line"]
    changes = {"class_name": "network.modem", "line": "044"}
    declarations.update_item(session, anna, item.id, changes, expected_version=None)
    assert (item.class_name, item.attributes) == ("network.modem", {"line": "044"})


def test_a_corrected_serial_number_replaces_the_identifier(session, anna, partner):
    new = NewItem("network.switch", "sw-1", partner.id, values={"serial": "WRONG1"})
    item_id = commands.create_item(session, anna, new)
    declarations.update_item(session, anna, item_id, {"serial": "RIGHT1"}, expected_version=None)
    serials = sa.select(Identifier.value).where(Identifier.scheme == IdentifierScheme.SERIAL)
    assert session.scalars(serials).all() == ["RIGHT1"]


def test_giving_an_item_away_needs_the_right_at_the_other_partner(
    session, anna, everyone, partner, other
):
    item = make_item(session, partner, site_id=make_site(session, partner).id)
    change = {"partner_id": str(other.id)}
    with pytest.raises(ForbiddenError):
        declarations.update_item(session, anna, item.id, change, expected_version=None)
    declarations.update_item(session, everyone, item.id, change, expected_version=None)
    assert (item.partner_id, item.site_id) == (other.id, None)


def test_who_only_reads_cannot_write(session, partner):
    item = make_item(session, partner)
    reader = make_viewer("item.read", partners={partner.id})
    with pytest.raises(ForbiddenError, match=r"item\.write"):
        declarations.update_item(session, reader, item.id, {"vendor": "X"}, expected_version=None)
    with pytest.raises(ForbiddenError):
        commands.delete_item(session, reader, item.id, expected_version=None)


def test_a_foreign_item_does_not_exist(session, anna, other):
    item = make_item(session, other)
    for act in (
        lambda: declarations.update_item(session, anna, item.id, {}, expected_version=None),
        lambda: commands.delete_item(session, anna, item.id, expected_version=None),
        lambda: declarations.bulk_update(session, anna, [ItemPatch(item.id, {})]),
    ):
        with pytest.raises(NotFoundError):
            act()


def test_what_was_in_operation_is_retired_not_deleted(session, anna, partner):
    item = make_item(session, partner)
    assert commands.delete_item(session, anna, item.id, expected_version=1) is False
    assert item.lifecycle == Lifecycle.RETIRED
    with pytest.raises(WrongStateError):
        commands.delete_item(session, anna, item.id, expected_version=2)


def test_what_was_only_planned_is_deleted_and_the_event_remembers(session, anna, partner):
    new = NewItem("network.switch", "sw-new", partner.id, Lifecycle.PLANNED)
    item_id = commands.create_item(session, anna, new)
    assert commands.delete_item(session, anna, item_id, expected_version=1) is True
    assert session.scalars(sa.select(ConfigurationItem)).all() == []
    assert session.scalars(sa.select(Identifier)).all() == []
    assert kinds(session) == ["item_created", "item_deleted"]


def test_a_patch_stays_within_its_statements(session, anna, partner):
    item = make_item(session, partner, vendor="Cisko")
    site = make_site(session, partner)
    changes = {
        "vendor": "Cisco",
        "serial": "FOC12345",
        "rack": "A1",
        "site_id": str(site.id),
        "user_partner_id": str(partner.id),
    }
    with statements(session) as seen:
        declarations.update_item(session, anna, item.id, changes, expected_version=1)
        session.flush()
    assert len(seen) <= 12, seen


@pytest.mark.parametrize("count", [2, 60])
def test_a_bulk_change_costs_the_same_whatever_its_size(session, anna, partner, count):
    items = [make_item(session, partner, vendor="Old") for _ in range(count)]
    patches = [
        ItemPatch(one.id, {"vendor": f"New {number}", "serial": f"SN{number}X"}, 1)
        for number, one in enumerate(items)
    ]
    with statements(session) as seen:
        versions = declarations.bulk_update(session, anna, patches, reason="stocktaking")
        session.flush()
    assert len(seen) <= 14, seen
    assert set(versions.values()) == {2}
    assert [one.vendor for one in items] == [f"New {number}" for number in range(count)]
    assert len(session.scalars(sa.select(CiRevision)).all()) == count


def test_a_bulk_change_is_all_or_nothing(session, anna, partner):
    items = [make_item(session, partner, vendor="Old") for _ in range(2)]
    patches = [ItemPatch(items[0].id, {"vendor": "New"}), ItemPatch(items[1].id, {"name": ""})]
    with pytest.raises(InvalidError):
        declarations.bulk_update(session, anna, patches)
    assert session.scalars(sa.select(CiRevision)).all() == []
    with pytest.raises(InvalidError, match="once"):
        declarations.bulk_update(session, anna, [patches[0], patches[0]])


def test_a_class_is_added_once_and_below_an_existing_one(session, partner):
    create_class(session, CLERK, "turnstile", ("Drehkreuz", "Turnstile"))
    with pytest.raises(ConflictError):
        create_class(session, CLERK, "turnstile", ("Drehkreuz", "Turnstile"))
    with pytest.raises(InvalidError, match="gate"):
        create_class(session, CLERK, "gate.barrier", ("Schranke", "Barrier"))
    with pytest.raises(ForbiddenError):
        create_class(session, make_viewer("item.write"), "gate", ("Tor", "Gate"))


def test_an_attribute_name_means_one_thing_in_its_family(session, partner):
    again = AttributeDefinition("rack", AttributeType.TEXT, "Rack", "Rack")
    with pytest.raises(ConflictError):
        add_attribute(session, CLERK, "network.switch", again)
    uplink = AttributeDefinition("uplink", AttributeType.TEXT, "Linie", "Line")
    with pytest.raises(ConflictError):
        add_attribute(session, CLERK, "network", uplink)

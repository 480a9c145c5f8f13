"""A stack or a cluster of chassis is one item with its members, whoever of them leads."""

from cmdb.items.models import Component, ConfigurationItem
from schemas.vocabulary import Section
from tests.observing import make_document


def chassis(index, serial, **values):
    return {
        "index": str(index),
        "kind": "chassis",
        "name": f"Switch {index}",
        "serial": serial,
    } | values


def stack(*members, number=1):
    """Return the document of a stack; the first member leads and tells its own serial number."""
    rows = [{"index": "100", "kind": "stack", "name": "Stack"}]
    rows += [chassis(index, serial, parent="100") for index, serial in enumerate(members, start=1)]
    return make_document(number, sections={Section.COMPONENTS: rows})


def test_a_stack_is_one_item_with_its_members(house):
    house.see(stack("FOC00000001", "FOC00000002", "FOC00000003"))
    assert len(house.rows(ConfigurationItem)) == 1
    serials = {row.serial for row in house.rows(Component) if row.kind == "chassis"}
    assert serials == {"FOC00000001", "FOC00000002", "FOC00000003"}


def test_another_member_that_leads_makes_no_new_item(house):
    house.see(stack("FOC00000001", "FOC00000002"))
    before = house.item().id
    house.see(stack("FOC00000002", "FOC00000001"))
    assert house.item().id == before


def test_a_member_that_is_replaced_makes_no_new_item(house):
    house.see(stack("FOC00000001", "FOC00000002"))
    before = house.item().id
    house.see(stack("FOC00000001", "FOC00000009"))
    assert house.item().id == before
    serials = {row.serial for row in house.rows(Component) if row.kind == "chassis"}
    assert "FOC00000009" in serials

"""What a device tells of itself beyond interfaces and parts: one resource each, page by page."""

import pytest

from catalog.transactions import unit_of_work
from schemas.vocabulary import Section
from tests.api.conftest import complaints
from tests.builders import make_classes, make_item, make_plan
from tests.observing import make_document, observe

MAC = "00:1b:54:00:{:02x}:01"
NEIGHBOUR = {
    "protocol": "lldp",
    "local_interface_index": 1,
    "local_port": "Gi1/0/1",
    "remote_chassis_id": MAC.format(2),
    "remote_port": "Gi1/0/2",
    "remote_name": "sw-00002",
}
BRIDGE = {"designated_bridge": MAC.format(2), "root_bridge": MAC.format(2)}
TOLD = {
    Section.VLANS: [{"number": 20, "name": "Gäste"}, {"number": 10, "name": "Verwaltung"}],
    Section.NEIGHBOURS: [NEIGHBOUR],
    Section.ATTACHED: [{"index": "1", "kind": "accessPoint", "name": "ap-1", "mac": MAC.format(9)}],
    Section.PRINTER: {
        "pages": 5000,
        "supplies": [{"index": "1.1", "kind": "toner", "name": "Toner", "level_percent": 30}],
    },
    Section.POWER: {"battery_status": "normal", "charge_percent": 100},
    Section.SOFTWARE: [{"name": "openssh-9.2"}, {"name": "bash-5.2"}],
    Section.FORWARDING: [{"interface_index": 2, "mac": MAC.format(7), "vlan": 10}],
    Section.SPANNING_TREE: [
        {"interface_index": 1, "designated_port": "80:02", "is_root_port": True} | BRIDGE
    ],
    Section.ARP: [{"address": "10.0.0.9", "mac": MAC.format(7), "interface_index": 2}],
}
EXPECTED = {
    "vlans": [{"number": 10, "name": "Verwaltung"}, {"number": 20, "name": "Gäste"}],
    "neighbours": [NEIGHBOUR | {"remote_description": "", "remote_address": ""}],
    "attached": [
        {"index": "1", "kind": "accessPoint", "name": "ap-1", "mac": MAC.format(9)}
        | dict.fromkeys(("model", "serial", "address", "version", "system"), "")
    ],
    "supplies": [
        {"index": "1.1", "kind": "toner", "name": "Toner", "color": "", "is_receptacle": False}
        | {"level_percent": 30}
    ],
    "gauges": [
        {"origin": "power", "name": "battery_status", "value": "normal"},
        {"origin": "power", "name": "charge_percent", "value": "100"},
        {"origin": "printer", "name": "pages", "value": "5000"},
    ],
    "software": [{"name": "bash-5.2"}, {"name": "openssh-9.2"}],
    "forwarding": [{"interface_index": 2, "mac": MAC.format(7), "vlan": 10, "count": None}],
    "spanning-tree": [
        {"interface_index": 1, "designated_port": "80:02", "is_root_port": True}
        | BRIDGE
        | {"is_designated": False}
    ],
    "arp": [{"address": "10.0.0.9", "mac": MAC.format(7), "interface_index": 2}],
}


@pytest.fixture
def path(operator, session, world):
    """A discovered switch that tells everything a device can tell, beside its neighbour."""
    with unit_of_work(session):
        make_classes(session)
        plan = make_plan(session, world.own)
        observe(session, plan, [make_document(1, sections=TOLD), make_document(2)])
    (found,) = operator.get("/items?text=sw-00001").json["items"]
    return f"/items/{found['id']}"


def test_everything_that_is_told_is_listed(operator, path):
    listed = {part: operator.get(f"{path}/{part}").json for part in EXPECTED}
    assert listed == {part: {"items": rows, "next": None} for part, rows in EXPECTED.items()}


def test_the_rest_is_on_the_next_page(operator, path):
    for part in ("vlans", "software"):
        first = operator.get(f"{path}/{part}?limit=1")
        second = operator.get(f"{path}/{part}?limit=1&after={first.json['next']}")
        assert first.json["items"] + second.json["items"] == EXPECTED[part]
        assert second.json["next"] is None
        assert complaints(operator.get(f"{path}/{part}?limits=1"))


def test_what_a_foreign_device_tells_does_not_exist(operator, session, world):
    with unit_of_work(session):
        foreign = make_item(session, world.foreign)
    answers = {operator.get(f"/items/{foreign.id}/{part}").status_code for part in EXPECTED}
    assert answers == {404}


def test_what_a_device_tells_is_hidden_from_whom_it_merely_serves(enter, operator, world, path):
    used = {"user_partner_id": str(world.foreign.id)}
    assert operator.patch(path, json=used, headers={"If-Match": "*"}).status_code == 200
    served = enter("operator", world.foreign)
    for part in EXPECTED:
        assert served.get(f"{path}/{part}").json == {"items": [], "next": None}


def test_a_link_tells_by_what_it_was_seen_and_at_which_ports(operator, path):
    (link,) = operator.get(f"{path}/relations").json["items"]
    assert (link["protocol"], link["confidence"]) == ("lldp", 80)
    assert (link["interface_index"], link["port"], link["other_port"]) == (1, "Gi1/0/1", "Gi1/0/2")

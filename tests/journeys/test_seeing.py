"""Seeing: a network is looked at for real, and whoever may see it sees what was found."""

import re

from tests.journeys.world import DEVICES, INSIDE, PEOPLE, SERVED

SWITCH, SERVER = "sw-mus-gh-01", "srv-mus-gh-01"
SWITCH_HOST, SERVER_HOST = "1.2", "1.4"


def test_a_discovered_network_is_seen_device_by_device(world, simulator, network, look, enter):
    first = look(world.network_plan).progress
    assert (first.state, first.created, first.problems) == ("succeeded", DEVICES, 0)

    operator = enter("betrieb")
    devices = operator.read("/devices")
    assert all(network.device(address).name in devices for address in network)
    # The devices stand behind an address translation: pages tell the partner's own addresses.
    assert f"{INSIDE}.1.2" in devices
    assert SERVED not in devices

    serial = network.find(SWITCH).serial
    page = operator.find_link("/devices", SWITCH)
    overview = operator.read(page)
    assert re.search(rf"{serial} .{{0,60}}SNMP · gerade eben", overview)
    assert "Gemeindehaus" in overview
    assert "28" in operator.read(f"{page}?tab=interfaces")
    assert "co-mus-gh-01" in operator.read(f"{page}?tab=relations")
    assert f"Seriennummer + neu: {serial}" in operator.read(f"{page}?tab=history")
    assert "J9773A" in operator.read(f"{page}?tab=raw")


def test_an_unchanged_network_reports_only_unchanged_devices(world, simulator, look):
    look(world.network_plan)

    second = look(world.network_plan).progress

    assert (second.created, second.changed, second.unchanged) == (0, 0, DEVICES)
    assert (second.findings, second.problems) == (0, 0)


def test_a_rebuilt_server_changes_and_its_history_tells_before_and_after(
    world, simulator, network, look, enter
):
    look(world.network_plan)
    before = network.find(SERVER).mac(1).hex(":")

    # This kind of server tells no serial number: its name and address are what it is known by.
    exchange(simulator, network, SERVER_HOST)
    second = look(world.network_plan).progress

    assert (second.created, second.changed, second.unchanged) == (0, 1, DEVICES - 1)
    operator = enter("betrieb")
    page = operator.find_link("/devices", SERVER)
    history = operator.read(f"{page}?tab=history")
    after = network.find(SERVER).mac(1).hex(":")
    assert before != after
    assert before in history
    assert after in history


def test_another_serial_number_at_the_same_address_is_another_device(
    world, simulator, network, look, enter
):
    look(world.network_plan)
    old = network.find(SWITCH).serial

    exchange(simulator, network, SWITCH_HOST)
    second = look(world.network_plan)

    assert (second.progress.created, second.progress.unchanged) == (1, DEVICES - 1)
    decisions = {line.target: line.decision for line in second.targets}
    assert decisions[f"{INSIDE}.{SWITCH_HOST}"] == "created"
    operator = enter("betrieb")
    new = network.find(SWITCH).serial
    assert SWITCH in operator.read(f"/devices?q={new}")
    assert SWITCH in operator.read(f"/devices?q={old}")


def test_a_silent_device_is_missed_and_stays_in_the_inventory(world, simulator, look, enter):
    look(world.network_plan)

    simulator.remove(f"{SERVED}.{SWITCH_HOST}")
    second = look(world.network_plan)

    missed = [line.target for line in second.targets if line.decision == "missed"]
    assert missed == [f"{INSIDE}.{SWITCH_HOST}"]
    assert second.progress.unchanged == DEVICES - 1
    assert SWITCH in enter("betrieb").read("/devices")


def test_a_dry_run_looks_and_writes_nothing(world, simulator, look, enter):
    dry = look(world.network_plan, is_dry_run=True).progress

    assert (dry.reached, dry.created) == (DEVICES, DEVICES)
    assert SWITCH not in enter("betrieb").read("/devices")


def test_people_of_another_partner_see_none_of_it(world, simulator, network, look, enter):
    look(world.network_plan)
    page = enter("betrieb").find_link("/devices", SWITCH)

    own, foreign = enter("musterwil1"), enter("beispielikon")

    assert SWITCH in own.read("/devices")
    assert own.status(page) == 200
    assert SWITCH not in foreign.read("/devices")
    serial = network.find(SWITCH).serial
    assert SWITCH in own.read(f"/search?q={serial}")
    assert SWITCH not in foreign.read(f"/search?q={serial}")
    # What one may not see does not exist, rather than being forbidden.
    assert foreign.status(page) == 404


def test_a_directory_becomes_numbers_of_accounts_and_computers(world, look, enter):
    run = look(world.directory_plan).progress

    assert (run.state, run.problems) == ("succeeded", 0)
    operator = enter("betrieb")
    accounts = operator.read("/accounts")
    assert f"Persönliches Konto {PEOPLE}" in accounts
    # Numbers are for everybody who works here, names only for a stated purpose.
    assert "mus-u0001" not in accounts
    assert "MUS-PC-0006 Arbeitsplatzrechner Musterwil" in operator.read("/devices")


def exchange(simulator, network, host):
    """Put another device of the same kind in the place of one."""
    address = f"{SERVED}.{host}"
    simulator.replace(address, network.changed(address))

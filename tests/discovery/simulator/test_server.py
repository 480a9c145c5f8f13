"""The simulator over real UDP: many addresses, one socket, changes at run time, net-snmp."""

import shutil
import socket
import subprocess
import threading
from collections.abc import Mapping

import pytest

from discovery.simulator import Recording, Simulator, one_community
from discovery.simulator import server as server_module

from .talking import GET, GET_BULK, ask, question

ADDRESSES = [f"127.20.{block}.{host}" for block in (0, 1) for host in range(1, 10)]
pytestmark = pytest.mark.allow_hosts(ADDRESSES)

SYS_NAME = "1.3.6.1.2.1.1.5.0"


def device(name, ports=2):
    lines = [f"{SYS_NAME}|4|{name}"]
    lines += [f"1.3.6.1.2.1.2.2.1.2.{port}|4|port {port}" for port in range(1, ports + 1)]
    return Recording.parse("\n".join(lines).encode())


def name_at(simulator, address, community="public"):
    packet = question(GET, SYS_NAME, community=community)
    return ask(address, simulator.port, packet, timeout=1.0).varbinds[0][2].decode()


@pytest.fixture
def simulator():
    devices = {f"127.20.0.{host}": device(f"sw-{host}") for host in range(1, 4)}
    with Simulator(devices) as running:
        yield running


def test_every_address_is_a_device_of_its_own_and_answers_from_there(simulator):
    # The asking socket is connected: it would not hear an answer from another address.
    assert [name_at(simulator, f"127.20.0.{host}") for host in (1, 2, 3)] == [
        "sw-1",
        "sw-2",
        "sw-3",
    ]


def test_an_address_without_a_device_is_silent(simulator):
    with pytest.raises((TimeoutError, ConnectionError)):
        ask("127.20.0.9", simulator.port, question(GET, SYS_NAME), timeout=0.2)


def test_a_wrong_community_is_met_with_silence(simulator):
    with pytest.raises(TimeoutError):
        ask("127.20.0.1", simulator.port, question(GET, SYS_NAME, community="x"), timeout=0.2)


def test_a_device_can_change_and_go_while_it_is_asked(simulator):
    assert name_at(simulator, "127.20.0.1") == "sw-1"
    simulator.replace("127.20.0.1", device("sw-new"))
    assert name_at(simulator, "127.20.0.1") == "sw-new"
    simulator.remove("127.20.0.1")
    with pytest.raises(TimeoutError):
        ask("127.20.0.1", simulator.port, question(GET, SYS_NAME), timeout=0.2)


def test_each_device_may_have_its_own_community():
    devices = {"127.20.0.1": device("a"), "127.20.0.2": device("b")}
    with Simulator(devices, accepts=lambda address, given: given == address.encode()) as running:
        assert name_at(running, "127.20.0.2", community="127.20.0.2") == "b"


def test_a_device_that_cannot_be_built_does_not_silence_the_others():
    class Devices(Mapping):
        def __getitem__(self, address):
            if address == "127.20.0.1":
                raise RuntimeError("broken")
            return device("good")

        def __iter__(self):
            return iter(["127.20.0.1", "127.20.0.2"])

        def __len__(self):
            return 2

    with Simulator(Devices()) as running:
        with pytest.raises(TimeoutError):
            ask("127.20.0.1", running.port, question(GET, SYS_NAME), timeout=0.2)
        assert name_at(running, "127.20.0.2") == "good"


def test_more_devices_than_are_kept_ready_all_answer(monkeypatch):
    monkeypatch.setattr(server_module, "MAX_AGENTS", 2)
    with Simulator({f"127.20.1.{host}": device(f"sw-{host}") for host in range(1, 9)}) as running:
        for host in (1, 2, 3, 4, 5, 6, 7, 8, 1):
            assert name_at(running, f"127.20.1.{host}") == f"sw-{host}"


def test_garbage_and_questions_from_many_threads_are_survived(simulator):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as noise:
        for octets in (b"", b"\x30", b"\x30\x84\xff\xff\xff\xff", bytes(range(256))):
            noise.sendto(octets, ("127.20.0.1", simulator.port))
    names = []
    threads = [
        threading.Thread(target=lambda: names.append(name_at(simulator, "127.20.0.2")))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert names == ["sw-2"] * 8


def test_a_taken_port_is_said_at_the_start(simulator):
    with pytest.raises(OSError, match="in use"):
        Simulator({"127.20.0.1": device("x")}, simulator.port).start()


def test_the_port_is_free_again_after_the_stop(simulator):
    port = simulator.port
    simulator.stop()
    with Simulator({"127.20.0.1": device("again")}, port) as running:
        assert name_at(running, "127.20.0.1") == "again"


def test_without_the_right_to_bind_to_the_loopback_each_address_has_its_socket(monkeypatch):
    monkeypatch.delattr(socket, "SO_BINDTODEVICE")
    with Simulator({"127.20.0.1": device("a"), "127.20.0.2": device("b")}) as running:
        assert name_at(running, "127.20.0.1") + name_at(running, "127.20.0.2") == "ab"


def test_outside_addresses_are_never_served(monkeypatch):
    monkeypatch.delattr(socket, "SO_BINDTODEVICE")
    with pytest.raises(OSError, match="not a loopback address"):
        Simulator({"192.0.2.1": device("x")}).start()


@pytest.mark.skipif(not shutil.which("snmpbulkwalk"), reason="net-snmp's tools are not installed")
def test_net_snmp_reads_everything_there_is():
    with Simulator({"127.20.0.1": device("sw", 300)}, accepts=one_community("s3cret")) as running:
        for tool in (["snmpbulkwalk", "-v2c"], ["snmpwalk", "-v2c"], ["snmpwalk", "-v1"]):
            command = [*tool, "-c", "s3cret", "-On", f"127.20.0.1:{running.port}", "1.3.6.1.2.1.2"]
            walked = subprocess.run(command, capture_output=True, text=True, check=True, timeout=20)
            assert walked.stdout.count("STRING:") == 300


def test_a_large_table_comes_in_messages_of_the_allowed_size():
    with Simulator({"127.20.0.1": device("sw", 2000)}, max_size=484) as running:
        packet = question(GET_BULK, "1.3.6.1.2.1.2.2.1.2", numbers=(0, 50))
        said = ask("127.20.0.1", running.port, packet)
        assert said.oids[0].endswith(".2.1.2.1")
        assert 10 < len(said.varbinds) < 50

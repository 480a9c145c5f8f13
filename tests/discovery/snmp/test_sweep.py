"""What a sweep holds at a time: sockets counted by the kernel, memory by Python."""

import socket
import tracemalloc
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from discovery.run import run
from discovery.secrets import SnmpCommunity, SnmpUser
from discovery.transport.local import LocalSink
from schemas.assignment import Assignment
from schemas.vocabulary import ProblemCode, Protocol
from tests.discovery.snmp.looking import MemorySecrets
from tests.discovery.snmp.snmpd import free_port
from tests.discovery.test_run import FakeCollector

FDS = Path("/proc/self/fd")
CONCURRENCY = 32
needs_proc = pytest.mark.skipif(not FDS.is_dir(), reason="the kernel does not list open files")


def open_sockets() -> int:
    count = 0
    for one in FDS.iterdir():
        try:
            count += str(one.readlink()).startswith("socket:")
        except OSError:
            continue
    return count


def sweep(targets, port, make_secret=SnmpCommunity, **options):
    """Return the summary and how many sockets more than before were open at most."""
    names = [f"secret-{number}" for number in range(3)]
    assignment = Assignment(
        id=UUID(int=1),
        run_id=UUID(int=2),
        partner="ebikon",
        protocol=Protocol.SNMP,
        targets=targets,
        deadline=datetime.now(UTC) + timedelta(minutes=10),
        credentials=tuple(names),
        options={"port": port, "retries": 0, "concurrency": CONCURRENCY, "subnet_rate": 10_000}
        | options,
    )
    secrets = MemorySecrets({name: make_secret(name) for name in names})
    before, counts = open_sockets(), []
    summary = run(
        assignment,
        secrets,
        LocalSink(lambda _: None),
        progress=lambda _: counts.append(open_sockets()),
    )
    assert open_sockets() <= before
    # The event loop of the run has an epoll and a pair of sockets of its own.
    return summary, max(counts) - before - 2


@needs_proc
def test_a_sweep_of_refusing_addresses_holds_no_more_sockets_than_devices_at_a_time():
    summary, most = sweep(("127.77.0.0/21",), free_port())
    assert summary.progress.looked_at == 2046
    assert summary.problems == {ProblemCode.UNREACHABLE: 2046}
    assert most <= CONCURRENCY


def make_user(name):
    return SnmpUser(name, "sha1", "first-password", "aes128", "second-password")


@needs_proc
def test_a_sweep_with_users_holds_no_more_sockets_either():
    summary, most = sweep(("127.77.0.0/21",), free_port(), make_user)
    assert summary.problems == {ProblemCode.UNREACHABLE: 2046}
    assert most <= CONCURRENCY


@needs_proc
def test_a_sweep_of_silent_addresses_holds_no_more_sockets_than_devices_at_a_time():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as mute:
        # Every address of the loopback network is taken and none answers.
        mute.bind(("", 0))
        summary, most = sweep(("127.77.0.0/24",), mute.getsockname()[1], timeout=0.05)
    assert summary.problems == {ProblemCode.UNREACHABLE: 254}
    assert 1 < most <= CONCURRENCY


def test_a_sweep_of_8192_addresses_takes_little_memory():
    collector = FakeCollector(concurrency=64, size=2000)
    collector.asked = _Forgetful()
    assignment = Assignment(
        UUID(int=1),
        UUID(int=2),
        "ebikon",
        Protocol.SNMP,
        ("10.0.0.0/19",),
        datetime.now(UTC) + timedelta(minutes=10),
    )
    tracemalloc.start()
    try:
        run(assignment, MemorySecrets(), LocalSink(lambda _: None), collector=collector)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 8 * 2**20, peak


class _Forgetful(list):
    def append(self, _item):
        pass

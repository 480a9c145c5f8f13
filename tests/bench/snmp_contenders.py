"""One contender of the SNMP measurement in a process of its own: looks at devices, prints JSON."""

# ruff: noqa: T201 — printing is what this program is for

import argparse
import asyncio
import json
import resource
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from gufo.snmp import _fast

from discovery.collectors.base import CollectorContext
from discovery.collectors.snmp.access import open_device
from discovery.collectors.snmp.collector import SnmpCollector
from discovery.collectors.snmp.options import SnmpOptions
from discovery.collectors.snmp.system import PROBE
from discovery.run import run
from discovery.secrets import Secret, SnmpCommunity, SnmpUser
from schemas.assignment import Assignment
from schemas.observation import Envelope
from schemas.vocabulary import Protocol

TABLES = ("1.3.6.1.2.1.2.2", "1.3.6.1.2.1.31.1.1")
COLUMNS = ("1.3.6.1.2.1.2.2.1", (2, 5, 7, 8))
PASSWORD = "authpass12345678"
COMMUNITY = SnmpCommunity("public")
USER = SnmpUser("cmdb", "sha1", PASSWORD, "aes128", PASSWORD)
HOSTS = 254
"""Devices in a range of the size /24; the first is 127.1.0.0/24."""


class OneSecret:
    """Opens every door with the same secret."""

    def __init__(self, secret: Secret) -> None:
        self._secret = secret

    def get(self, name: str) -> Secret:
        """Return it, whatever the name."""
        del name
        return self._secret


class Counting:
    """Counts the documents that arrive."""

    documents = 0

    def submit(self, envelope: Envelope) -> None:
        """Count and forget."""
        self.documents += len(envelope.documents)


def addresses(count: int) -> Iterator[str]:
    """Yield so many addresses of the loopback net."""
    for number in range(count):
        network, host = divmod(number, HOSTS)
        yield f"127.1.{network}.{host + 1}"


def ranges(count: int) -> tuple[str, ...]:
    """Return the same addresses as a plan has them: whole ranges, then what is left one by one."""
    whole = count // HOSTS
    rest = tuple(addresses(count))[whole * HOSTS :]
    return *(f"127.1.{network}.0/24" for network in range(whole)), *rest


def collect(arguments: argparse.Namespace, secret: Secret) -> int:
    """Run the whole collector over one assignment; return the number of documents."""
    sink = Counting()
    assignment = Assignment(
        id=UUID(int=1),
        run_id=UUID(int=2),
        partner="bench",
        protocol=Protocol.SNMP,
        targets=ranges(arguments.devices),
        deadline=datetime.now(UTC) + timedelta(hours=1),
        credentials=("bench",),
        options={"port": arguments.port, "concurrency": arguments.concurrency},
    )
    run(assignment, OneSecret(secret), sink)
    return sink.documents


async def probe(address: str, port: int) -> None:
    """Ask one device the first question."""
    options = SnmpOptions(port=port, concurrency=1000)
    context = CollectorContext(OneSecret(COMMUNITY), ("bench",), {}, lambda: datetime.now(UTC))
    (await open_device(address, context, options)).close()


async def four_columns(address: str, port: int) -> None:
    """Ask one device the first question and for four columns of its interfaces."""
    options = SnmpOptions(port=port, concurrency=1000)
    context = CollectorContext(OneSecret(COMMUNITY), ("bench",), {}, lambda: datetime.now(UTC))
    access = await open_device(address, context, options)
    try:
        walk = await access.client.walk(*COLUMNS)
        if walk.failure or not walk.rows:
            raise RuntimeError(f"{address} gave {len(walk.rows)} rows: {walk.failure}")
    finally:
        access.close()


async def raw(address: str, port: int) -> None:
    """Walk both interface tables with the bare sockets of gufo: no retry, no check, no document."""
    loop = asyncio.get_running_loop()
    waiting: asyncio.Future[None] | None = None

    def wake() -> None:
        if waiting is not None and not waiting.done():
            waiting.set_result(None)

    async def exchange(send: Callable[[], object], receive: Callable[[], object]) -> object:
        nonlocal waiting
        send()
        while True:
            waiting = loop.create_future()
            await waiting
            with suppress(BlockingIOError):
                return receive()

    bare = _fast.SnmpV2cClientSocket(f"{address}:{port}", "public", 0, 0, 0, 0)
    loop.add_reader(bare.get_fd(), wake)
    try:
        rows = await exchange(lambda: bare.send_get_many(PROBE), bare.recv_get_many)
        for table in TABLES:
            rows |= await _walk(bare, exchange, table)
    finally:
        loop.remove_reader(bare.get_fd())


async def _walk(bare, exchange, table: str) -> dict[str, object]:
    rows: dict[str, object] = {}
    position = _fast.GetIter(table, 25)
    while True:
        batch = None
        with suppress(StopAsyncIteration):
            batch = await exchange(
                lambda: bare.send_get_bulk(position), lambda: bare.recv_get_bulk(position)
            )
        if not batch:
            return rows
        if batch[-1] is None:
            return rows | dict(batch[:-1])
        rows.update(batch)


async def _each(act: Callable[[str, int], Awaitable[None]], arguments: argparse.Namespace) -> int:
    remaining = addresses(arguments.devices)
    done = 0

    async def work() -> None:
        nonlocal done
        for address in remaining:
            await act(address, arguments.port)
            done += 1

    async with asyncio.TaskGroup() as group:
        for _ in range(arguments.concurrency):
            group.create_task(work())
    return done


CONTENDERS: dict[str, Callable[[argparse.Namespace], int]] = {
    "collector": lambda arguments: collect(arguments, COMMUNITY),
    "collector-v3": lambda arguments: collect(arguments, USER),
    "raw": lambda arguments: asyncio.run(_each(raw, arguments)),
    "columns": lambda arguments: asyncio.run(_each(four_columns, arguments)),
    "probe": lambda arguments: asyncio.run(_each(probe, arguments)),
}


def main() -> None:
    """Let one contender look at so many devices and print what it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("contender", choices=CONTENDERS)
    parser.add_argument("port", type=int)
    parser.add_argument("devices", type=int)
    parser.add_argument("concurrency", type=int)
    arguments = parser.parse_args()
    SnmpCollector()
    before = _cpu_seconds()
    start = time.perf_counter()
    done = CONTENDERS[arguments.contender](arguments)
    wall = time.perf_counter() - start
    result = {
        "devices": done,
        "cpu": _cpu_seconds() - before,
        "wall": wall,
        "megabytes": _most_megabytes(),
    }
    print(json.dumps(result))


def _most_megabytes() -> float:
    """Return the most memory of this process; `ru_maxrss` would count what its parent held."""
    lines = Path("/proc/self/status").read_text("utf-8").splitlines()
    return int(next(one for one in lines if one.startswith("VmHWM")).split()[1]) / 1024


def _cpu_seconds() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


if __name__ == "__main__":
    main()

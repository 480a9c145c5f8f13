"""How large is the server? (HOST-RESOURCES-MIB, RFC 2790; fill levels are left out)."""

from typing import Any

from discovery.collectors.snmp.system import HR_MEMORY_SIZE, SYS_OBJECT_ID, SYS_SERVICES
from discovery.collectors.snmp.tables import (
    Column,
    Reading,
    by_column,
    compact,
    indexes,
    rows_of,
)
from discovery.collectors.snmp.values import number, text
from discovery.protocols.snmp.client import SnmpClient
from discovery.protocols.snmp.wire import Value
from schemas.sections import MAX_SIZE

_STORAGE_ENTRY = "1.3.6.1.2.1.25.2.3.1"
_TYPE, _DESCR, _UNITS, _SIZE = 2, 3, 4, 5
_PROCESSOR_ENTRY = "1.3.6.1.2.1.25.3.3.1"
_PROCESSOR_COLUMNS = (1, 2)
_STORAGE_TYPES = "1.3.6.1.2.1.25.2.1."
_MEMORY = "2"
# Memory in use and its caches change all the time and are not parts of the server.
_KINDS = {
    "4": "fixedDisk",
    "5": "removableDisk",
    "6": "floppyDisk",
    "7": "compactDisc",
    "9": "flashMemory",
    "10": "networkDisk",
}
_PASSING = ("/dev/", "/proc/", "/run", "/snap/", "/sys/", "/tmp/", "/var/lib/docker/")  # noqa: S108 — mount points of others
_HOST_AGENTS = ("1.3.6.1.4.1.8072.3.", "1.3.6.1.4.1.311.1.1.3.")
_APPLICATIONS_BIT, _NETWORK_BITS = 64, 6


def is_host(probe: dict[str, Value]) -> bool:
    """Say whether the answer to the probe makes it worth asking as a server."""
    if HR_MEMORY_SIZE in probe or str(probe.get(SYS_OBJECT_ID)).startswith(_HOST_AGENTS):
        return True
    services = number(probe.get(SYS_SERVICES), 127) or 0
    return bool(services & _APPLICATIONS_BIT) and not services & _NETWORK_BITS


async def read_host(client: SnmpClient, probe: dict[str, Value]) -> Reading:
    """Return the section `host`: memory, number of processors, disks and their sizes."""
    storage_walk = await client.walk(_STORAGE_ENTRY, (_TYPE, _DESCR, _UNITS, _SIZE))
    processor_walk = await client.walk(_PROCESSOR_ENTRY, _PROCESSOR_COLUMNS)
    table = by_column(storage_walk, _STORAGE_ENTRY)
    storages = [_row(index, table) for index in indexes(table.values())]
    disks = rows_of([row for row in storages if _is_disk(row)], storage_walk, processor_walk)
    processors = indexes(by_column(processor_walk, _PROCESSOR_ENTRY).values())
    kilobytes = number(probe.get(HR_MEMORY_SIZE), MAX_SIZE // 1024)
    memory = kilobytes * 1024 if kilobytes else _memory_of(table)
    content = {
        "memory_bytes": memory,
        "processors": min(len(processors), 65_536) or None,
        "storages": [compact(row) for row in disks.content],
    }
    return Reading(compact(content), disks.failure)


def _row(index: str, table: dict[int, Column]) -> dict[str, Any]:
    empty: Column = {}
    kind = str(table.get(_TYPE, empty).get(index)).removeprefix(_STORAGE_TYPES)
    return {
        "index": index[:64],
        "kind": _KINDS.get(kind),
        "name": text(table.get(_DESCR, empty).get(index), 1024),
        "size_bytes": _size(index, table),
    }


def _size(index: str, table: dict[int, Column]) -> int | None:
    units = table.get(_UNITS, {}).get(index)
    size = table.get(_SIZE, {}).get(index)
    if not isinstance(units, int) or not isinstance(size, int):
        return None
    # Old agents send sizes of over 2³¹ units as negative numbers.
    return number(units * (size % 2**32), MAX_SIZE)


def _is_disk(row: dict[str, Any]) -> bool:
    name = row["name"] or ""
    return row["kind"] is not None and bool(row["size_bytes"]) and not name.startswith(_PASSING)


def _memory_of(table: dict[int, Column]) -> int | None:
    memories = [
        _size(index, table) or 0
        for index, kind in table.get(_TYPE, {}).items()
        if kind == _STORAGE_TYPES + _MEMORY
    ]
    return max(memories, default=0) or None

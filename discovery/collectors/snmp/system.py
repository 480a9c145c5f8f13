"""What is this device? The system group (RFC 3418) and the evidence that its maker is known by."""

from contextlib import suppress
from typing import Any

from discovery.collectors.snmp.tables import Reading, compact
from discovery.collectors.snmp.uptime import SYS_UP_TIME
from discovery.collectors.snmp.values import number, scalar, text
from discovery.errors import DiscoveryError
from discovery.knowledge import (
    evidence_columns,
    evidence_oids,
    evidence_tree,
    private_tree,
    search_position,
    search_result,
    search_root,
)
from discovery.protocols.snmp.client import SnmpClient
from discovery.protocols.snmp.wire import Value

SYS_DESCR = "1.3.6.1.2.1.1.1.0"
SYS_OBJECT_ID = "1.3.6.1.2.1.1.2.0"
SYS_NAME = "1.3.6.1.2.1.1.5.0"
SYS_LOCATION = "1.3.6.1.2.1.1.6.0"
SYS_SERVICES = "1.3.6.1.2.1.1.7.0"
HR_MEMORY_SIZE = "1.3.6.1.2.1.25.2.2.0"

PROBE = [
    SYS_DESCR,
    SYS_OBJECT_ID,
    SYS_UP_TIME,
    SYS_NAME,
    SYS_LOCATION,
    SYS_SERVICES,
    HR_MEMORY_SIZE,
]
"""The first question to every device, put as one GET."""


async def read_system(client: SnmpClient, probe: dict[str, Value]) -> Reading:
    """Return the section `system`, made of the answer to the probe and of the evidence."""
    section = compact(
        {
            "sys_descr": text(probe.get(SYS_DESCR), 4096),
            "sys_object_id": text(probe.get(SYS_OBJECT_ID)),
            "sys_name": text(probe.get(SYS_NAME)),
            "sys_location": text(probe.get(SYS_LOCATION)),
            "sys_services": number(probe.get(SYS_SERVICES), 127),
        }
    )
    identity = section.get("sys_object_id"), section.get("sys_descr")
    found, failure = await _read_evidence(client, identity)
    section["evidence"] = {oid: scalar(value) for oid, value in sorted(found.items())}
    return Reading(section, failure)


async def _read_evidence(
    client: SnmpClient, identity: tuple[Any, Any]
) -> tuple[dict[str, Value], DiscoveryError | None]:
    found: dict[str, Value] = {}
    try:
        if oids := evidence_oids(*identity):
            found.update(await client.get(list(oids)))
        found |= await _read_trees(client, identity, found)
        if oids := evidence_oids(*identity, found):
            found.update(await client.get(list(oids)))
        for column in evidence_columns(*identity, found):
            following = await client.get_next(column)
            found |= {o: v for o, v in following.items() if o.startswith(column + ".")}
    except DiscoveryError as error:
        return found, error
    return found | await _search(client, identity, found), None


async def _search(
    client: SnmpClient, identity: tuple[Any, Any], found: dict[str, Value]
) -> dict[str, Value]:
    """Return what the maker's tree tells of a device about which the rules know too little.

    A device that cannot bear the search is one that tells no more; nothing is missing then.
    """
    root = search_root(*identity, found)
    if root is None:
        return {}
    read: dict[str, Value] = {}
    questions = 0
    with suppress(DiscoveryError):
        while (oid := search_position(root, tuple(read), questions)) is not None:
            questions += 1
            count = len(read)
            read |= await client.following(oid)
            if len(read) == count:
                break
    return search_result({oid: scalar(value) for oid, value in read.items()}, identity[1])


async def _read_trees(
    client: SnmpClient, identity: tuple[Any, Any], found: dict[str, Value]
) -> dict[str, Value]:
    """Return the private trees on the way to the maker's own, each with the value 1."""
    trees: dict[str, Value] = {}
    while (oid := evidence_tree(*identity, found, list(trees))) is not None:
        tree = next(map(private_tree, await client.get_next(oid)), "")
        if not tree or tree in trees:
            break
        trees[tree] = 1
    return trees

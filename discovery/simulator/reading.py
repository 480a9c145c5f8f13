"""What a collector would read from a device, read from its recording: system section and parts."""

from collections.abc import Iterator
from typing import Any

from discovery.collectors.snmp.values import octets
from discovery.knowledge import Question, Verb, ask
from discovery.simulator import ber
from discovery.simulator.recording import Recording

_ENTITY = "1.3.6.1.2.1.47.1.1.1.1"
_SYSTEM = {"sys_descr": 1, "sys_object_id": 2, "sys_name": 5, "sys_services": 7}
_ENTITY_COLUMNS = {
    2: "description",
    4: "parent",
    5: "kind",
    7: "name",
    8: "hardware_revision",
    9: "firmware_revision",
    10: "software_revision",
    11: "serial",
    12: "vendor",
    13: "model",
}
_REPETITIONS = 25
_KINDS = {
    3: "chassis",
    5: "container",
    6: "powerSupply",
    7: "fan",
    8: "sensor",
    9: "module",
    10: "port",
    11: "stack",
}


def read_facts(recording: Recording) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return the system section and the component rows that a collector would make of it."""
    system: dict[str, Any] = {
        name: read_value(recording, f"1.3.6.1.2.1.1.{number}.0") for name, number in _SYSTEM.items()
    }
    identity = system["sys_object_id"], system["sys_descr"]
    system["evidence"] = _read_evidence(recording, identity)
    rows: dict[str, dict[str, Any]] = {}
    for number, name in _ENTITY_COLUMNS.items():
        for oid, value in read_column(recording, f"{_ENTITY}.{number}"):
            rows.setdefault(oid.rsplit(".", 1)[1], {})[name] = value
    for index, row in rows.items():
        row["index"] = index
        kind = row.get("kind")
        row["kind"] = _KINDS.get(kind, "unknown") if isinstance(kind, int) else "unknown"
    return system, [rows[index] for index in sorted(rows, key=int)]


def _read_evidence(recording: Recording, identity: tuple[Any, Any]) -> dict[str, Any]:
    evidence: dict[str, Any] = {}
    conversation = ask(identity, evidence)
    question = next(conversation, None)
    while question is not None:
        try:
            question = conversation.send(_answer(recording, question))
        except StopIteration:
            question = None
    return evidence


def _answer(recording: Recording, question: Question) -> dict[str, str | int]:
    if question.verb is Verb.GET:
        values = {oid: read_value(recording, oid) for oid in question.oids}
        return {oid: value for oid, value in values.items() if value is not None}
    count = 1 if question.verb is Verb.NEXT else _REPETITIONS
    start = recording.after(ber.order_key(ber.encode_oid(ber.parse_oid(question.oids[0]))))
    return dict(_values(list(recording.varbinds[start : start + count])))


def read_value(recording: Recording, oid: str) -> str | int | None:
    """Return the value of one OID as a collector reports it."""
    key = ber.order_key(ber.encode_oid(ber.parse_oid(oid)))
    varbind = recording.find(key)
    return None if varbind is None else next(_values([varbind]))[1]


def read_column(recording: Recording, column: str) -> Iterator[tuple[str, str | int]]:
    """Yield OID and value of every row of a column."""
    key = ber.order_key(ber.encode_oid(ber.parse_oid(column)))
    position = recording.after(key)
    while position < len(recording.keys) and recording.keys[position].startswith(key):
        yield from _values([recording.varbinds[position]])
        position += 1


def _values(varbinds: list[bytes]) -> Iterator[tuple[str, str | int]]:
    for arcs, tag, content in Recording((), tuple(varbinds)).rows():
        oid = ".".join(map(str, arcs))
        if tag == ber.OCTETS:
            yield oid, octets(content)
        elif tag == ber.OBJECT_ID:
            yield oid, ".".join(map(str, ber.decode_oid(content)))
        elif tag == ber.IP_ADDRESS:
            yield oid, ".".join(map(str, content))
        else:
            yield oid, ber.decode_integer(content)

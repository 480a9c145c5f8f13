"""Measures the device knowledge against recordings of real devices that lie outside the project.

`python -m tests.corpus DIR` reads `DIR/snmprec`, asks each recording what the collector would ask,
writes `build/corpus/predictions.jsonl` and prints the table of `DIR/score.py`.
"""

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from discovery.knowledge import classify, evidence_columns, evidence_oids
from discovery.simulator import Recording, ber

BUILD = Path("build/corpus")
ENTITY = "1.3.6.1.2.1.47.1.1.1.1"
SYSTEM = {"sys_descr": 1, "sys_object_id": 2, "sys_name": 5, "sys_services": 7}
ENTITY_COLUMNS = {
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
KINDS = {"3": "chassis", "5": "container", "6": "power_supply", "7": "fan", "9": "module"}
SCORED_CLASSES = {
    "network.switch": "network",
    "network.router": "network",
    "network.other": "network",
    "network.firewall": "firewall",
    "network.wireless_controller": "wireless",
    "network.access_point": "wireless",
    "network.load_balancer": "loadbalancer",
    "server.physical": "server",
    "server.virtual": "server",
    "server.hypervisor": "server",
    "storage.array": "storage",
    "printer.device": "printer",
    "power.ups": "power",
    "power.pdu": "power",
    "environment.sensor": "environment",
    "camera.device": "camera",
    "telephony.system": "collaboration",
    "management.console": "management",
    "appliance.other": "appliance",
    "client.workstation": "workstation",
    "unknown.device": None,
}


def main(folder: Path) -> int:
    """Write the predictions for a folder of recordings and print their score."""
    BUILD.mkdir(parents=True, exist_ok=True)
    predictions = BUILD / "predictions.jsonl"
    with predictions.open("w", encoding="utf-8") as lines:
        for path in sorted((folder / "snmprec").glob("*.snmprec")):
            if "@" in path.stem:
                # The same device once more, asked for one VLAN; not scored.
                continue
            lines.write(json.dumps(predict(path)) + "\n")
    command = [sys.executable, str(folder / "score.py"), str(folder / "truth.jsonl")]
    return subprocess.run([*command, str(predictions), *sys.argv[2:]], check=False).returncode


def predict(path: Path) -> dict[str, Any]:
    """Return what the knowledge makes of one recording, in the form of the scorer."""
    system, components = read_facts(Recording.parse(path.read_bytes()))
    found = classify(system, components)
    return {
        "name": path.stem,
        "vendor": found.vendor,
        "model": found.model,
        "os_version": found.os_version,
        "serial": found.serial,
        "device_class": SCORED_CLASSES[found.ci_class],
        "sysname": system.get("sys_name"),
        "rules": found.rules,
    }


def read_facts(recording: Recording) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return the system section and the component rows that a collector would make of it."""
    system: dict[str, Any] = {
        name: read_value(recording, f"1.3.6.1.2.1.1.{number}.0") for name, number in SYSTEM.items()
    }
    identity = system["sys_object_id"], system["sys_descr"]
    evidence = _answers(recording, evidence_oids(*identity))
    evidence |= _answers(recording, evidence_oids(*identity, evidence))
    for column in evidence_columns(*identity, evidence):
        evidence.update(dict(list(read_column(recording, column))[:1]))
    system["evidence"] = evidence
    rows: dict[str, dict[str, Any]] = {}
    for number, name in ENTITY_COLUMNS.items():
        for oid, value in read_column(recording, f"{ENTITY}.{number}"):
            rows.setdefault(oid.rsplit(".", 1)[1], {})[name] = value
    for index, row in rows.items():
        row["index"] = index
        row["kind"] = KINDS.get(str(row.get("kind")), "other")
    return system, [rows[index] for index in sorted(rows, key=int)]


def _answers(recording: Recording, oids: Sequence[str]) -> dict[str, str | int]:
    values = {oid: read_value(recording, oid) for oid in oids}
    return {oid: value for oid, value in values.items() if value is not None}


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
            yield oid, decode_text(content)
        elif tag == ber.OBJECT_ID:
            yield oid, ".".join(map(str, ber.decode_oid(content)))
        elif tag == ber.IP_ADDRESS:
            yield oid, ".".join(map(str, content))
        else:
            yield oid, ber.decode_integer(content)


def decode_text(content: bytes) -> str:
    """Return octets as text if they are text, else in hexadecimal."""
    try:
        text = content.rstrip(b"\x00").decode("utf-8")
    except UnicodeDecodeError:
        return content.hex(":")
    return text if all(c.isprintable() or c.isspace() for c in text) else content.hex(":")


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))

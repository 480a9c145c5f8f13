"""Measures discovery against recordings of real devices that lie outside the project.

`python -m tests.corpus DIR` serves `DIR/snmprec` over loopback UDP, runs the real collector through
it, writes `build/corpus/predictions.jsonl` and prints the table of `DIR/score.py`. `--offline` asks
the recordings without the network: knowledge only, ready in seconds.
Further options go to the scorer.
"""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from discovery.collectors.registry import get_collector
from discovery.knowledge import classify
from discovery.probing import Looking, ProbeTarget, probe
from discovery.secrets import SnmpCommunity
from discovery.secrets.environment import EnvironmentSecrets
from discovery.simulator import Recording, Simulator
from discovery.simulator.reading import read_facts
from schemas.observation import Document, TargetReport
from schemas.vocabulary import Section

BUILD = Path("build/corpus")
COMMUNITY = "public"
OPTIONS = {"timeout": 5.0, "retries": 1, "concurrency": 16, "seconds": 120.0}
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


class Corpus(Mapping[str, Recording]):
    """Loopback address → recording; read when a device is asked for the first time."""

    def __init__(self, folder: Path) -> None:
        # A name with @ is the same device once more, asked for one VLAN; those are not scored.
        paths = sorted(p for p in folder.glob("*.snmprec") if "@" not in p.stem)
        self.paths = {f"127.9.{n // 250}.{n % 250 + 1}": path for n, path in enumerate(paths)}

    def __getitem__(self, address: str) -> Recording:
        return Recording.parse(self.paths[address].read_bytes())

    def __iter__(self) -> Iterator[str]:
        return iter(self.paths)

    def __len__(self) -> int:
        return len(self.paths)


Look = Callable[[Corpus], Iterator[tuple[str, dict[str, Any]]]]


def main(folder: Path, *options: str) -> int:
    """Write the predictions for a folder of recordings and print their score."""
    look = look_offline if "--offline" in options else look_over_udp
    predictions = write_predictions(folder, look)
    rest = [option for option in options if option != "--offline"]
    return score(folder, folder / "truth.jsonl", predictions, *rest)


def write_predictions(folder: Path, look: Look) -> Path:
    """Write what is known of each recording of a folder; return where."""
    BUILD.mkdir(parents=True, exist_ok=True)
    predictions = BUILD / "predictions.jsonl"
    with predictions.open("w", encoding="utf-8") as lines:
        for name, sections in look(Corpus(folder / "snmprec")):
            lines.write(json.dumps({"name": name} | predict(sections)) + "\n")
    return predictions


def score(folder: Path, truth: Path, predictions: Path, *options: str) -> int:
    """Let the scorer of a folder judge the predictions by a truth; return its exit status."""
    command = [sys.executable, folder / "score.py", truth, predictions, *options]
    return subprocess.run(command, check=False).returncode


def look_offline(corpus: Corpus) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield name and sections of every recording, without the network."""
    for address, path in corpus.paths.items():
        system, components = read_facts(corpus[address])
        yield path.stem, {Section.SYSTEM: system, Section.COMPONENTS: components}


def look_over_udp(corpus: Corpus) -> Iterator[tuple[str, dict[str, Any]]]:
    """Serve the recordings and yield what the real collector makes of them."""
    found: dict[str, dict[str, Any]] = {}

    def take(name: str, item: Document | TargetReport) -> None:
        if isinstance(item, Document):
            found[name] = dict(item.sections)
        else:
            sys.stderr.write(f"{name}: {item.problem}\n")

    with Simulator(corpus) as simulator:
        targets = [
            ProbeTarget(path.stem, address, simulator.port, SnmpCommunity(COMMUNITY))
            for address, path in corpus.paths.items()
        ]
        probe(targets, Looking(get_collector("snmp"), EnvironmentSecrets({}), take, OPTIONS))
    yield from found.items()


def predict(sections: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is known of one device, in the form of the scorer."""
    system = sections.get(Section.SYSTEM, {})
    found = classify(system, sections.get(Section.COMPONENTS, ()))
    return {
        "vendor": found.vendor,
        "model": found.model,
        "os_version": found.os_version,
        "serial": found.serial,
        "device_class": SCORED_CLASSES[found.ci_class],
        "sysname": system.get("sys_name"),
        "rules": found.rules,
        "interfaces": [
            {
                "ifindex": row["index"],
                "name": row.get("name"),
                "alias": row.get("alias"),
                "type": row.get("type"),
                "mac": row.get("mac"),
                "speed_bps": row.get("speed"),
                "admin": row.get("admin_status"),
                "oper": row.get("oper_status"),
            }
            for row in sections.get(Section.INTERFACES, ())
        ],
        "ip_addresses": [row["address"] for row in sections.get(Section.ADDRESSES, ())],
        "neighbours": [
            {
                # Whoever sends no name is known to people by what it says it is.
                "remote_name": row.get("remote_name") or row.get("remote_description"),
                "chassis_id": row.get("remote_chassis_id"),
                "remote_port": row.get("remote_port"),
                "local_port": row.get("local_port"),
            }
            for row in sections.get(Section.NEIGHBOURS, ())
        ],
        "modules": [
            {
                "index": row["index"],
                "serial": row.get("serial"),
                "model": row.get("model"),
                "name": row.get("name"),
                "descr": row.get("description"),
            }
            for row in sections.get(Section.COMPONENTS, ())
        ],
        "vlans": [
            {"id": row["number"], "name": row.get("name")}
            for row in sections.get(Section.VLANS, ())
        ],
    }


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), *sys.argv[2:]))

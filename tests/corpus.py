"""Measures the device knowledge against recordings of real devices that lie outside the project.

`python -m tests.corpus DIR` reads `DIR/snmprec`, asks each recording what the collector would ask,
writes `build/corpus/predictions.jsonl` and prints the table of `DIR/score.py`.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from discovery.knowledge import classify
from discovery.simulator import Recording
from discovery.simulator.reading import read_facts

BUILD = Path("build/corpus")
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


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))

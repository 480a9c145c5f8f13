"""SNMP against the laboratory's fast responder: our collector and its peers, interleaved.

The metric is devices per CPU-second of the asking process, because the clock of a shared machine
also measures its neighbours; what counts are the ratios within one run. The laboratory lies beside
the project; without it or a C compiler there is nothing to measure against. The peer of NAV is
measured where `PEER_PYTHON` names an interpreter that has pynetsnmp.
"""

import contextlib
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from tests.bench.figures import Figure, Options
from tests.bench.pages import free_port
from tests.bench.snmp_contenders import addresses

HOUSE = Path(__file__).parents[2]
LAB = HOUSE.parent / "shared" / "lab" / "snmp"
ROUNDS = 5
DEAD_EVERY = 20
# Contender, devices and how many at a time.
RACE = (
    ("collector", 600, 50),
    ("raw", 600, 50),
    ("collector-v3", 400, 50),
    ("columns", 2000, 500),
    ("probe", 4000, 500),
)
PEERS = (("pynetsnmp", 60, "2"), ("pynetsnmp-v3", 40, "3"))

Result = dict[str, float]


def measure(options: Options) -> Iterator[Figure]:
    """Yield the speeds, the ratios to the peers, the memory and the price of dead devices."""
    if not LAB.is_dir() or shutil.which("gcc") is None:
        print(f"  left out: it needs gcc and {LAB.name} of the laboratory", file=sys.stderr)  # noqa: T201
        return
    with responder() as port:
        results: dict[str, list[Result]] = defaultdict(list)
        for _ in range(ROUNDS):
            for contender, devices, concurrency in RACE:
                found = contend(contender, port, options.number(devices), concurrency)
                results[contender].append(found)
            for name, devices, version in PEERS:
                if peer := os.environ.get("PEER_PYTHON"):
                    results[name].append(ask_peer(peer, port, devices, version))
        yield from _speeds(results)
        yield from _endurance(port, options)


def _speeds(results: dict[str, list[Result]]) -> Iterator[Figure]:
    speed = {
        name: statistics.median([one["devices"] / one["cpu"] for one in found])
        for name, found in results.items()
    }
    probes = [one["devices"] / one["wall"] for one in results["probe"]]
    for name, value in speed.items():
        budget = 1200 if name == "columns" else None
        yield Figure(f"{name}: full speed", value, "devices/CPU-s", budget)
    yield Figure("probe alone", statistics.median(probes), "devices/s", 2000)
    yield Figure("collector / gufo's bare loop", speed["collector"] / speed["raw"], "×", 0.4)
    # The bare loop did 515 on the machine on which 1,200 was wanted of the columns.
    ratio = speed["columns"] / speed["raw"]
    yield Figure("four columns / gufo's bare loop", ratio, "×", 1200 / 515)
    if "pynetsnmp" in speed:
        yield Figure("collector / pynetsnmp", speed["collector"] / speed["pynetsnmp"], "×", 2.5)
        ratio = speed["collector-v3"] / speed["pynetsnmp-v3"]
        yield Figure("v3 authPriv: collector / pynetsnmp", ratio, "×", 4)


def _endurance(port: int, options: Options) -> Iterator[Figure]:
    """Measure the memory of a long run and what devices cost that never answer."""
    count = options.number(10_000)
    alive = contend("collector", port, count, 500)
    yield Figure("memory, 10,000 devices, 500 at a time", alive["megabytes"], "MB", 150, True)
    with silent(
        [address for at, address in enumerate(addresses(count)) if at % DEAD_EVERY == 0], port
    ):
        dead = contend("collector", port, count, 500)
    per_second = [one["devices"] / one["wall"] for one in (alive, dead)]
    yield Figure("speed with 5 % dead devices", per_second[1] / per_second[0], "×", 0.8)


def contend(contender: str, port: int, devices: int, concurrency: int) -> Result:
    """Let one contender look at so many devices in a process of its own."""
    arguments = [contender, str(port), str(devices), str(concurrency)]
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.snmp_contenders", *arguments],
        cwd=HOUSE,
        check=True,
        stdout=subprocess.PIPE,
    )
    return json.loads(done.stdout)


def ask_peer(python: str, port: int, devices: int, version: str) -> Result:
    """Let NAV's library walk so many devices; refuse to count failures."""
    arguments = [str(port), str(devices), "50", "25", version]
    driver = LAB / "peer_pynetsnmp.py"
    done = subprocess.run([python, driver, *arguments], check=True, stdout=subprocess.PIPE)
    told = json.loads(done.stdout.splitlines()[-1])
    if told["err"]:
        raise RuntimeError(f"pynetsnmp failed at {told['err']} devices: {told['e0']}")
    return {"devices": devices, "cpu": told["cpu"], "wall": told["wall"]}


@contextlib.contextmanager
def responder() -> Iterator[int]:
    """Build and start the responder: every address of the loopback net is a switch of 52 ports."""
    with tempfile.TemporaryDirectory() as folder:
        program, recording = Path(folder, "responder"), Path(folder, "switch.snmprec")
        build = ["gcc", "-O2", "-w", "-o", program, LAB / "fastresp.c", "-lcrypto"]
        subprocess.run(build, check=True)
        with recording.open("wb") as file:
            subprocess.run([sys.executable, LAB / "mkrec.py"], check=True, stdout=file)
        port = free_port()
        process = subprocess.Popen(
            [program, str(port), "65000", recording],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            yield port
        finally:
            process.terminate()
            process.wait(10)


@contextlib.contextmanager
def silent(dead: list[str], port: int) -> Iterator[None]:
    """Take the place of the responder at these addresses and never answer."""
    with contextlib.ExitStack() as stack:
        for address in dead:
            mute = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
            mute.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            mute.bind((address, port))
        yield

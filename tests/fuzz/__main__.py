"""Looks at bent devices for as long as it may, and tells what no device must be able to do.

`python -m tests.fuzz --seconds 600 [--seed 1] [FOLDER…]`: the invented devices of the
demonstration and the recordings of the tests, and those of further folders. A finding is printed
with its number; `--only` repeats it.
"""

# ruff: noqa: T201 — printing is what this program is for

import argparse
import asyncio
import resource
import time
import traceback
from pathlib import Path
from random import Random

from pysnmp.carrier.asyncio import dispatch

from discovery.simulator import DemoNetwork, DemoPartner, DemoSite, Recording
from discovery.simulator.templates import load_templates
from tests.discovery.leaping import run_leaping
from tests.fuzz.looks import look_once

TOGETHER = 4
RECORDINGS = Path(__file__).parents[1] / "recordings"


def main() -> int:
    """Look until the CPU seconds are used up; the exit status tells whether something was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60, help="of CPU")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", type=int, help="the number of one look")
    parser.add_argument("folders", nargs="*", type=Path)
    arguments = parser.parse_args()
    devices = list_devices(arguments.folders)
    print(f"{len(devices)} devices", flush=True)
    # The second engine asks the clock of the machine, which does not leap.
    dispatch.time = lambda: asyncio.get_running_loop().time() + 1
    return run_leaping(_look_on(devices, arguments))


def list_devices(folders: list[Path]) -> list:
    """Return the rows of every device, the large ones first."""
    every = dict.fromkeys(load_templates(), 1)
    site = DemoSite("main", "Main", every)
    network = DemoNetwork([DemoPartner("fuzz", "Fuzz", "127.20", "10.20", [site])])
    paths = [path for folder in (RECORDINGS, *folders) for path in sorted(folder.glob("*.snmprec"))]
    recordings = [*network.values(), *map(Recording.read, paths)]
    return [list(recording.rows()) for recording in recordings]


async def _look_on(devices: list, arguments: argparse.Namespace) -> int:
    found: list[int] = []
    asyncio.get_running_loop().set_exception_handler(
        lambda _loop, context: (found.append(-1), print("in the loop:", context, flush=True))
    )
    numbers = iter([arguments.only]) if arguments.only is not None else iter(range(10**9))
    looks = documents = 0

    async def work() -> None:
        nonlocal looks, documents
        for number in numbers:
            random = Random(f"{arguments.seed}-{number}")  # noqa: S311 — repeatable
            rows = random.choice(devices[: 80 if number % 2 else None])
            try:
                count = await look_once(random, rows)
            except Exception:  # noqa: BLE001 — told, and the next look follows
                found.append(number)
                print(f"--- look {number}\n{traceback.format_exc()}", flush=True)
            else:
                documents += count
            looks += 1
            if looks % 250 == 0:
                _tell(looks, documents, found)
            if time.process_time() > arguments.seconds:
                return

    await asyncio.gather(*(work() for _ in range(TOGETHER)))
    _tell(looks, documents, found)
    return bool(found)


def _tell(looks: int, documents: int, found: list[int]) -> None:
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(
        f"{looks} looks, {documents} documents, {len(found)} findings, "
        f"{time.process_time():.0f} CPU seconds, {memory} MB",
        flush=True,
    )


if __name__ == "__main__":
    raise SystemExit(main())

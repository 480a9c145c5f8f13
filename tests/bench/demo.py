"""The first minute of a newcomer: `make demo` in a fresh clone until the page answers."""

import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.bench.figures import Figure, Options
from tests.bench.pages import free_port, wait_until_answers

HOUSE = Path(__file__).parents[2]
PATIENCE = 300


def measure(options: Options) -> Iterator[Figure]:
    """Clone what is committed, prepare it from nothing and wait for its sign-in page."""
    del options  # there is no smaller demonstration
    with tempfile.TemporaryDirectory() as folder:
        clone, home = Path(folder, "haus"), Path(folder, "home")
        home.mkdir()
        subprocess.run(["git", "clone", "--quiet", HOUSE, clone], check=True)
        yield Figure("make demo, fresh clone to first page", _seconds(clone, home), "s", 90, True)


def _seconds(clone: Path, home: Path) -> float:
    port = free_port()
    environment = {"HOME": str(home), "PATH": os.defpath, "PORT": str(port)}
    start = time.perf_counter()
    demo = subprocess.Popen(
        ["make", "demo"],
        cwd=clone,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        wait_until_answers(f"http://127.0.0.1:{port}/sign-in", seconds=PATIENCE)
        return time.perf_counter() - start
    finally:
        os.killpg(demo.pid, signal.SIGTERM)
        demo.wait(30)

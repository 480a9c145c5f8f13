"""The pages of a large estate, and what a server costs: time to its first answer and memory."""

import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from catalog.access import commands
from catalog.access.rules import Assignment
from catalog.app import create_app
from catalog.cli.console import console_actor, console_transaction
from catalog.cli.database import upgrade_database
from catalog.extensions import db
from cmdb.items.models import ConfigurationItem
from config.logging import configure_logging
from config.settings import load
from tests.bench.figures import Figure, Options
from tests.bench.lists import fill
from tests.web.conftest import post

ROUNDS = 40
DEVICES = 20_000


def measure(options: Options) -> Iterator[Figure]:
    """Yield the figures of pages, start and memory on SQLite."""
    configure_logging("console", "warning")
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(load(None, {}, {"data_directory": folder, "log_level": "warning"}))
        upgrade_database(app)
        with app.app_context():
            fill(db.engine, options.number(DEVICES))
        yield from _pages(app)
        with app.app_context():
            db.engine.dispose()
        yield from _server(Path(folder))


def _pages(app: Flask) -> Iterator[Figure]:
    client = _signed_in(app)
    with app.app_context():
        item_id = db.session.scalar(sa.select(ConfigurationItem.id).limit(1))
    for what, path, budget in (
        ("HTML list of 50, all facets", "/devices", 40),
        ("HTML list, free text", "/devices?q=sw-1", 40),
        ("HTML CI page", f"/devices/{item_id}", 25),
        ("HTML CI page, interfaces", f"/devices/{item_id}?tab=interfaces", 25),
    ):
        middle, late = _milliseconds(lambda path=path: _get(client, path))
        yield Figure(f"{what}, p50", middle, "ms", budget, is_most=True)
        yield Figure(f"{what}, p95", late, "ms")


def _signed_in(app: Flask) -> FlaskClient:
    with console_transaction(app) as session:
        made = commands.create_person(
            session,
            console_actor(),
            sign_in_name="bench",
            name="Bench",
            must_change_password=False,
        )
        commands.assign_role(session, console_actor(), made.person.id, Assignment("operator", None))
    client = app.test_client()
    post(client, "/sign-in", {"name": "bench", "password": made.password})
    return client


def _get(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    if answer.status_code != 200:
        raise RuntimeError(f"{path} answers {answer.status_code}")


def _milliseconds(act: Callable[[], None]) -> tuple[float, float]:
    """Return median and 95th percentile of several rounds after a warm-up."""
    for _ in range(5):
        act()
    times: list[float] = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        act()
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times), sorted(times)[int(0.95 * ROUNDS)]


def _server(folder: Path) -> Iterator[Figure]:
    """Start a real server on the filled database and ask it until it answers."""
    port = free_port()
    start = time.perf_counter()
    server = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "from catalog.cli import main; main()",
            "serve",
            "--port",
            str(port),
        ],
        env={**os.environ, "HAUS_DATA_DIRECTORY": str(folder)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_until_answers(f"http://127.0.0.1:{port}/sign-in")
        yield Figure("start to first answer", time.perf_counter() - start, "s", 2, is_most=True)
        for _ in range(200):
            _ask(f"http://127.0.0.1:{port}/sign-in")
        yield Figure("memory of haus serve", _megabytes(server.pid), "MB", 250, is_most=True)
    finally:
        server.terminate()
        server.wait(30)


def free_port() -> int:
    """Return a port of the loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until_answers(url: str, *, seconds: float = 12) -> None:
    """Ask again and again; raise RuntimeError if nobody answers in time."""
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        try:
            _ask(url)
        except OSError:
            time.sleep(0.02)
        else:
            return
    raise RuntimeError(f"{url} does not answer")


def _ask(url: str) -> None:
    with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 — our own loopback server
        answer.read()


def _megabytes(process: int) -> float:
    status = Path(f"/proc/{process}/status").read_text("utf-8")
    line = next(one for one in status.splitlines() if one.startswith("VmRSS"))
    return int(line.split()[1]) / 1024

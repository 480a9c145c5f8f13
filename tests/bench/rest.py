"""The REST interface on a large estate, through the whole app but without a network."""

import contextlib
import gc
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import chain, count
from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from catalog.access import rules, self_service
from catalog.access.authentication import viewer_of
from catalog.access.commands import assign_role, create_person
from catalog.access.models import Person
from catalog.access.roles import load_roles
from catalog.app import create_app
from catalog.extensions import db
from catalog.transactions import unit_of_work
from cmdb.items.models import ConfigurationItem
from cmdb.kernel.viewer import job
from config.logging import configure_logging
from config.settings import load
from tests.bench.figures import Figure, Options
from tests.bench.floor import make_floor
from tests.bench.lists import fill

DEVICES = 20_000
ROUNDS = 60
WARM = 5
PAGE = 100
BULK = 500
EXPORTED = 10_000
TAIL = 2.0


@dataclass(frozen=True, slots=True)
class Visitor:
    """A program with a token, and a person in the browser."""

    client: FlaskClient
    token: str
    name: str
    password: str
    base: str = "/api/v1"

    def send(self, method: str, path: str, **values: Any) -> Any:
        """Send a request with the token and refuse to measure a failure."""
        headers = {"Authorization": f"Bearer {self.token}", "If-Match": "*"}
        answer = self.client.open(f"{self.base}{path}", method=method, headers=headers, **values)
        if answer.status_code >= 300:
            raise RuntimeError(f"{method} {path}: {answer.status_code} {answer.text[:300]}")
        return answer

    def read(self, path: str) -> Any:
        """Return what a path answers."""
        return self.send("GET", path).json


def measure(options: Options) -> Iterator[Figure]:
    """Yield the figures on each database."""
    configure_logging("console", "warning")
    with options.databases() as databases:
        for name, engine in databases:
            partners = fill(engine, options.number(DEVICES))
            url = engine.url.render_as_string(hide_password=False)
            with _app(url) as app:
                visitor = _enter(app)
                gc.freeze()  # as `haus serve` does
                figures = chain(
                    _beside_floor(visitor, engine), _figures(app, visitor, str(partners[7]))
                )
                for figure in figures:
                    yield Figure(f"{name}: {figure.what}", *_rest(figure))


def _beside_floor(visitor: Visitor, engine: sa.Engine) -> Iterator[Figure]:
    """Measure in turn with the floor, on which the budgets in milliseconds were set."""
    floor = replace(visitor, client=make_floor(engine).test_client(), base="")
    with engine.connect() as connection:
        keys = connection.scalars(sa.select(ConfigurationItem.id).limit(400)).all()
    numbers = count()
    is_theirs = engine.dialect.name == "postgresql"  # where the floor of the budgets was measured
    for what, path, most in (("list of 50", "/items", 2.1), ("detail", "/items/{}", 3.2)):
        ours: list[float] = []
        theirs: list[float] = []
        for _round in range(ROUNDS):
            asked = path.format(keys[next(numbers) % len(keys)])
            for one, times in ((visitor, ours), (floor, theirs)):
                start = time.perf_counter()
                one.send("GET", asked)
                times.append((time.perf_counter() - start) * 1000)
        middle = statistics.median(theirs[WARM:])
        yield Figure(f"{what} on the floor, p50", middle, "ms")
        ratio = statistics.median(ours[WARM:]) / middle
        budget = most if is_theirs else None
        yield Figure(f"{what} as multiple of the floor", ratio, "×", budget, is_most=True)


def _figures(app: Flask, visitor: Visitor, partner: str) -> Iterator[Figure]:
    with app.app_context():
        statement = sa.select(ConfigurationItem.id, ConfigurationItem.serial).limit(400)
        rows = db.session.execute(statement).all()
    numbers = count()

    def some() -> Any:
        return rows[next(numbers) % len(rows)]

    first, tail = _times(lambda: visitor.read("/items"))
    yield _at_most("list of 50, p50", first, 11)
    yield _at_most("list of 50, p95 as multiple of p50", tail / first, TAIL, "×")
    cursor = ""
    for _page in range(PAGE - 1):
        cursor = visitor.read(f"/items?after={cursor}" if cursor else "/items")["next"] or cursor
    late, _tail = _times(lambda: visitor.read(f"/items?after={cursor}"))
    yield _at_most("page 100 as multiple of page 1", late / first, 1.2, "×")
    detail, tail = _times(lambda: visitor.read(f"/items/{some().id}"))
    yield _at_most("detail, p50", detail, 7)
    yield _at_most("detail, p95 as multiple of p50", tail / detail, TAIL, "×")
    text, tail = _times(lambda: visitor.read(f"/items?text={some().serial[-6:]}"))
    yield _at_most("free text, p50", text, 12)
    yield _at_most("free text, p95 as multiple of p50", tail / text, TAIL, "×")
    filtered, _tail = _times(lambda: visitor.read("/items?vendor=HPE&class_name=network"))
    yield _at_most("filtered, p50", filtered, 12)
    change, _tail = _times(
        lambda: visitor.send("PATCH", f"/items/{some().id}", json={"vendor": f"V{next(numbers)}"})
    )
    yield _at_most("PATCH with history, p50", change, 11)
    yield _bulk_patch(visitor, [str(row.id) for row in rows[:100]])
    yield _bulk_create(visitor, partner)
    yield from _export(app, visitor)


def _bulk_patch(visitor: Visitor, keys: list[str]) -> Figure:
    versions = {key: visitor.read(f"/items/{key}")["version"] for key in keys}
    numbers = count()

    def change() -> None:
        model = f"M{next(numbers)}"
        items = [{"id": key, "version": one, "model": model} for key, one in versions.items()]
        answer = visitor.send("PATCH", "/items/bulk", json={"items": items}).json
        versions.update({one["id"]: one["version"] for one in answer["items"]})

    return _at_most("bulk PATCH of 100", _times(change, rounds=10)[0], 85)


def _bulk_create(visitor: Visitor, partner: str) -> Figure:
    numbers = count()

    def create() -> None:
        items = [
            {
                "class_name": "network.switch",
                "name": f"new-{number}",
                "partner_id": partner,
                "vendor": "Acme",
                "serial": f"NEW{number:09}",
            }
            for number in (next(numbers) for _ in range(BULK))
        ]
        visitor.send("POST", "/items/bulk", json={"items": items})

    middle, _tail = _times(create, rounds=5)
    return Figure("bulk create", BULK / middle * 1000, "items/s", 900)


def _export(app: Flask, visitor: Visitor) -> Iterator[Figure]:
    """Measure the export of the page, which programs share with people."""
    from tests.web.conftest import post

    client = app.test_client()
    post(client, "/sign-in", {"name": visitor.name, "password": visitor.password})
    start = time.perf_counter()
    first = 0.0
    lines = 0
    answer = client.get("/devices.csv", buffered=False)
    for part in answer.iter_encoded():
        first = first or time.perf_counter() - start
        lines += part.count(b"\n")
        if lines > EXPORTED:
            break
    whole = time.perf_counter() - start
    answer.close()
    yield _at_most("CSV, first byte", first * 1000, 100)
    yield _at_most("CSV of 10,000", whole * 1000 * EXPORTED / max(lines, 1), 1000)


def _times(work: Callable[[], object], *, rounds: int = ROUNDS) -> tuple[float, float]:
    """Return the median and the 95th percentile of a piece of work in milliseconds."""
    for _round in range(min(WARM, rounds)):
        work()
    times: list[float] = []
    for _round in range(rounds):
        start = time.perf_counter()
        work()
        times.append((time.perf_counter() - start) * 1000)
    times.sort()
    return statistics.median(times), times[max(0, int(rounds * 0.95) - 1)]


def _at_most(what: str, reached: float, budget: float, unit: str = "ms") -> Figure:
    return Figure(what, reached, unit, budget, is_most=True)


def _rest(figure: Figure) -> tuple[float, str, float | None, bool]:
    return figure.reached, figure.unit, figure.budget, figure.is_most


@contextlib.contextmanager
def _app(url: str) -> Iterator[Flask]:
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(load(None, {}, {"data_directory": folder, "database_url": url}))
        yield app
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def _enter(app: Flask) -> Visitor:
    house = job("bench", *load_roles().all_permissions)
    with app.app_context():
        session: Session = db.session()
        with unit_of_work(session):
            made = create_person(
                session, house, sign_in_name="bench", name="Bench", must_change_password=False
            )
            assign_role(session, house, made.person.id, rules.Assignment("operator", None))
            actor = viewer_of(session.get_one(Person, made.person.id))
            scopes = [one for one in actor.grants if not one.startswith(rules.GIVE)]
            token = self_service.create_token(session, actor, name="bench", scopes=scopes)
    return Visitor(app.test_client(), token.text, "bench", made.password)

"""Lists, details and searches of a large estate, asked of the rooms themselves without HTTP.

python -m tests.bench.lists [postgresql://…] [--devices 20000]
"""

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

import cmdb.accounts.models
import cmdb.history.models
import cmdb.intake.models
import cmdb.plans.models
import cmdb.reconcile.models  # noqa: F401 — all tables make themselves known
from cmdb.history.queries import list_facts, list_revisions
from cmdb.items import detail, facets, queries, search
from cmdb.items.changes import ItemPatch
from cmdb.items.classes import seed_classes
from cmdb.items.filters import ItemFilter
from cmdb.items.models import ConfigurationItem, Interface
from cmdb.kernel.clock import now
from cmdb.kernel.db import Base, create_engine
from cmdb.kernel.ids import new_key
from cmdb.kernel.viewer import EVERYWHERE, ActorKind, Viewer, job
from cmdb.partners.models import Organisation, Site
from cmdb.reconcile import declarations
from tests.bench.figures import settle

PERMISSIONS = ("item.read", "item.write", "partner.read", "finding.read")
EVERYBODY = Viewer(None, "Bench", ActorKind.JOB, dict.fromkeys(PERMISSIONS, EVERYWHERE))
CLASSES = ("network.switch", "network.router", "network.access_point", "server.virtual", "client")
VENDORS = {"Cisco": "C9300-48P", "HPE": "J9773A", "Aruba": "2930F", "Dell": "R740", "Lenovo": "T14"}
PER_DEVICE = 25
CHUNK = 20_000


@dataclass(frozen=True)
class Measure:
    """What was measured, in milliseconds."""

    name: str
    p50: float
    p95: float
    statements: float


def fill(engine: sa.Engine, devices: int) -> list[UUID]:
    """Fill an empty database by the fastest way there is; return the partners."""
    chance = random.Random(2027)  # noqa: S311 — repeatable invented data
    at = now()
    with Session(engine) as session:
        seed_classes(session, job("Bench", "admin.classes"))
        session.flush()
        partners = [new_key() for _ in range(90)]
        rows = [
            {"id": key, "slug": f"p-{n}", "name": f"Gemeinde {n:02}"}
            for n, key in enumerate(partners)
        ]
        session.execute(sa.insert(Organisation), rows)
        sites = {key: [new_key() for _ in range(3)] for key in partners}
        session.execute(
            sa.insert(Site),
            [
                {"id": site, "partner_id": key, "name": f"Haus {n}"}
                for key, some in sites.items()
                for n, site in enumerate(some)
            ],
        )
        items = list(_devices(chance, devices, partners, sites, at))
        for part in _chunks(items):
            session.execute(sa.insert(ConfigurationItem), part)
        for part in _chunks(_interfaces([row["id"] for row in items])):
            session.execute(sa.insert(Interface), part)
        session.commit()
    settle(engine)
    return partners


def _devices(
    chance: random.Random, count: int, partners: list[UUID], sites: dict[UUID, list[UUID]], at: Any
) -> Iterator[dict[str, Any]]:
    for number in range(count):
        partner = chance.choice(partners)
        vendor = chance.choice(list(VENDORS))
        yield {
            "id": new_key(),
            "class_name": chance.choice(CLASSES),
            "name": f"{vendor.lower()}-{chance.randrange(16**5):05x}-{number}",
            "partner_id": partner,
            "site_id": chance.choice(sites[partner]),
            "vendor": vendor,
            "model": f"{VENDORS[vendor]}-{chance.randrange(40)}",
            "serial": f"FOC{chance.randrange(16**9):09X}",
            "os_version": f"{chance.randrange(20)}.{chance.randrange(10)}.{chance.randrange(10)}",
            "address": f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}",
            "attributes": {"rack": f"A{number % 40}"},
            "seen_at": at - timedelta(minutes=chance.randrange(20_000)),
            "created_at": at,
            "updated_at": at - timedelta(minutes=chance.randrange(20_000)),
        }


def _interfaces(items: list[UUID]) -> Iterator[dict[str, Any]]:
    for number, item_id in enumerate(items):
        for index in range(1, PER_DEVICE + 1):
            value = f"{number * 64 + index:012x}"
            yield {
                "id": new_key(),
                "item_id": item_id,
                "index": index,
                "name": f"Gi1/0/{index}",
                "description": f"GigabitEthernet1/0/{index}",
                "mac": ":".join(value[start : start + 2] for start in range(0, 12, 2)),
                "speed": 1_000_000_000,
                "mtu": 1500,
                "admin_status": "up",
                "oper_status": "down",
            }


def _chunks(rows: Any) -> Iterator[list[dict[str, Any]]]:
    part: list[dict[str, Any]] = []
    for row in rows:
        part.append(row)
        if len(part) == CHUNK:
            yield part
            part = []
    if part:
        yield part


def measure(
    session: Session, name: str, work: Callable[[], object], *, rounds: int = 40
) -> Measure:
    """Time a piece of work and count its statements."""
    count = 0

    def note(*_: Any) -> None:
        nonlocal count
        count += 1

    for _round in range(3):
        work()
    engine = session.get_bind()
    sa.event.listen(engine, "before_cursor_execute", note)
    times: list[float] = []
    for _round in range(rounds):
        session.expunge_all()
        start = time.perf_counter()
        work()
        times.append((time.perf_counter() - start) * 1000)
    sa.event.remove(engine, "before_cursor_execute", note)
    times.sort()
    return Measure(name, statistics.median(times), times[int(rounds * 0.95) - 1], count / rounds)


def run(engine: sa.Engine, devices: int) -> Iterator[Measure]:
    """Measure everything; the database is filled before."""
    partners = fill(engine, devices)
    clerk = Viewer(
        None, "Clerk", ActorKind.JOB, dict.fromkeys(PERMISSIONS, frozenset({partners[7]}))
    )
    with Session(engine) as session:
        chance = random.Random(1)  # noqa: S311 — repeatable
        sample = session.execute(
            sa.select(ConfigurationItem.id, ConfigurationItem.serial).limit(500)
        ).all()
        late = None
        for _page in range(99):
            late = queries.list_items(session, EVERYBODY, after=late).next_cursor

        def list_by(viewer: Viewer = EVERYBODY, wanted: ItemFilter | None = None, **more: Any):
            return lambda: queries.list_items(session, viewer, wanted or ItemFilter(), **more)

        def some() -> Any:
            return chance.choice(sample)

        yield measure(session, "list of 50", list_by())
        yield measure(session, "page 100", list_by(after=late))
        yield measure(session, "list of 50, own partner", list_by(clerk))
        for sort in queries.SORTS:
            yield measure(session, f"sorted by {sort}", list_by(sort=sort))
        yield measure(session, "sorted by -seen_at", list_by(sort="-seen_at"))
        filters = {
            "class": ItemFilter(classes=("network",)),
            "partner and vendor": ItemFilter(partners=(partners[3],), vendors=("HPE",)),
            "network /24": ItemFilter(network="10.0.7.0/24"),
            "with finding": ItemFilter(has_finding=True),
            "free text, many": ItemFilter(text="cisco"),
            "free text, two words": ItemFilter(text="aruba 2930"),
            "free text, none": ItemFilter(text="nothing-like-it"),
            "free text, 2 letters": ItemFilter(text="a7"),
            "MAC address": ItemFilter(text="00:00:00:00:40:07"),
        }
        for name, wanted in filters.items():
            yield measure(session, f"list: {name}", list_by(wanted=wanted))
        yield measure(
            session,
            "free text: serial",
            lambda: queries.list_items(session, EVERYBODY, ItemFilter(text=some().serial[-6:])),
        )
        yield measure(session, "free text, own partner", list_by(clerk, ItemFilter(text="cisco")))
        for name, viewer, wanted in (
            ("all", EVERYBODY, ItemFilter()),
            ("class and text", EVERYBODY, ItemFilter(classes=("network",), text="cisco")),
            ("own partner", clerk, ItemFilter()),
        ):
            yield measure(
                session,
                f"count: {name}",
                lambda v=viewer, w=wanted: queries.count_items(session, v, w),
            )
            yield measure(
                session,
                f"facets: {name}",
                lambda v=viewer, w=wanted: facets.facet_counts(session, v, w),
            )
        yield measure(
            session,
            "global search",
            lambda: search.search_everywhere(session, EVERYBODY, "gemeinde 7"),
        )
        yield measure(
            session, "detail head", lambda: detail.get_item(session, EVERYBODY, some().id)
        )
        yield measure(session, "detail, everything", lambda: _everything(session, some().id))
        yield measure(session, "export 10,000", lambda: _export(session), rounds=5)
        yield measure(session, "PATCH with history", lambda: _patch(session, some().id, chance))
        yield measure(
            session,
            "bulk PATCH 100",
            lambda: _bulk(session, chance.sample(sample, 100), chance),
            rounds=10,
        )


def _everything(session: Session, item_id: UUID) -> None:
    detail.get_item(session, EVERYBODY, item_id)
    list_facts(session, EVERYBODY, item_id)
    detail.list_interfaces(session, EVERYBODY, item_id)
    detail.list_addresses(session, EVERYBODY, item_id)
    detail.list_components(session, EVERYBODY, item_id)
    detail.list_relations(session, EVERYBODY, item_id)
    list_revisions(session, EVERYBODY, item_id)


def _export(session: Session) -> int:
    rows = queries.export_items(session, EVERYBODY)
    return sum(1 for _row, _number in zip(rows, range(10_000), strict=False))


def _patch(session: Session, item_id: UUID, chance: random.Random) -> None:
    session.commit()
    session.connection(execution_options={"begin_immediate": True})
    changes = {"vendor": f"V{chance.random()}", "asset_number": f"R{chance.random()}"}
    declarations.update_item(session, EVERYBODY, item_id, changes, expected_version=None)
    session.commit()


def _bulk(session: Session, rows: Any, chance: random.Random) -> None:
    session.commit()
    session.connection(execution_options={"begin_immediate": True})
    patches = [ItemPatch(row.id, {"model": f"M{chance.random()}"}) for row in rows]
    declarations.bulk_update(session, EVERYBODY, patches)
    session.commit()


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url", nargs="?")
    parser.add_argument("--devices", type=int, default=20_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        engine = create_engine(given.url or f"sqlite:///{Path(folder) / 'bench.db'}")
        Base.metadata.drop_all(engine)
        Base.metadata.create_all(engine)
        start = time.perf_counter()
        for number, one in enumerate(run(engine, given.devices)):
            if number == 0:
                print(f"filled in {time.perf_counter() - start:.1f} s, {engine.dialect.name}")  # noqa: T201
                print(f"{'':32} {'p50 ms':>8} {'p95 ms':>8} {'SQL':>5}")  # noqa: T201
            print(f"{one.name:32} {one.p50:8.1f} {one.p95:8.1f} {one.statements:5.1f}")  # noqa: T201
        engine.dispose()


if __name__ == "__main__":
    main()

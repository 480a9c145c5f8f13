"""What a part of the measurements says, and where it may work."""

import contextlib
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

import cmdb.accounts.models
import cmdb.reconcile.models  # noqa: F401 — all tables make themselves known
from cmdb.kernel.db import Base, create_engine
from cmdb.kernel.ids import new_key


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table.

    Attributes:
        reached: what was measured.
        budget: what is wanted; None where a figure is only told.
        is_most: whether the budget is the most that is allowed, not the least that is wanted.
    """

    what: str
    reached: float
    unit: str
    budget: float | None = None
    is_most: bool = False

    @property
    def is_met(self) -> bool:
        """Whether the budget is kept."""
        if self.budget is None:
            return True
        return self.reached <= self.budget if self.is_most else self.reached >= self.budget


@dataclass(frozen=True, slots=True)
class Options:
    """What the caller wants.

    Attributes:
        postgresql: the server on which databases may be made and dropped; None leaves it out.
        scale: 1 for the full measure, less for a quick look.
    """

    postgresql: str | None = None
    scale: float = 1.0

    def number(self, full: int) -> int:
        """Return how many of something to measure with."""
        return max(20, int(full * self.scale))

    @contextlib.contextmanager
    def databases(self) -> Iterator[Iterator[tuple[str, sa.Engine]]]:
        """Lend empty databases with all tables, one after another: SQLite, then PostgreSQL."""
        with contextlib.ExitStack() as stack:
            yield self._databases(stack)

    def _databases(self, stack: contextlib.ExitStack) -> Iterator[tuple[str, sa.Engine]]:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        yield "SQLite", _prepared(stack, f"sqlite:///{Path(folder) / 'bench.db'}")
        if self.postgresql is not None:
            yield "PostgreSQL", _prepared(stack, _own_database(stack, self.postgresql))


def settle(engine: sa.Engine) -> None:
    """Do what PostgreSQL does by itself, and a database filled a second ago still waits for."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        is_sqlite = engine.dialect.name == "sqlite"
        connection.exec_driver_sql("ANALYZE" if is_sqlite else "VACUUM ANALYZE")


def _prepared(stack: contextlib.ExitStack, url: str) -> sa.Engine:
    engine = create_engine(url)
    stack.callback(engine.dispose)
    Base.metadata.create_all(engine)
    return engine


def _own_database(stack: contextlib.ExitStack, server: str) -> str:
    name = f"haus_bench_{new_key().hex}"
    admin = sa.create_engine(
        f"{server}/postgres", isolation_level="AUTOCOMMIT", poolclass=sa.NullPool
    )

    def execute(statement: str) -> None:
        with admin.connect() as connection:
            connection.execute(sa.text(statement))

    execute(f"CREATE DATABASE {name}")
    stack.callback(execute, f"DROP DATABASE {name} WITH (FORCE)")
    return f"{server}/{name}"

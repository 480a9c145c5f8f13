"""The base of all tables and the engine; no web framework in sight."""

import enum
from datetime import datetime
from decimal import Decimal
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import DeclarativeBase

from cmdb.kernel.types import JSON, WORD, ExactDecimal, JsonList, JsonMap, UtcDateTime


class Base(DeclarativeBase):
    """The base of all mapped classes."""

    metadata = sa.MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 — SQLAlchemy's own name and form
        datetime: UtcDateTime(),
        Decimal: ExactDecimal(),
        JsonMap: JSON,
        JsonList: JSON,
        enum.StrEnum: WORD,
    }


def _dump_json(value: Any) -> str:
    return orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS).decode()


def _load_json(value: Any) -> Any:
    # A column of type JSON has numeric affinity on SQLite: a bare number comes back as one.
    return value if isinstance(value, int | float) else orjson.loads(value)


def engine_options(url: str) -> dict[str, Any]:
    """Return the arguments of `create_engine` for this database."""
    options: dict[str, Any] = {"json_serializer": _dump_json, "json_deserializer": _load_json}
    if url.startswith("sqlite"):
        # A second writer waits for the first instead of failing with "database is locked".
        options["connect_args"] = {"timeout": 30}
    return options


def create_engine(url: str) -> sa.Engine:
    """Return an engine with the house's settings for this database."""
    engine = sa.create_engine(url, **engine_options(url))
    prepare_engine(engine)
    return engine


def prepare_engine(engine: sa.Engine) -> None:
    """Teach an SQLite engine foreign keys, write-ahead logging and honest transactions.

    A transaction that reads first and writes later fails at once under contention when it began
    deferred (its snapshot is old), however long the timeout. Connections with the execution option
    `begin_immediate` therefore take the write lock at their start.
    """
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def _on_connect(connection: Any, _record: Any) -> None:
        # SQLAlchemy, not the driver, says when a transaction begins.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = NORMAL")
        cursor.execute("PRAGMA cache_size = -32000")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _on_begin(connection: sa.Connection) -> None:
        immediate = connection.get_execution_options().get("begin_immediate", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")

    del _on_connect, _on_begin

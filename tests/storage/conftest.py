"""A fresh database per test: an SQLite file, and PostgreSQL where one is reachable.

Tests ask for `session`; those that need several connections ask for `engine`.
"""

import os

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

import catalog.models  # noqa: F401 — all tables make themselves known
from cmdb.kernel.db import Base, create_engine
from cmdb.kernel.ids import new_key

USER = os.environ.get("HAUS_TEST_POSTGRESQL_USER", "root")
SERVER = f"postgresql://{USER}@127.0.0.1:5432"


def administer() -> sa.Engine:
    """Return an engine that may make and drop databases."""
    return sa.create_engine(
        f"{SERVER}/postgres",
        isolation_level="AUTOCOMMIT",
        connect_args={"connect_timeout": 2},
        poolclass=sa.NullPool,
    )


@pytest.fixture(scope="session")
def postgresql_url():
    """The address of a database of our own, made once per test process and dropped after it."""
    admin = administer()
    name = f"haus_test_{new_key().hex}"
    try:
        with admin.connect() as connection:
            connection.execute(sa.text(f"CREATE DATABASE {name}"))
    except sa.exc.OperationalError:
        pytest.skip(f"PostgreSQL does not answer at {SERVER}")
    url = f"{SERVER}/{name}"
    engine = create_engine(url)
    Base.metadata.create_all(engine)
    engine.dispose()
    yield url
    with admin.connect() as connection:
        connection.execute(sa.text(f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory):
    """A file with all tables and no rows; copying it is faster than creating them."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    engine = create_engine(f"sqlite:///{path}")
    Base.metadata.create_all(engine)
    engine.dispose()
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request, tmp_path):
    if request.param == "sqlite":
        path = tmp_path / "haus.db"
        path.write_bytes(request.getfixturevalue("sqlite_template").read_bytes())
        engine = create_engine(f"sqlite:///{path}")
        yield engine
    else:
        engine = create_engine(request.getfixturevalue("postgresql_url"))
        yield engine
        names = ", ".join(table.name for table in Base.metadata.sorted_tables)
        with engine.begin() as connection:
            connection.execute(sa.text(f"TRUNCATE {names} CASCADE"))
    engine.dispose()


@pytest.fixture
def session(engine):
    with Session(engine, expire_on_commit=False) as session:
        yield session

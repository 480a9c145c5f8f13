"""The numbered line of migrations leads from nothing to the tables of the code, and back."""

import re

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import Migrate

import catalog.models  # noqa: F401 — tables make themselves known
from catalog.cli.database import MIGRATIONS, newest_migration, pending_migrations
from catalog.extensions import db
from cmdb.kernel.db import Base, engine_options, prepare_engine
from cmdb.kernel.ids import new_key
from tests.storage.conftest import SERVER, administer


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request, tmp_path):
    """The address of an empty database."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    request.getfixturevalue("postgresql_url")  # skips where no server answers
    name = f"haus_migrations_{new_key().hex}"
    with administer().connect() as connection:
        connection.execute(sa.text(f"CREATE DATABASE {name}"))
        yield f"{SERVER}/{name}"
        connection.execute(sa.text(f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture
def app(database_url):
    app = Flask(__name__)
    app.config.update(
        SQLALCHEMY_DATABASE_URI=database_url, SQLALCHEMY_ENGINE_OPTIONS=engine_options(database_url)
    )
    db.init_app(app)
    Migrate(app, db, directory=str(MIGRATIONS), render_as_batch=True)
    with app.app_context():
        prepare_engine(db.engine)
        yield app
        db.engine.dispose()


@pytest.fixture
def config(app):
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config


def test_there_is_one_head_and_the_numbers_have_no_gaps():
    scripts = ScriptDirectory(str(MIGRATIONS))
    assert len(scripts.get_heads()) == 1
    numbers = [one.revision for one in scripts.walk_revisions()]
    assert sorted(numbers) == [f"{number:04d}" for number in range(1, len(numbers) + 1)]
    assert newest_migration() == scripts.get_current_head()
    files = sorted(path.name for path in (MIGRATIONS / "versions").glob("*.py"))
    assert all(re.fullmatch(r"\d{4}_[a-z_]+\.py", name) for name in files)


def test_from_nothing_to_the_tables_of_the_code(app, config):
    command.upgrade(config, "head")
    with db.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "include_object": _is_ours}
        )
        assert compare_metadata(context, Base.metadata) == []


def test_a_database_that_is_behind_is_told_from_one_that_is_not(app, config):
    assert pending_migrations(app)
    command.upgrade(config, "head-1")
    assert pending_migrations(app)
    command.upgrade(config, "head")
    assert not pending_migrations(app)


def test_the_whole_way_back_and_forth(app, config):
    command.upgrade(config, "head")
    command.downgrade(config, "base")
    with db.engine.connect() as connection:
        left = set(sa.inspect(connection).get_table_names())
    assert left <= {"alembic_version"}
    command.upgrade(config, "head")


def _is_ours(_item, name, kind, _reflected, _other):
    """Leave out what the search keeps beside its table."""
    return not (kind in {"table", "index"} and name and "search" in name)

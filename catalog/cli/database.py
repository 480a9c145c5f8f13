"""`haus init` and `haus upgrade`: the data directory and the tables."""

from pathlib import Path
from typing import Final

import click
import sqlalchemy as sa
from flask import Flask

import catalog
from catalog.cli.console import console_actor, console_transaction
from catalog.extensions import db
from config.settings import ServerSettings

MIGRATIONS: Final = Path(catalog.__file__).parent / "migrations"


@click.command()
@click.pass_obj
def init(settings: ServerSettings) -> None:
    """Prepare the data directory and the database; safe to repeat."""
    from catalog.app import create_app

    app = create_app(settings)
    for folder in (settings.directory_path,):
        folder.mkdir(parents=True, exist_ok=True)
    upgrade_database(app)
    click.echo(f"Ready: {settings.data_path}")
    click.echo("Next: haus user create NAME --role administrator, then haus serve.")


@click.command()
@click.pass_obj
def upgrade(settings: ServerSettings) -> None:
    """Bring the tables to the form that this version needs."""
    from catalog.app import create_app

    upgrade_database(create_app(settings))
    click.echo("The database is up to date.")


def upgrade_database(app: Flask) -> None:
    """Run all migrations that the database has not seen yet and bring in the shipped classes."""
    from flask_migrate import Migrate
    from flask_migrate import upgrade as run_migrations

    from cmdb.items.classes import seed_classes

    Migrate(app, db, directory=str(MIGRATIONS), render_as_batch=True, compare_type=True)
    with app.app_context():
        run_migrations()
    with console_transaction(app) as session:
        seed_classes(session, console_actor())


def pending_migrations(app: Flask) -> bool:
    """Tell whether the database is behind the code."""
    with app.app_context(), db.engine.connect() as connection:
        if not sa.inspect(connection).has_table("alembic_version"):
            return True
        current = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    return current != newest_migration()


def newest_migration() -> str:
    """Return the revision of the last migration: the number its file begins with.

    Alembic would tell the same, but a server that starts need not load it.
    """
    return max(path.stem for path in (MIGRATIONS / "versions").glob("*.py")).partition("_")[0]

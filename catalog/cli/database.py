"""`haus init` and `haus upgrade`: the data directory and the tables."""

import click
from flask import Flask

from catalog.cli.console import console_actor, console_transaction
from catalog.extensions import MIGRATIONS, db
from config.settings import ServerSettings


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
    from flask_migrate import upgrade as run_migrations

    from cmdb.items.classes import seed_classes

    with app.app_context():
        run_migrations()
    with console_transaction(app) as session:
        seed_classes(session, console_actor())


def pending_migrations(app: Flask) -> bool:
    """Tell whether the database is behind the code."""
    from alembic.migration import MigrationContext
    from alembic.script import ScriptDirectory

    head = ScriptDirectory(str(MIGRATIONS)).get_current_head()
    with app.app_context(), db.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() != head

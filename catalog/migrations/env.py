"""Runs migrations on the engine of the app; `catalog.models` makes every table known."""

from alembic import context
from flask import current_app

from cmdb.kernel.db import Base


def run() -> None:
    """Run the migrations in one transaction on the app's own engine."""
    engine = current_app.extensions["migrate"].db.engine
    arguments = current_app.extensions["migrate"].configure_args
    with engine.connect().execution_options(begin_immediate=True) as connection:
        if connection.dialect.name == "sqlite":
            # Alembic rebuilds tables on SQLite, which foreign keys would forbid.
            connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
            connection.commit()
        context.configure(connection=connection, target_metadata=Base.metadata, **arguments)
        with context.begin_transaction():
            context.run_migrations()


run()

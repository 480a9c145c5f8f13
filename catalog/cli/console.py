"""Who acts on the command line, and in which transaction."""

import getpass
from collections.abc import Generator
from contextlib import contextmanager

import click
from flask import Flask
from sqlalchemy.orm import Session

from catalog.access.roles import load_roles
from catalog.extensions import db
from catalog.transactions import unit_of_work
from cmdb.kernel.errors import HausError
from cmdb.kernel.viewer import Viewer, job
from cmdb.partners.models import Organisation


def console_actor() -> Viewer:
    """Return whoever types on this machine: who can read the database may do everything with it."""
    return job(f"{getpass.getuser()} (console)", *sorted(load_roles().all_permissions))


@contextmanager
def console_session(app: Flask) -> Generator[Session, None, None]:
    """Lend a session within the app and turn errors of the house into messages."""
    with app.app_context():
        try:
            yield db.session()
        except HausError as error:
            details = "".join(f"\n  {name}: {text}" for name, text in error.errors.items())
            raise click.ClickException(f"{error}{details}") from error


@contextmanager
def console_transaction(app: Flask) -> Generator[Session, None, None]:
    """Lend a session whose changes are kept when the block ends well."""
    with console_session(app) as session, unit_of_work(session):
        yield session


def organisation_named(session: Session, slug: str) -> Organisation:
    """Return the organisation with this short name, or say which there are."""
    from sqlalchemy import select

    found = session.scalar(select(Organisation).where(Organisation.slug == slug))
    if found is None:
        known = session.scalars(select(Organisation.slug).order_by(Organisation.slug).limit(200))
        similar = [one for one in known if slug.lower()[:3] in one][:8]
        hint = f" Similar: {', '.join(similar)}." if similar else ""
        raise click.ClickException(f"There is no organisation «{slug}».{hint}")
    return found

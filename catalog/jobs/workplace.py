"""What a carrier needs to work: the database, the secrets and its limits."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from catalog.extensions import db
from catalog.transactions import unit_of_work
from cmdb.kernel.viewer import Viewer, job
from config.settings import ServerSettings
from discovery.secrets import SecretSource
from discovery.secrets.local import secrets_here

SessionFactory = Callable[[], Session]

CARRIER = job("discovery", "intake.submit", "run.request", "run.read", "plan.read", "finding.read")
"""In whose name discovery is carried out."""


@dataclass(frozen=True, slots=True)
class Workplace:
    """Where assignments are carried out.

    Attributes:
        ldif_folder: the only folder from which directory files are read.
        lease: after so much time without a sign of life somebody else takes an assignment over.
        longest: how long one assignment may take altogether.
    """

    session_factory: SessionFactory
    secrets: SecretSource
    ldif_folder: Path
    lease: timedelta = timedelta(minutes=15)
    longest: timedelta = timedelta(hours=6)
    actor: Viewer = CARRIER

    @classmethod
    def for_app(cls, app: Flask, settings: ServerSettings) -> "Workplace":
        """Return the workplace with the database of an app and the secrets of this machine."""
        with app.app_context():
            engine = db.engine
        return cls(
            sessionmaker(engine, expire_on_commit=False),
            local_secrets(settings),
            settings.directory_path,
            timedelta(minutes=settings.lease_minutes),
        )

    @contextmanager
    def transaction(self) -> Generator[Session]:
        """Lend a session whose changes are kept when the block ends well."""
        with self.session_factory() as session, unit_of_work(session):
            yield session


def local_secrets(settings: ServerSettings) -> SecretSource:
    """Return the secrets of this machine: environment variables first, then the file."""
    return secrets_here(settings.secrets_path)

"""An app with a fresh SQLite database per test, and people who can sign in to it."""

import re
from contextlib import contextmanager
from types import SimpleNamespace

import pytest
from sqlalchemy.orm import Session

from catalog.access import commands, rules
from catalog.access.roles import load_roles
from catalog.app import create_app
from catalog.extensions import db, limiter
from catalog.transactions import unit_of_work
from cmdb.kernel.db import Base
from cmdb.kernel.viewer import job
from config.settings import load
from tests.builders import make_partner

FIELD = re.compile(r'name="csrf_token"[^>]* value="([^"]+)"')


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory):
    """A database with all tables and no rows; copying it is faster than creating them."""
    folder = tmp_path_factory.mktemp("empty")
    app = create_app(load(overrides={"data_directory": str(folder)}))
    with app.app_context():
        Base.metadata.create_all(db.engine)
        db.engine.dispose()
    return folder / "haus.db"


@pytest.fixture
def make_app(empty_database, tmp_path):
    """Makes apps on one database of this test: `make_app(is_secure=True)`."""
    (tmp_path / "haus.db").write_bytes(empty_database.read_bytes())
    apps = []

    def make(**overrides):
        app = create_app(load(overrides={"data_directory": str(tmp_path), **overrides}))
        app.testing = True
        apps.append(app)
        return app

    yield make
    for app in apps:
        with app.app_context():
            limiter.reset()
            db.session.remove()
            db.engine.dispose()


@pytest.fixture
def app(make_app):
    return make_app()


@pytest.fixture
def client(app):
    return app.test_client()


@pytest.fixture
def session(app):
    """A session of its own on the app's database, for arranging and for looking behind the page.

    The app's own session would need its context, which requests would then share with the test.
    """
    with app.app_context():
        engine = db.engine
    with Session(engine, expire_on_commit=False) as session:
        yield session


@pytest.fixture
def house():
    """The actor that arranges: it may do everything."""
    return job("tests", *load_roles().all_permissions)


@pytest.fixture
def partner(session):
    with unit_of_work(session):
        return make_partner(session, "Gemeinde Aarfeld")


@pytest.fixture
def make_person(session, house):
    """Makes people who need not change their password: `make_person("operator", partner.id)`."""

    def make(role=None, organisation_id=None, *, works_for=None, name="anna"):
        with unit_of_work(session):
            made = commands.create_person(
                session,
                house,
                sign_in_name=name,
                name=name.title(),
                organisation_id=works_for,
                must_change_password=False,
            )
            if role:
                given = rules.Assignment(role, organisation_id)
                commands.assign_role(session, house, made.person.id, given)
        return SimpleNamespace(id=made.person.id, sign_in_name=name, password=made.password)

    return make


@pytest.fixture
def sign_in(client):
    """Signs somebody in with the shared client: `sign_in(person)`."""

    def enter(person, password=None):
        form = {"name": person.sign_in_name, "password": password or person.password}
        return post(client, "/sign-in", form)

    return enter


@contextmanager
def signed_in_client(app, person):
    """A client of its own in which a person is signed in."""
    client = app.test_client()
    answer = post(client, "/sign-in", {"name": person.sign_in_name, "password": person.password})
    assert answer.status_code == 303, answer.text
    yield client


def post(client, path, form=None, *, form_page="/sign-in"):
    """Send a form as a browser does: with the token of a page read before."""
    return client.post(path, data={"csrf_token": form_token(client, form_page), **(form or {})})


def form_token(client, form_page="/sign-in"):
    """Return the form token of a page; a signed-in client is led on to its account."""
    answer = client.get(form_page)
    if answer.status_code == 303:
        answer = client.get("/account/password")
    found = FIELD.search(answer.text)
    assert found, answer.text[:500]
    return found[1]

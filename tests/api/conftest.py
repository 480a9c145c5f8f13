"""Clients with a token on a fresh app; the app and its people are those of the page tests."""

from types import SimpleNamespace

import pytest

from catalog.access import rules, self_service
from catalog.access.authentication import viewer_of
from catalog.access.models import Person
from catalog.transactions import unit_of_work
from tests.builders import make_partner
from tests.web import conftest as pages

# Fixtures are found by their names; those of the pages arrange the same app.
empty_database, make_app, app = pages.empty_database, pages.make_app, pages.app
client, session, house = pages.client, pages.session, pages.house
make_person = pages.make_person


class ApiClient:
    """Speaks JSON with a bearer token."""

    def __init__(self, app, token, person):
        self.client = app.test_client()
        self.token = token
        self.person = person

    def __getattr__(self, method):
        def send(path, *, headers=None, **values):
            headers = {"Authorization": f"Bearer {self.token}"} | (headers or {})
            path = path if path.startswith("/api/") else f"/api/v1{path}"
            return self.client.open(path, method=method.upper(), headers=headers, **values)

        return send


@pytest.fixture
def enter(app, session, make_person):
    """Gives a client of somebody with a role: `enter("operator", partner)`."""

    def make(role="operator", at=None, *, name=""):
        key = at.id if at is not None else None
        person = make_person(role, key, name=name or f"{role}-{key}")
        with unit_of_work(session):
            actor = viewer_of(session.get(Person, person.id))
            scopes = [one for one in actor.grants if not one.startswith(rules.GIVE)]
            token = self_service.create_token(session, actor, name="tests", scopes=scopes)
        return ApiClient(app, token.text, person)

    return make


@pytest.fixture
def world(session):
    """Two partners: one whose people ask, and a foreign one."""
    with unit_of_work(session):
        own = make_partner(session, "Gemeinde Aarfeld", slug="aarfeld")
        foreign = make_partner(session, "Gemeinde Birkental", slug="birkental")
    return SimpleNamespace(own=own, foreign=foreign)


@pytest.fixture
def operator(enter, world):
    return enter("operator", world.own)


@pytest.fixture
def auditor(enter, world):
    return enter("auditor", world.own)


def complaints(answer):
    """Return the fields a problem complains about."""
    assert answer.status_code == 422, answer.text
    assert answer.content_type == "application/problem+json"
    return set(answer.json["errors"])

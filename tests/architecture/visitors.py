"""Two partners, and people of the one who look at the house with one role."""

from types import SimpleNamespace

import pytest

from catalog.access import commands, rules, self_service
from catalog.access.authentication import viewer_of
from catalog.access.models import Person
from catalog.transactions import unit_of_work
from tests.architecture.foreign import make_world
from tests.web.conftest import form_token, post


@pytest.fixture
def world(session):
    with unit_of_work(session):
        return make_world(session)


@pytest.fixture
def visit(app, session, house, world):
    """Signs somebody in who has a role for the own partner only, by page and by token."""

    def enter(role, organisation_id=world.own_id):
        with unit_of_work(session):
            made = commands.create_person(
                session,
                house,
                sign_in_name="eva",
                name="Eva",
                organisation_id=world.own_id,
                must_change_password=False,
            )
            commands.assign_role(
                session, house, made.person.id, rules.Assignment(role, organisation_id)
            )
            actor = viewer_of(session.get(Person, made.person.id))
            scopes = [name for name in actor.grants if not name.startswith(rules.GIVE)]
            token = self_service.create_token(session, actor, name="tests", scopes=scopes)
        client = app.test_client()
        answer = post(client, "/sign-in", {"name": "eva", "password": made.password})
        assert answer.status_code == 303
        form = {"csrf_token": form_token(client, "/account")}
        return SimpleNamespace(client=client, token=token.text, form=form)

    return enter

"""People with roles, without the web."""

from datetime import timedelta

import pytest

from catalog.access import commands, rules
from catalog.access.authentication import SessionLimits, viewer_of
from catalog.access.models import Person
from catalog.access.roles import load_roles
from cmdb.kernel.viewer import job
from tests.builders import make_partner

LIMITS = SessionLimits(idle=timedelta(hours=8), absolute=timedelta(hours=24))


@pytest.fixture
def house():
    """The actor that arranges: it may do everything."""
    return job("tests", *load_roles().all_permissions)


@pytest.fixture
def own(session):
    return make_partner(session, "Gemeinde Aarfeld")


@pytest.fixture
def foreign(session):
    return make_partner(session, "Gemeinde Birkental")


@pytest.fixture
def people(session, house):
    """Makes people: `people("anna", administrator=partner)`; `operator=None` means everywhere."""

    def make(name, works_for=None, **roles):
        made = commands.create_person(
            session,
            house,
            sign_in_name=name,
            name=name.title(),
            organisation_id=works_for.id if works_for else None,
            must_change_password=False,
        )
        for role, partner in roles.items():
            given = rules.Assignment(role, partner.id if partner else None)
            commands.assign_role(session, house, made.person.id, given)
        session.commit()
        return made

    return make


@pytest.fixture
def viewer(session):
    """Returns somebody as the viewer that queries and commands ask for."""

    def of(made):
        session.expire_all()
        return viewer_of(session.get_one(Person, made.person.id))

    return of

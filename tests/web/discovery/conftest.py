"""A partner with a plan, and people who watch its runs."""

import pytest

from catalog.transactions import unit_of_work
from tests.builders import make_classes, make_plan
from tests.observing import observe
from tests.web.conftest import signed_in_client


@pytest.fixture
def plan(session, partner):
    with unit_of_work(session):
        make_classes(session)
        return make_plan(session, partner, name="Rathaus", targets=["10.0.0.0/24"])


@pytest.fixture
def see(session, plan):
    """Runs the plan so that it sees exactly these documents; returns the key of the run."""

    def see(*documents, **more):
        with unit_of_work(session):
            return observe(session, plan, documents, **more).run_id

    return see


@pytest.fixture
def client(app, plan, make_person):
    with signed_in_client(app, make_person("operator")) as client:
        client.set_cookie("lang", "en")
        yield client


@pytest.fixture
def auditor(app, plan, make_person):
    with signed_in_client(app, make_person("auditor", name="berta")) as client:
        client.set_cookie("lang", "en")
        yield client

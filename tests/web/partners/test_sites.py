"""Sites as their list and their page show them."""

from tests.web.conftest import signed_in_client
from tests.builders import make_site, make_partner
from catalog.transactions import unit_of_work


def test_list(app, session, partner, make_person):
    with unit_of_work(session):
        make_site(session, partner, "Gemeindehaus")
    with signed_in_client(app, make_person("operator")) as client:
        answer = client.get("/sites")
        assert answer.status_code == 200

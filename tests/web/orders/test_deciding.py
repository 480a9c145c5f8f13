"""What is refused on the page of an order is said where it was written, and nothing is lost."""

import re

import pytest

from catalog.ordering import commands
from catalog.transactions import unit_of_work
from tests.asking import make_service, make_town, make_wish
from tests.web.conftest import post, signed_in_client


@pytest.fixture
def path(session):
    with unit_of_work(session):
        town = make_town(session)
        service = make_service(session, town.provider)
        order = commands.place_order(session, town.requester, make_wish(town, service))
        commands.approve_order(session, town.approver, order.id)
        commands.start_fulfilment(session, town.fulfiller, order.id)
    return f"/orders/{order.id}"


@pytest.fixture
def client(app, make_person):
    with signed_in_client(app, make_person("operator")) as client:
        client.set_cookie("lang", "en")
        yield client


@pytest.mark.parametrize(
    ("day", "complaint"),
    [("2020-01-01", "cannot lie before the order"), ("soon", "This is not a day")],
)
def test_a_wrong_first_day_is_said_at_its_field_and_the_remark_stays(client, path, day, complaint):
    refused = post(client, f"{path}/deliver", {"from_on": day, "text": "Bereit."})
    assert refused.status_code == 422
    assert complaint in re.search(r'id="from_on-error">(.*?)</p>', refused.text, re.DOTALL)[1]
    assert f'value="{day}"' in refused.text
    assert ">Bereit.</textarea>" in refused.text


def test_a_missing_reason_is_said_at_the_text(client, path):
    refused = post(client, f"{path}/cancel", {"text": " "})
    assert refused.status_code == 422
    assert re.search(r'id="decision-text"[^>]*aria-invalid="true"', refused.text)
    assert 'id="from_on-error"' not in refused.text

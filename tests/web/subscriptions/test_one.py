"""The page of one subscription: linking devices and ending it."""

from datetime import timedelta

import pytest

from catalog.ordering import commands
from catalog.subscriptions.queries import find_subscription_of_order
from catalog.transactions import unit_of_work
from cmdb.kernel.clock import today
from tests.asking import make_service, make_town, make_wish
from tests.builders import make_item
from tests.web.conftest import post, signed_in_client


@pytest.fixture
def town(session):
    with unit_of_work(session):
        return make_town(session)


@pytest.fixture
def path(session, town):
    with unit_of_work(session):
        service = make_service(session, town.provider)
        wish = make_wish(town, service, wanted_on=today())
        order = commands.place_order(session, town.requester, wish)
        commands.approve_order(session, town.approver, order.id)
        commands.start_fulfilment(session, town.fulfiller, order.id)
        commands.deliver_order(session, town.fulfiller, order.id)
    found = find_subscription_of_order(session, town.requester, order.id)
    return f"/subscriptions/{found.id}"


@pytest.fixture
def client(app, make_person):
    with signed_in_client(app, make_person("operator")) as client:
        client.set_cookie("lang", "en")
        yield client


def test_a_device_is_found_linked_and_unlinked(session, town, client, path):
    with unit_of_work(session):
        item = make_item(session, town.partner, name="sw-rathaus-1")
        make_item(session, town.provider, name="sw-rathaus-9")
    assert "fits this" in client.get(f"{path}?find=zzz").text
    page = client.get(f"{path}?find=sw-rathaus").text
    assert "sw-rathaus-1" in page
    assert "sw-rathaus-9" not in page, "only devices of the partner can be linked"
    assert post(client, f"{path}/items/{item.id}").status_code == 303
    assert f'/devices/{item.id}"' in client.get(path).text
    assert post(client, f"{path}/items/{item.id}/unlink").status_code == 303
    assert "No device is linked" in client.get(path).text


def test_the_partner_sees_the_devices_but_links_none(app, session, town, path, make_person):
    person = make_person("partner_coordinator", town.partner.id, name="rita")
    with signed_in_client(app, person) as client:
        assert 'name="find"' not in client.get(f"{path}?find=sw").text
        with unit_of_work(session):
            item = make_item(session, town.partner)
        assert post(client, f"{path}/items/{item.id}").status_code == 403


@pytest.mark.parametrize(
    ("day", "complaint"),
    [
        ("soon", "This is not a day: write it as year-month-day."),
        ((today() - timedelta(days=9)).isoformat(), "ends today at the earliest"),
    ],
)
def test_a_refused_end_keeps_what_was_written(client, path, day, complaint):
    refused = post(client, f"{path}/end", {"until_on": day, "reason": "Umzug"})
    assert refused.status_code == 422
    assert complaint in refused.text
    assert f'value="{day}"' in refused.text
    assert 'value="Umzug"' in refused.text

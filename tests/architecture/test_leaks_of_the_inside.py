"""The inside of a device is nobody's business but of those who own it or run it.

A partner whom a foreign device merely serves meets it on many pages. Whatever tells about its
inside is marked (`foreign.make_served`), and the mark is looked for in every answer of every route.
"""

import pytest

from catalog.access.roles import load_roles
from catalog.transactions import unit_of_work
from catalog.web.devices.views import TABS
from tests.architecture.foreign import INSIDE_ADDRESS, INSIDE_MARK, PART_OF_INSIDE, make_served
from tests.architecture.routes import READING, WRITING, ask, routes

NOT_DATA = {"static", "help.page"}
"""Routes that serve files of the product."""

SEARCHES = {
    "devices.index": ("q={part}", "q={address}", "vendor={mark}", "model={mark}", "site={site}"),
    "devices.export_csv": ("q={part}", "network={address}", "vendor={mark}", "site={site}"),
    "search.index": ("q={part}", "q={address}"),
    "api_items.list_items": (
        "text={part}",
        "text={address}",
        "vendor={mark}",
        "model={mark}",
        "os_version={part}",
        "network={address}",
        "site_id={site}",
    ),
}
"""Ways to look for a device by its inside: endpoint → queries."""

ROLES = sorted(load_roles().roles)


@pytest.fixture
def served(session, world):
    with unit_of_work(session):
        return make_served(session, world)


def served_addresses(app, served):
    """Return the addresses of all reading routes that need no key, or that of what serves one."""
    keys = {"item_id": served.item_id, "subscription_id": served.subscription_id, "code": "code"}
    tabs = ("", *(f"?tab={one}" for one in TABS))
    queries = ("", f"?q={PART_OF_INSIDE}", f"?text={PART_OF_INSIDE}", "?sort=address&limit=1")
    for route in routes(app, READING):
        if route.endpoint not in NOT_DATA and keys.keys() >= set(route.arguments):
            rule = next(r for r in app.url_map.iter_rules(route.endpoint) if r.rule == route.path)
            path = rule.build({name: keys[name] for name in route.arguments})[1]
            for query in tabs if route.endpoint == "devices.detail" else queries:
                yield route, path + query


def tells_of_inside(answer):
    return INSIDE_MARK in answer.text or INSIDE_ADDRESS in answer.text


@pytest.mark.parametrize("role", ROLES)
def test_the_inside_of_a_device_that_serves_is_shown_nowhere(app, world, served, visit, role):
    visitor, leaks = visit(role), []
    for route, address in served_addresses(app, served):
        with ask(visitor, route, address) as answer:
            if tells_of_inside(answer):
                leaks.append(f"{route} tells of the inside at {address}")
            if answer.status_code >= 500:
                leaks.append(f"{route} fails with {answer.status_code}")
    assert not leaks, "\n".join(leaks)


@pytest.mark.parametrize("role", ROLES)
def test_a_device_that_serves_is_not_found_by_its_inside(app, world, served, visit, role):
    visitor, finds = visit(role), []
    words = {"part": PART_OF_INSIDE, "mark": INSIDE_MARK, "address": INSIDE_ADDRESS}
    for route in routes(app, READING):
        for query in SEARCHES.get(route.endpoint, ()):
            address = f"{route.path}?{query.format(site=served.site_id, **words)}"
            with ask(visitor, route, address) as answer:
                if served.name in answer.text:
                    finds.append(f"{route} finds it by {query}")
    assert not finds, "\n".join(finds)


@pytest.mark.parametrize("role", ROLES)
def test_no_write_tells_of_the_inside(app, world, served, visit, role):
    visitor = visit(role)
    for route in routes(app, WRITING):
        if route.arguments == ("item_id",):
            path = route.path.replace("<uuid:item_id>", str(served.item_id))
            answer = ask(visitor, route, path, data=visitor.form)
            assert not tells_of_inside(answer), f"{route} tells of the inside"


def test_who_is_served_sees_that_the_device_is_there(app, served, visit):
    visitor = visit("partner_coordinator")
    seen = {
        route.endpoint
        for route, address in served_addresses(app, served)
        if served.name in ask(visitor, route, address).text
    }
    assert seen >= {
        "devices.index",
        "devices.export_csv",
        "devices.detail",
        "subscriptions.detail",
        "api_items.list_items",
        "api_items.read_item",
    }


def test_who_may_see_all_partners_sees_and_finds_the_inside(app, served, visit):
    """The inside is there to be seen and found: otherwise the tests above would prove nothing."""
    visitor = visit("administrator", None)
    told = {
        route.endpoint
        for route, address in served_addresses(app, served)
        if tells_of_inside(ask(visitor, route, address))
    }
    assert told >= {
        "devices.index",
        "devices.export_csv",
        "devices.detail",
        "search.index",
        "subscriptions.detail",
        "api_items.list_items",
        "api_items.read_item",
        "api_items.list_interfaces",
        "api_items.list_addresses",
        "api_items.list_components",
        "api_items.list_identifiers",
        "api_items.list_history",
        "api_items.list_vlans",
        "api_items.list_neighbours",
        "api_items.list_attached",
        "api_items.list_supplies",
        "api_items.list_gauges",
        "api_items.list_software",
        "api_items.list_forwarding",
        "api_items.list_spanning_tree",
        "api_items.list_arp",
    }

"""No page and no resource takes more than twelve SQL statements to be read.

The routes come from the route map: whoever adds a page is in the test at once. That the number does
not grow with the rows is tested where the rows are.
"""

from catalog.web.devices.views import TABS
from tests.architecture.routes import READING, ask, routes
from tests.architecture.test_leaks import NOT_DATA, foreign_paths
from tests.counting import statements

CEILING = 12

VARIANTS = {
    "devices.detail": tuple(f"?tab={tab}" for tab in TABS),
    "services.order": ("", "?partner_id={partner_id}&quantity=1&wanted_on=2099-01-01"),
}
"""What else a page shows by its address: endpoint → queries."""


def test_every_route_stays_within_its_statements(app, session, world, visit):
    visitor, found, shown = visit("administrator", None), [], 0
    for route in routes(app, READING):
        if route.endpoint in NOT_DATA:
            continue
        for path in foreign_paths(app, route, world)[0]:
            for query in VARIANTS.get(route.endpoint, ("",)):
                address = path + query.format(partner_id=world.foreign_id)
                ask(visitor, route, address).close()  # the first use of a session is noted
                with statements(session) as seen, ask(visitor, route, address) as answer:
                    shown += answer.status_code == 200 and bool(answer.get_data())
                if len(seen) > CEILING:
                    found.append(f"{address} takes {len(seen)} statements")
    assert not found, "\n".join(found)
    assert shown > 60, "too few pages are shown for this to prove anything"

"""No partner ever receives another partner's row: every route for every role.

The routes come from the route map and the rows from the tables, so whoever adds a page or a table
is in the test at once. A route with a new argument must be told to `FOREIGN`.
"""

from itertools import product

import pytest

from catalog.access.models import Person
from catalog.access.roles import load_roles
from schemas.vocabulary import OrderAction
from tests.architecture.foreign import (
    ADDRESS,
    MARK,
    PART_OF_MARK,
    SHARED,
    state_of,
)
from tests.architecture.routes import READING, WRITING, ask, routes

FOREIGN = {
    "account_id": "account_record.id",
    "admin.revoke_role:assignment_id": "role_assignment.id",
    "ci_class": "ci_class.name",
    "code": "service.code",
    "contact_id": "contact.id",
    "finding_id": "finding.id",
    "group_slug": "organisation_group.slug",
    "item_id": "configuration_item.id",
    "order_id": "service_order.id",
    "partner_id": "organisation.id",
    "partner_slug": "organisation.slug",
    "person_id": "person.id",
    "plan_id": "plan.id",
    "relation_id": "relation.id",
    "routing_domain_id": "routing_domain.id",
    "run_id": "run.id",
    "service_id": "service.id",
    "site_id": "site.id",
    "subscription_id": "subscription.id",
    "token_id": "api_token.id",
}
"""How an argument of a route is filled: `argument` or `endpoint:argument` → table.column."""

WORDS = {
    "orders.act:action": tuple(OrderAction),
}
"""Arguments that are not keys but one of a few words."""

NOT_DATA = {"static", "help.page"}
"""Routes that serve files of the product."""

QUERIES = ("", f"?q={PART_OF_MARK}", "?partner={id}", "?partner={slug}", "?partner_id={id}")
"""Ways to ask a list for more than one's own."""

NEEDED = {
    "accounts.records": "purpose=audit",
    "accounts.detail": "purpose=audit",
    "api_accounts.list_accounts": "purpose=audit",
    "api_accounts.read_account": "purpose=audit",
}
"""What a route must be told before it looks at any row."""

HIDDEN = {403, 404}
REFUSED = HIDDEN | {400, 405, 409, 412, 415, 422, 428}
"""A write may be found malformed before anybody looks whose row it is about."""

ROLES = sorted(load_roles().roles)


def fillings(route, name, world):
    """Return what an argument is filled with, and whether that is a foreign partner's key."""
    key = f"{route.endpoint}:{name}"
    if key in WORDS:
        return WORDS[key], False
    source = FOREIGN.get(key) or FOREIGN.get(name)
    if source is None:
        pytest.fail(
            f"Tell the leak test how to fill «{name}» of {route}: add it to FOREIGN in "
            "tests/architecture/test_leaks.py, with the table and column it names."
        )
    table = source.partition(".")[0]
    return (world.value(source),), table == "organisation" or table not in SHARED


def foreign_paths(app, route, world):
    """Return the addresses of a route with foreign keys, and whether there are any in them."""
    filled = {name: fillings(route, name, world) for name in route.arguments}
    rule = next(r for r in app.url_map.iter_rules(route.endpoint) if r.rule == route.path)
    paths = []
    for values in product(*(values for values, _is_foreign in filled.values())):
        built = rule.build(dict(zip(filled, values, strict=True)))
        assert built, f"{route}: {values}"
        paths.append(built[1])
    return paths, any(is_foreign for _values, is_foreign in filled.values())


def leaks_of(app, world, visitor):
    """Return every reading route that tells something of the foreign partner, and how."""
    found = []
    for route in routes(app, READING):
        if route.endpoint in NOT_DATA:
            continue
        paths, is_foreign = foreign_paths(app, route, world)
        for path, query in product(paths, QUERIES if not route.arguments else ("",)):
            given = query.format(id=world.foreign_id, slug=world.foreign_slug)
            address = path + with_needed(route, given)
            with ask(visitor, route, address) as answer:
                if tells(answer):
                    found.append(f"{route}{query} shows a foreign row ({answer.status_code})")
                if is_foreign and answer.status_code not in HIDDEN:
                    found.append(f"{route}{query} answers {answer.status_code} for a foreign key")
                if answer.status_code >= 500:
                    found.append(f"{route}{query} fails with {answer.status_code}")
    return found


def with_needed(route, query):
    """Return a query with what the route asks for before anything else."""
    needed = NEEDED.get(route.endpoint)
    return f"{query}{'&' if query else '?'}{needed}" if needed else query


def tells(answer):
    """Tell whether an answer has something of the foreign partner in its body or headers."""
    shown = answer.text + str(answer.headers)
    return MARK in shown or ADDRESS in shown


@pytest.mark.parametrize("role", ROLES)
def test_no_page_and_no_resource_shows_a_foreign_row(app, world, visit, role):
    leaks = leaks_of(app, world, visit(role))
    assert not leaks, "\n".join(leaks)


@pytest.mark.parametrize("role", ROLES)
def test_no_write_reaches_a_foreign_row(app, session, world, visit, role):
    visitor, wrong = visit(role), []
    before = state_of(session, world)
    for route in routes(app, WRITING):
        paths, is_foreign = foreign_paths(app, route, world)
        for path in paths if is_foreign else ():
            answer = ask(visitor, route, path, data=visitor.form)
            if answer.status_code not in REFUSED:
                wrong.append(f"{route} answers {answer.status_code} for a foreign key")
            if tells(answer):
                wrong.append(f"{route} shows a foreign row")
    assert not wrong, "\n".join(wrong)
    assert state_of(session, world) == before


def test_whoever_may_see_all_partners_sees_the_foreign_rows(app, world, visit):
    """The rows are there to be found: otherwise the tests above would prove nothing."""
    leaks = leaks_of(app, world, visit("administrator", None))
    assert any("GET /admin/people shows a foreign row" in leak for leak in leaks)


def test_a_leaking_page_is_found(app, session, world, visit):
    from catalog.access.guards import personal

    @personal("a page that forgets whom it shows its rows to")
    def careless(person_id):
        return str(session.get(Person, person_id).name)

    app.add_url_rule("/careless/<uuid:person_id>", "careless", careless)
    leaks = leaks_of(app, world, visit("partner_coordinator"))
    assert any("/careless/<uuid:person_id> shows a foreign row" in leak for leak in leaks)
    assert any("answers 200 for a foreign key" in leak for leak in leaks)


def test_an_argument_that_the_test_does_not_know_fails_it(app, world, visit):
    app.add_url_rule("/gadgets/<gadget_id>", "gadgets", lambda gadget_id: gadget_id)
    with pytest.raises(pytest.fail.Exception, match="Tell the leak test how to fill «gadget_id»"):
        leaks_of(app, world, visit("auditor"))

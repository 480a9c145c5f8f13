"""No page and no resource without a mark, and none that lets strangers in by mistake."""

from uuid import UUID

import pytest
from werkzeug.routing.converters import NumberConverter, UUIDConverter

from catalog.access.guards import guarded
from catalog.access.roles import load_roles
from tests.architecture.routes import routes

PUBLIC = {
    "static",
    "preferences.save",
    "account.sign_in",
    "account.open_session",
}
"""What strangers may call. Think twice before this grows."""


def any_path(app, route):
    """An address that matches the route; a stranger does not come as far as to be told more."""
    rule = next(r for r in app.url_map.iter_rules(route.endpoint) if r.rule == route.path)
    examples = {}
    for name in route.arguments:
        converter = rule._converters[name]
        is_key = isinstance(converter, UUIDConverter)
        is_number = isinstance(converter, NumberConverter)
        examples[name] = UUID(int=1) if is_key else 1 if is_number else "x"
    built = rule.build(examples)
    assert built, f"no address for {route}"
    return built[1]


def unmarked(app):
    return [str(route) for route in routes(app) if route.guard is None]


def test_every_route_has_a_mark(app):
    assert not unmarked(app), "mark with @guarded, @personal or @public (catalog.access.guards)"


def test_only_the_known_routes_are_public(app):
    public = {route.endpoint for route in routes(app) if route.guard and route.guard.is_public}
    assert public - PUBLIC == set()


def test_every_route_without_permission_says_why(app):
    silent = [
        str(route)
        for route in routes(app)
        if route.guard and not route.guard.permission and len(route.guard.reason) < 10
    ]
    assert not silent


def test_routes_ask_only_for_permissions_that_some_role_has(app):
    asked = {route.guard.permission for route in routes(app) if route.guard} - {None}
    assert asked - load_roles().all_permissions == set()


def test_a_stranger_gets_nowhere(app):
    client, wrong = app.test_client(), []
    for route in routes(app):
        if route.guard is None or route.guard.is_public:
            continue
        answer = client.open(any_path(app, route), method=route.method)
        if route.is_api:
            is_refused = (
                answer.status_code == 401 and "Bearer" in answer.headers["WWW-Authenticate"]
            )
        elif route.method == "GET":
            is_refused = answer.status_code == 303 and answer.location.startswith("/sign-in")
        else:
            is_refused = answer.status_code == 400  # a form without its token is not even looked at
        if not is_refused:
            wrong.append(f"{route}: {answer.status_code}")
    assert not wrong


@pytest.mark.parametrize("path", ["/forgotten", "/api/v1/forgotten"])
def test_a_forgotten_mark_is_found_and_the_door_stays_shut(app, path):
    app.add_url_rule(path, "forgotten", lambda: "secret")
    assert unmarked(app) == [f"GET {path}"]
    answer = app.test_client().get(path)
    assert answer.status_code == 403
    assert "secret" not in answer.text


def test_a_mark_survives_other_decorators_and_view_classes(app):
    from flask.views import MethodView

    class Things(MethodView):
        @guarded("item.read")
        def get(self):
            return "read"

        def post(self):
            return "written"

    app.add_url_rule("/api/v1/things", view_func=Things.as_view("things"))
    marks = {str(route): route.guard for route in routes(app) if route.endpoint == "things"}
    assert marks["GET /api/v1/things"] == guarded("item.read")(lambda: None).haus_guard
    assert marks["POST /api/v1/things"] is None
    assert app.test_client().post("/api/v1/things").status_code == 403
    assert app.test_client().open("/api/v1/things", method="OPTIONS").status_code == 401

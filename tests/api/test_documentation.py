"""The description: complete for programs, readable for people."""

import re

from catalog.api import RESOURCES
from catalog.api.description import describe
from tests.web.conftest import post


def operations(document):
    return [
        (path, method, told)
        for path, methods in document["paths"].items()
        for method, told in methods.items()
        if method != "parameters"
    ]


def test_every_route_is_described(app, operator):
    document = operator.get("/openapi.json").json
    described = {(path, method.upper()) for path, method, _ in operations(document)}
    routes = {
        (re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule), method)
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/") and not rule.endpoint.startswith("api_documentation.")
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    assert described == routes


def test_every_operation_says_what_it_does_and_how_it_fails(operator):
    document = operator.get("/openapi.json").json
    assert document["openapi"] == "3.1.0"
    assert document["components"]["securitySchemes"]["token"]["scheme"] == "bearer"
    names = [told["operationId"] for _, _, told in operations(document)]
    assert len(names) == len(set(names))
    for path, method, told in operations(document):
        assert told["summary"].endswith("."), (path, method)
        assert {"401", "403", "default"} <= set(told["responses"]), (path, method)
    for name in ("NOT_FOUND", "UNAUTHORIZED", "UNPROCESSABLE_CONTENT", "DEFAULT_ERROR"):
        response = document["components"]["responses"].get(name)
        if response is not None:
            assert list(response["content"]) == ["application/problem+json"]


def test_every_resource_has_a_description(operator):
    document = operator.get("/openapi.json").json
    assert [tag["name"] for tag in document["tags"]] == [one.tag for one in RESOURCES]
    assert all(tag["description"].endswith(".") for tag in document["tags"])
    assert all(one.operations for one in describe(document))


def test_the_description_is_read_with_a_token_or_in_the_browser(client, operator, make_person):
    assert client.get("/api/v1/docs").status_code == 401
    assert operator.get("/docs").status_code == 200
    person = make_person("auditor", None)
    form = {"name": person.sign_in_name, "password": person.password}
    post(client, "/sign-in", form)
    page = client.get("/api/v1/docs")
    assert page.status_code == 200
    assert "/api/v1/items/{item_id}" in page.text
    assert "Retire an item" in page.text
    assert 'href="/api/v1/openapi.json"' in page.text
    assert "https://" not in page.text.replace("https://datatracker", "")

"""Whatever is wrong with a form or a request is said in the reader's language, on every route.

Nonsense is sent to every route that takes any, in German and in English. A complaint that reads
the same both times was not translated.
"""

import re
from html import unescape
from pathlib import Path

import pytest
from wtforms.fields.core import UnboundField

import catalog.web
from catalog.access import commands, rules
from catalog.transactions import unit_of_work
from catalog.web.forms import HouseForm
from cmdb.kernel.ids import new_key
from schemas.vocabulary import OrderAction
from tests.architecture.routes import routes
from tests.web.conftest import form_token, post

LANGUAGES = ("de", "en")
LEAVING = {"account.sign_out", "admin.deactivate"}
"""Forms without a field, after which nobody is left who could send the next one."""

COMPLAINTS = (
    re.compile(r'-error">.*?</span>(.*?)</span></p>', re.DOTALL),
    re.compile(r'v-alert v-bad.*?<p class="v-alert-title">.*?</p><p>(.*?)</p>', re.DOTALL),
    re.compile(r"v-alert v-bad.*?<li>([^<]*)</li>", re.DOTALL),
    re.compile(r'<div class="v-prose">\s*<p>(.*?)</p>', re.DOTALL),
)
"""Where a page says what was wrong: at a field, above a form, on the page of an error."""


def field_names():
    """Return the names of all fields that any form of the house has."""
    names, kinds = set(), [HouseForm]
    while kinds:
        kind = kinds.pop()
        kinds += kind.__subclasses__()
        names |= {name for name in dir(kind) if isinstance(getattr(kind, name), UnboundField)}
    for page in Path(catalog.web.__file__).parent.rglob("templates/**/*.html"):
        names |= set(re.findall(r'\bname="([a-z_]+)"', page.read_text("utf-8")))
    return sorted(names - {"csrf_token"})


@pytest.fixture
def client(app, session, house):
    """The browser of somebody who may do everything everywhere, so that the forms are reached."""
    with unit_of_work(session):
        made = commands.create_person(
            session, house, sign_in_name="zoe", name="Zoe", must_change_password=False
        )
        for role in ("administrator", "operator"):
            commands.assign_role(session, house, made.person.id, rules.Assignment(role, None))
    client = app.test_client()
    assert post(client, "/sign-in", {"name": "zoe", "password": made.password}).location == "/"
    return client


def address_of(app, route, keys):
    """Return the address of a route with the keys of things that are there, where there are."""
    known = keys | {"action": OrderAction.REJECT.value}
    values = {name: known.get(name, new_key()) for name in route.arguments}
    rule = next(one for one in app.url_map.iter_rules(route.endpoint) if one.rule == route.path)
    return rule.build(values)[1]


def told_by_page(answer):
    texts = [text for pattern in COMPLAINTS for text in pattern.findall(answer.text)]
    return {unescape(re.sub(r"\s+", " ", text)).strip() for text in texts} - {""}


def told_by_problem(answer):
    problem = answer.json or {}
    return {problem["detail"], *leaves(problem.get("errors", {}))} if "detail" in problem else set()


def leaves(complaints):
    if isinstance(complaints, dict | list):
        inner = complaints.values() if isinstance(complaints, dict) else complaints
        return {leaf for one in inner for leaf in leaves(one)}
    return {complaints}


def untranslated(told):
    """Return what reads the same in both languages."""
    german, english = told
    return german & english


def test_every_form_complains_in_the_language_of_its_reader(app, keys, client):
    nonsense = ("", "-1", "x" * 2100)
    token = {"csrf_token": form_token(client, "/account")}
    names, heard, wrong = field_names(), set(), []
    for route in routes(app, ("POST",)):
        if route.is_api or route.endpoint in LEAVING:
            continue
        for value in nonsense:
            told = []
            for language in LANGUAGES:
                client.set_cookie("lang", language)
                form = dict.fromkeys(names, value) | token
                answer = client.post(address_of(app, route, keys), data=form)
                assert answer.status_code < 500, f"{route} with {value[:3]!r}"
                told.append(told_by_page(answer))
            heard |= told[0]
            wrong += [f"{route} with {value[:3]!r}: {text}" for text in untranslated(told)]
    assert len(heard) > 20, heard
    assert not wrong, "\n".join(sorted(set(wrong)))


def bodies_for(document, operation):
    """Return bodies in which every field is wrong, each in another way."""
    content = operation.get("requestBody", {}).get("content", {}).get("application/json")
    if content is None:
        return [None]
    name = content["schema"].get("$ref", "").rpartition("/")[2]
    fields = document["components"]["schemas"].get(name, {}).get("properties", {})
    values = (None, "", "ÿ" * 5000, -1, 10**12, [None], {"x": None})
    wrong = [dict.fromkeys(fields, value) for value in values]
    return [{}, {"no_such_field": 1}, "x", *wrong]


def queries_for(operation):
    names = [one["name"] for one in operation.get("parameters", []) if one["in"] == "query"]
    wrong = ("%C3%BF", "-1", "", "9" * 30) if names else ()
    return ["?no_such_parameter=1", *("?" + "&".join(f"{n}={v}" for n in names) for v in wrong)]


def test_every_resource_complains_in_the_language_of_the_program(app, keys, token):
    document = app.extensions["haus_openapi"]
    client = app.test_client()
    heard, wrong = set(), []
    for route in routes(app, ("GET", "POST", "PATCH")):
        if not route.is_api or route.endpoint.startswith("api_documentation."):
            continue
        described = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route.path)
        operation = document["paths"][described][route.method.lower()]
        address = address_of(app, route, keys)
        is_reading = route.method == "GET"
        for query in queries_for(operation) if is_reading else [""]:
            for body in [None] if is_reading else bodies_for(document, operation):
                told = []
                for language in LANGUAGES:
                    headers = {
                        "Authorization": f"Bearer {token}",
                        "Accept-Language": language,
                        "If-Match": "*",
                    }
                    sent = {} if body is None else {"json": body}
                    answer = client.open(
                        address + query, method=route.method, headers=headers, **sent
                    )
                    assert answer.status_code < 500, f"{route}{query} {body}"
                    told.append(told_by_problem(answer))
                heard |= told[0]
                wrong += [f"{route}{query} {str(body)[:60]}: {x}" for x in untranslated(told)]
    assert len(heard) > 30, heard
    assert not wrong, "\n".join(sorted(set(wrong)))


@pytest.mark.parametrize(
    ("path", "values"),
    [
        ("/api/v1/nowhere", {}),
        ("/api/v1/items", {"method": "PUT"}),
        ("/api/v1/items", {"method": "POST", "data": b"{"}),
        ("/api/v1/items", {"method": "POST", "data": b"x", "content_type": "text/plain"}),
        ("/api/v1/items?text=%00", {}),
        ("/api/v1/me", {"token": ""}),
    ],
)
def test_what_goes_wrong_before_a_resource_is_said_in_its_language(app, token, path, values):
    token = values.get("token", token)
    values = {"content_type": "application/json"} | values
    values.pop("token", None)
    told = []
    for language in LANGUAGES:
        headers = {"Authorization": f"Bearer {token}", "Accept-Language": language}
        answer = app.test_client().open(path, headers=headers, **values)
        assert answer.status_code >= 400
        told.append(told_by_problem(answer))
    assert told[0]
    assert not untranslated(told)


def test_a_form_whose_token_is_gone_says_so(client):
    told = []
    for language in LANGUAGES:
        client.set_cookie("lang", language)
        told.append(told_by_page(client.post("/account", data={})))
    assert told[0]
    assert not untranslated(told)

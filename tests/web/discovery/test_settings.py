"""The further settings of a plan: an edit that touches nothing changes nothing."""

from html.parser import HTMLParser

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from catalog.app import create_app
from catalog.transactions import unit_of_work
from catalog.web.discovery.settings import SettingsForm, options_of, texts_of
from cmdb.plans.models import Plan
from config.settings import load
from discovery.collectors.ldap.options import LdapOptionsSchema
from discovery.collectors.snmp.options import SnmpOptionsSchema
from schemas.vocabulary import Protocol
from tests.builders import make_partner, make_plan
from tests.web.conftest import post

SNMP = {
    "credentials_by_range": {"10.0.0.0/25": ["core", "old"], "2001:db8::/32": ["v6"]},
    "crawl": {"ranges": ["10.1.0.0/16", "10.2.0.0/16"], "hops": 3},
    "subnet_rate": 7,
    "port": 16161,
    "concurrency": 8,
    "translate": {"10.0.0.0/24": "172.16.0.0/24"},
}
LDAP = {"servers": ["ldaps://dc1.example", "ldap://dc2.example:1389"], "page_size": 500}
ODD = {"crawl": None, "credentials_by_range": {}, "servers": []}


class Fields(HTMLParser):
    """What a browser would send of the form on a page if nobody touched it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: dict[str, str] = {}
        self._area = self._select = ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        name = given.get("name") or ""
        is_off = given.get("type") in {"checkbox", "radio"} and "checked" not in given
        if tag == "input" and name and not is_off:
            self.found[name] = given.get("value") or ""
        elif tag == "textarea":
            self._area = name
            self.found[name] = ""
        elif tag == "select":
            self._select = name
        elif tag == "option" and ("selected" in given or self._select not in self.found):
            self.found[self._select] = given.get("value") or ""

    def handle_endtag(self, tag):
        if tag == "textarea":
            self._area = ""

    def handle_data(self, data):
        if self._area:
            # A browser leaves out the first line break of a text area and sends CRLF for the rest.
            self.found[self._area] += data.removeprefix("\r\n").replace("\n", "\r\n")


def read(session, plan):
    session.rollback()
    session.expire_all()
    return session.get_one(Plan, plan.id)


def form_of(client, plan):
    return Fields(client.get(f"/discovery/plans/{plan.id}/edit").text).found


def columns(plan):
    return {one.key: getattr(plan, one.key) for one in sa.inspect(Plan).column_attrs}


@pytest.mark.parametrize(
    "said",
    [
        {"options": SNMP, "interval_minutes": 30, "rate": 0.05, "is_dry_run": True},
        {"options": ODD, "interval_minutes": 20160, "exclusions": ["10.0.0.1", "10.0.0.64/26"]},
        {
            "options": LDAP,
            "protocol": Protocol.LDAP,
            "targets": ["dc=aarfeld,dc=example", "ou=x,dc=b"],
        },
    ],
)
def test_who_touches_nothing_changes_nothing(client, session, partner, said):
    with unit_of_work(session):
        plan = make_plan(session, partner, **said)
    before = columns(read(session, plan))
    answer = post(client, f"/discovery/plans/{plan.id}", form_of(client, plan))
    assert answer.status_code == 303, answer.text
    assert columns(read(session, plan)) == before


def test_one_setting_is_changed_and_the_others_stay(client, session, partner):
    with unit_of_work(session):
        plan = make_plan(session, partner, options=SNMP)
    form = form_of(client, plan) | {
        "credentials_by_range": "10.0.0.0/25 = new, core",
        "crawl_devices": "9",
        "port": "",
    }
    assert post(client, f"/discovery/plans/{plan.id}", form).status_code == 303
    expected = {name: SNMP[name] for name in ("subnet_rate", "concurrency", "translate")}
    assert read(session, plan).options == expected | {
        "credentials_by_range": {"10.0.0.0/25": ["new", "core"]},
        "crawl": {**SNMP["crawl"], "devices": 9},
    }


@pytest.mark.parametrize(
    ("text", "servers"),
    [("ldaps://dc3.example", ["ldaps://dc3.example"]), (LDAP["servers"][1], LDAP["servers"][1:])],
)
def test_a_directory_server_can_be_replaced_and_removed(client, session, partner, text, servers):
    with unit_of_work(session):
        targets = ["dc=aarfeld,dc=example"]
        plan = make_plan(session, partner, options=LDAP, protocol=Protocol.LDAP, targets=targets)
    form = form_of(client, plan) | {"servers": text}
    assert post(client, f"/discovery/plans/{plan.id}", form).status_code == 303
    assert read(session, plan).options == {"servers": servers, "page_size": 500}
    refused = post(client, f"/discovery/plans/{plan.id}", form_of(client, plan) | {"servers": ""})
    assert refused.status_code == 422
    assert "Name at least one server." in refused.text


def test_a_server_that_a_plan_by_snmp_does_not_need_can_be_removed(client, session, partner):
    with unit_of_work(session):
        plan = make_plan(session, partner, options={"servers": ["ldaps://dc1.example"]})
    form = form_of(client, plan) | {"servers": ""}
    assert post(client, f"/discovery/plans/{plan.id}", form).status_code == 303
    assert read(session, plan).options == {}


@pytest.mark.parametrize(
    ("change", "field", "complaint"),
    [
        ({"credentials_by_range": "10.0.0.0/24"}, "credentials_by_range", "schreiben Sie"),
        ({"credentials_by_range": "10.0.0.0/24 ="}, "credentials_by_range", "schreiben Sie"),
        ({"credentials_by_range": "10.0.0.300 = a"}, "credentials_by_range", "«10.0.0.300»"),
        ({"credentials_by_range": "10.0.0.1 = a\n10.0.0.1/32 = b"}, "credentials_by_range", "zwei"),
        ({"credentials_by_range": "10.0.0.1 = a b"}, "credentials_by_range", "Zugangsdaten"),
        ({"crawl_ranges": "everywhere"}, "crawl_ranges", "«everywhere»"),
        ({"crawl_hops": "2"}, "crawl_ranges", "Bereich"),
        ({"crawl_ranges": "10.0.0.0/8", "crawl_hops": "9"}, "crawl_hops", "1 bis 8"),
        ({"crawl_ranges": "10.0.0.0/8", "targets": "10.0.0.0/16"}, "crawl_ranges", "1’024"),
        ({"subnet_rate": "0"}, "subnet_rate", "0.1"),
        ({"port": "70000"}, "port", "65’535"),
        ({"servers": "ldaps://dc1.example"}, "servers", "LDAP"),
        ({"servers": "https://dc1.example"}, "servers", "«https://dc1.example»"),
        ({"protocol": "ldap", "targets": "dc=a", "port": "161"}, "port", "SNMP"),
    ],
)
def test_a_wrong_setting_is_complained_about_at_its_field(
    client, session, plan, change, field, complaint
):
    client.set_cookie("lang", "de")
    answer = post(client, f"/discovery/plans/{plan.id}", form_of(client, plan) | change)
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert complaint in answer.text
    assert read(session, plan).options == {}


def test_the_page_of_a_plan_tells_its_settings(client, session):
    with unit_of_work(session):
        plan = make_plan(session, make_partner(session, "Birkental"), options=SNMP)
    page = client.get(f"/discovery/plans/{plan.id}").text
    for text in ("10.0.0.0/25 = core, old", "10.1.0.0/16; 10.2.0.0/16", "concurrency, translate"):
        assert text in page


names = st.text("abcdefghijklmnopqrstuvwxyz0123456789-._", min_size=1, max_size=8).map("s{}".format)
ranges = st.ip_addresses().map(str)
options_strategy = st.fixed_dictionaries(
    {},
    optional={
        "credentials_by_range": st.dictionaries(
            ranges, st.lists(names, min_size=1, max_size=3), max_size=3
        ),
        "crawl": st.none()
        | st.fixed_dictionaries(
            {"ranges": st.lists(ranges, min_size=1, max_size=3)},
            optional={"hops": st.integers(1, 8), "devices": st.integers(1, 4096)},
        ),
        "subnet_rate": st.integers(1, 10_000) | st.floats(0.1, 10_000),
        "port": st.integers(1, 65_535),
        "retries": st.integers(0, 5),
    },
)


@given(options=options_strategy)
def test_whatever_a_program_sets_survives_the_page(form_context, options):
    shown = {name: str("" if value is None else value) for name, value in texts_of(options).items()}
    SnmpOptionsSchema().load(options)  # what a collector accepts
    form = SettingsForm(MultiDict(shown), meta={"csrf": False})
    assert form.validate(), form.errors
    plan = Plan(protocol=Protocol.SNMP, options=options)
    assert options_of(form, Protocol.SNMP, plan) == options
    typed = options_of(form, Protocol.SNMP, None)
    SnmpOptionsSchema().load(typed)
    assert all(
        typed.get(name) == value for name, value in options.items() if value and name != "retries"
    )


@pytest.fixture(scope="module")
def form_context(empty_database):
    """A request in which forms can be made; the property makes many of them."""

    app = create_app(load(overrides={"data_directory": str(empty_database.parent)}))
    with app.test_request_context():
        yield


@pytest.mark.parametrize(
    "url",
    [
        "ldaps://dc1.example",
        "ldap://[2001:db8::1]:389",
        "http://dc1",
        "ldap://",
        "ldaps://a:b",
        "x",
    ],
)
def test_the_page_takes_the_servers_that_the_collector_takes(form_context, url):
    form = SettingsForm(MultiDict({"servers": url}), meta={"csrf": False})
    is_refused = "servers" in LdapOptionsSchema().validate({"servers": [url]})
    assert form.validate() is not is_refused

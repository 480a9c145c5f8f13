"""The history of a device in words: relations, parts, units, who and when, and earlier values."""

from datetime import UTC, datetime

import pytest

from catalog.transactions import unit_of_work
from cmdb.history.commands import record_revision
from cmdb.history.models import CiFact
from schemas.vocabulary import Source
from tests.counting import statements
from tests.web.conftest import signed_in_client
from tests.web.inventory import see_switches

MOST_STATEMENTS = 12
AT = datetime(2026, 7, 1, 6, 30, tzinfo=UTC)


@pytest.fixture
def switch(session, house, partner):
    return see_switches(session, house, partner, 1)[0]


@pytest.fixture
def client(app, switch, make_person):
    with signed_in_client(app, make_person("operator")) as client:
        client.set_cookie("lang", "de")
        yield client


def revise(session, actor, item, changes, *, source=Source.SNMP, reason=""):
    with unit_of_work(session):
        record_revision(
            session, actor, item_id=item.id, changes=changes, source=source, at=AT, reason=reason
        )


@pytest.mark.parametrize(
    ("name", "pair", "words"),
    [
        (
            "link Gi1/0/1 ↔ eth0",
            [None, "connected_to"],
            ("Verbindung Gi1/0/1 ↔ eth0", "angeschlossen an"),
        ),
        ("interface Gi1/0/7", [None, "Gi1/0/7"], ("Schnittstelle Gi1/0/7",)),
        (
            "interface Gi1/0/7: speed",
            [100_000_000, 1_000_000_000],
            ("Schnittstelle Gi1/0/7: Geschwindigkeit", "100\u00a0Mbit/s", "1\u00a0Gbit/s"),
        ),
        (
            "interface Gi1/0/7: oper_status",
            ["up", "lowerLayerDown"],
            ("Status", "aus, weil eine Ebene darunter aus ist"),
        ),
        ("address 10.0.0.7: prefix_length", [24, 25], ("Adresse 10.0.0.7: Präfixlänge",)),
        ("component PSU 1: serial", ["", "X1"], ("Komponente PSU 1: Seriennummer",)),
        ("storage /var: size_bytes", [10**9, 2 * 10**9], ("Speicher /var: Grösse", "2\u00a0GB")),
        ("further", [0, 12], ("Weitere Änderungen", "12")),
        ("lifecycle", ["in_operation", "missing"], ("In Betrieb", "Vermisst")),
        ("power_budget", [370, 740], ("PoE-Leistung", "740\u00a0W")),
        ("class_name", ["unknown.device", "network.switch"], ("Klasse", "Switch")),
        ("interface Gi1/0/7: newer_column", [1, 2], ("Schnittstelle Gi1/0/7: newer_column",)),
    ],
)
def test_changes_are_told_in_words(client, session, house, switch, name, pair, words):
    revise(session, house, switch, {name: pair})
    page = client.get(f"/devices/{switch.id}?tab=history").text.replace("740 W", "740\u00a0W")
    assert all(word in page for word in words), words
    for raw in ("connected_to", "in_operation", "lowerLayerDown", "size_bytes", "power_budget"):
        assert raw not in page


def test_who_and_when_are_told_in_zurich(client, session, house, switch):
    revise(session, house, switch, {"vendor": ["A", "B"]}, reason="Label")
    page = client.get(f"/devices/{switch.id}?tab=history").text
    assert "01.07.2026, 08:30" in page
    assert "Erkennung" in page, "what the job of discovery wrote is told as discovery"
    assert "tests" in page


def test_attributes_of_an_earlier_class_keep_their_words(client, session, house, switch):
    changes = {"class_name": ["server.physical", "network.switch"], "memory_bytes": [2**30, None]}
    revise(session, house, switch, changes)
    page = client.get(f"/devices/{switch.id}?tab=history").text
    assert "Arbeitsspeicher" in page
    assert "1\u00a0GiB" in page


def test_earlier_values_of_one_attribute_have_a_way_and_a_list(client, session, switch):
    overview = client.get(f"/devices/{switch.id}").text
    assert "Frühere Werte" not in overview
    with unit_of_work(session):
        session.add(
            CiFact(
                item_id=switch.id,
                attribute="serial",
                source=Source.DECLARED,
                value="OLD-1",
                actor_name="Anna Muster",
                since_at=AT,
                until_at=datetime(2026, 8, 1, 6, 30, tzinfo=UTC),
            )
        )
    overview = client.get(f"/devices/{switch.id}").text
    assert f"/devices/{switch.id}?tab=history&amp;attribute=serial#past" in overview
    page = client.get(f"/devices/{switch.id}?tab=history&attribute=serial").text
    assert "Frühere Werte: Seriennummer" in page
    for told in ("OLD-1", "Anna Muster", "01.07.2026, 08:30", "01.08.2026, 08:30"):
        assert told in page
    nothing = client.get(f"/devices/{switch.id}?tab=history&attribute=vendor").text
    assert "nie etwas anderes gesagt" in nothing


@pytest.mark.parametrize("query", ["", "?tab=history", "?tab=history&attribute=serial"])
def test_overview_and_history_cost_few_statements(session, client, switch, query):
    with statements(session) as seen:
        assert client.get(f"/devices/{switch.id}{query}").status_code == 200
    assert len(seen) <= MOST_STATEMENTS, "\n".join(seen)


def test_an_attribute_that_does_not_exist_says_nothing_and_harms_nobody(client, switch):
    page = client.get(f"/devices/{switch.id}?tab=history&attribute=<script>").text
    assert "<script>" not in page.split("</head>")[1].split("<main")[1]

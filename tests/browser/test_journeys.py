"""The two journeys, seeing and asking: in German, by keyboard, narrow and wide, light and dark."""

import re
from types import SimpleNamespace

import pytest
from playwright.sync_api import expect

from catalog.app import create_app
from catalog.cli.console import console_transaction
from catalog.extensions import db, limiter
from catalog.jobs.embedded import EmbeddedCarrier
from cmdb.plans.models import Plan
from config.settings import load
from tests.browser.keyboard import Keyboard
from tests.journeys.world import DEVICES, furnish, simulator_for, small_network

RATE = 4.0
"""New targets a second: a run lasts long enough to be watched."""
LOOKS = [(width, theme) for width in (1440, 360) for theme in ("light", "dark")]
SWITCH = "sw-mus-gh-01"

pytestmark = pytest.mark.parametrize(("width", "theme"), LOOKS)


@pytest.fixture(scope="module")
def house(browser, serve, tmp_path_factory):
    """A server with its embedded carrier, and the network that it is to look at."""
    folder = tmp_path_factory.mktemp("house")
    app = create_app(load(overrides={"data_directory": str(folder), "is_demo": True}))
    world, network = furnish(app), small_network()
    limiter.enabled = False
    carrier = EmbeddedCarrier.for_app(app, app.config["HAUS"])
    with simulator_for(network) as simulator:
        with console_transaction(app) as session:
            plan = session.get(Plan, world.network_plan)
            plan.options = {**plan.options, "port": simulator.port}
            plan.rate = RATE
        carrier.start()
        yield SimpleNamespace(address=serve(app), world=world, network=network)
        carrier.stop()
    limiter.enabled = True
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def enter(house, visit, assert_accessible, width, theme):
    """Signs a person in by keyboard, in a browser of their own: `enter("betrieb")`."""

    def sign_in(name):
        page = visit(f"{house.address}/sign-in", width=width, theme=theme)
        assert_accessible(page)
        keys = Keyboard(page)
        keys.fill("Anmeldename", name)
        keys.fill("Passwort", house.world.passwords[name])
        with page.expect_navigation():
            page.keyboard.press("Enter")
        assert_accessible(page)
        return page, keys

    return sign_in


def test_seeing(house, enter, assert_accessible):
    page, keys = enter("betrieb")

    keys.open_place("Pläne")
    assert_accessible(page)
    keys.skip()
    keys.press("Netz Gemeindehaus", "a")
    assert_accessible(page)

    keys.skip()
    keys.press("Jetzt ausführen", "button")
    expect(page.get_by_role("progressbar", name="Angesehene Ziele")).to_be_visible()
    assert_accessible(page)
    expect(page.locator("#run-results")).to_be_visible(timeout=15_000)
    assert_accessible(page)

    keys.skip()
    keys.press("Ergebnisse zeigen", "a")
    targets = page.get_by_role("table", name="Ziele").locator("tbody tr")
    expect(targets).to_have_count(DEVICES)
    expect(targets.filter(has_text=re.compile("Neu|Unverändert"))).to_have_count(DEVICES)
    assert_accessible(page)

    keys.skip()
    keys.press(SWITCH, "a")
    expect(page.get_by_role("heading", level=1)).to_have_text(SWITCH)
    serial = page.locator(".v-fact").filter(has_text="Seriennummer")
    expect(serial).to_contain_text(house.network.find(SWITCH).serial)
    expect(serial).to_contain_text("SNMP · ")
    assert_accessible(page)

    keys.skip()
    keys.press("Verlauf", "a")
    expect(page.locator("main")).to_contain_text(house.network.find(SWITCH).serial)
    assert_accessible(page)


def test_asking(enter, assert_accessible):
    page, keys = enter("musterwil1")
    number = order_notebooks(page, keys, assert_accessible)
    expect(page.get_by_role("button", name="Genehmigen")).to_have_count(0)

    page, keys = enter("musterwil2")
    keys.open_place("Genehmigungen")
    assert_accessible(page)
    keys.skip()
    keys.press(number, "a")
    assert_accessible(page)
    keys.skip()
    keys.fill("Bemerkung oder Begründung", "Im Voranschlag enthalten.")
    keys.press("Genehmigen", "button")
    expect(page.get_by_role("main")).to_contain_text("«Im Voranschlag enthalten.»")
    assert_accessible(page)

    page, keys = enter("betrieb")
    deliver(page, keys, assert_accessible, number)
    keys.skip()
    keys.press("Leistungsbezug ab", "a")
    expect(page.get_by_role("main")).to_contain_text("nutzt 3")
    expect(page.get_by_role("main")).to_contain_text("genehmigt von Demo Genehmigung Musterwil")
    assert_accessible(page)


def order_notebooks(page, keys, assert_accessible):
    """Find the service, fill in the form, see the price follow, and send it; returns the number."""
    keys.open_place("Servicekatalog")
    assert_accessible(page)
    keys.skip()
    keys.fill("Was suchen Sie?", "Notebook")
    keys.press("Suchen", "button")
    assert_accessible(page)
    keys.skip()
    keys.press("Arbeitsplatz Mobil", "a")
    assert_accessible(page)
    keys.skip()
    keys.press("Bestellen", "a")
    expect(page.locator("#quote")).to_contain_text("CHF 1’704.00 pro Jahr")
    assert_accessible(page)

    keys.skip()
    keys.fill("Menge", "3")
    with page.expect_request(re.compile(r"/order\?")) as asked:
        keys.reach("Standort", "select")
    assert "csrf_token" not in asked.value.url
    expect(page.locator("#quote")).to_contain_text("CHF 5’112.00 pro Jahr")
    page.keyboard.type("Gem")
    # The order of day, month and year is the browser's; the day that the form proposes will do.
    keys.reach("Gewünscht ab", "input")
    keys.fill("Begründung", "Neue Leute im Bauamt")
    assert_accessible(page)
    keys.press("Verbindlich bestellen", "button")
    expect(page.get_by_role("main")).to_contain_text("Ihre Bestellung ist abgeschickt")
    expect(page.get_by_role("main")).to_contain_text("Neue Leute im Bauamt")
    expect(page.get_by_role("main")).to_contain_text("CHF 5’112.00 pro Jahr")
    assert_accessible(page)
    return re.search(r"B-\d{4}-\d+", page.get_by_role("heading", level=1).inner_text())[0]


def deliver(page, keys, assert_accessible, number):
    """Take an approved order on and deliver it."""
    keys.open_place("Bestellungen")
    assert_accessible(page)
    keys.skip()
    keys.press(number, "a")
    assert_accessible(page)
    keys.skip()
    keys.press("Umsetzung beginnen", "button")
    expect(page.get_by_role("main")).to_contain_text("Sie haben die Bestellung übernommen.")
    assert_accessible(page)
    keys.skip()
    keys.press("Ausliefern", "button")
    expect(page.get_by_role("main")).to_contain_text("Die Bestellung ist ausgeliefert.")
    assert_accessible(page)

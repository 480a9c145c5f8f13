"""Every page as an operator and a partner see it: axe, light and dark, wide and narrow, live."""

import re
from types import SimpleNamespace

import pytest
from playwright.sync_api import expect

from catalog.app import create_app
from catalog.extensions import db, limiter
from config.settings import load
from tests.browser.estate import SWITCHES, furnish_estate

WIDTHS = (1440, 360)
THEMES = ("light", "dark")
OPERATOR = (
    "/",
    "/devices",
    "/devices?q=sw-0001&lifecycle=in_operation",
    "/devices?q=nothing-like-this",
    "/devices/{device}",
    "/devices/{device}?tab=interfaces",
    "/devices/{device}?tab=components",
    "/devices/{device}?tab=relations",
    "/devices/{device}?tab=services",
    "/devices/{device}?tab=history",
    "/devices/{device}?tab=raw",
    "/devices/{device}/edit",
    "/devices/new",
    "/search?q=sw-0",
    "/search?q=nothing-like-this",
    "/inbox",
    "/inbox?kind=missing&state=decided",
    "/inbox/{contradiction}",
    "/inbox/{ambiguous}",
    "/partners",
    "/partners/{slug}",
    "/sites",
    "/sites/{site}",
    "/accounts",
    "/accounts/records",
    "/accounts/records?partner={partner}&purpose=audit",
    "/accounts/records/{account}?purpose=audit",
    "/accounts/accesses",
    "/discovery/plans",
    "/discovery/plans/{plan}",
    "/discovery/runs",
    "/orders",
)
COORDINATOR = (
    "/",
    "/devices",
    "/accounts",
    "/partners/{slug}",
    "/services",
    "/services/AP-STD",
    "/services/AP-STD/order?quantity=3",
    "/orders",
    "/approvals",
    "/subscriptions",
)
VISITS = [("betrieb", path) for path in OPERATOR] + [("musterwil1", path) for path in COORDINATOR]


@pytest.fixture(scope="module")
def house(browser, serve, tmp_path_factory):
    """A served app with something for every page, and the sessions of its people."""
    folder = tmp_path_factory.mktemp("pages")
    app = create_app(load(overrides={"data_directory": str(folder), "is_demo": True}))
    estate = furnish_estate(app)
    limiter.enabled = False
    address = serve(app)
    sessions = {
        name: sign_in(browser, address, name, estate.passwords[name])
        for name in ("betrieb", "musterwil1", "admin")
    }
    yield SimpleNamespace(address=address, estate=estate, sessions=sessions)
    limiter.enabled = True
    with app.app_context():
        db.engine.dispose()


def sign_in(browser, address, name, password):
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{address}/sign-in")
    page.fill("[name=name]", name)
    page.fill("[name=password]", password)
    with page.expect_navigation():
        page.click("main .btn-primary")
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture
def enter(house, visit):
    """Opens a page as somebody: `enter("betrieb", "/devices/{device}", theme="dark")`."""

    def open_page(name, path, **options):
        address = house.address + house.estate.path(path)
        return visit(address, storage_state=house.sessions[name], **options)

    return open_page


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize(("name", "path"), VISITS)
def test_nothing_bars_the_way(enter, assert_accessible, name, path, width):
    page = enter(name, path, width=width)
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    for theme in THEMES:
        page.emulate_media(color_scheme=theme)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert_accessible(page)


@pytest.mark.parametrize("path", ["/partners/{slug}/sites/new", "/sites/{site}/edit"])
def test_the_forms_of_partners_bar_nobody(enter, assert_accessible, path):
    assert_accessible(enter("admin", path))


def test_facets_work_live_and_keep_the_focus(enter):
    page = enter("betrieb", "/devices")
    box = page.get_by_label("Cisco")
    box.focus()
    page.keyboard.press("Space")
    expect(page.locator(".v-pill")).to_have_count(1)
    expect(box).to_be_focused()
    expect(page).to_have_url(re.compile("vendor=Cisco"))


def test_typing_searches_by_itself_and_tells_screen_readers(enter):
    page = enter("betrieb", "/devices")
    page.get_by_label("Name, Adresse, Seriennummer, Modell").press_sequentially("sw-0000")
    expect(page.locator("#list-status")).to_have_text("9 Geräte")
    expect(page.locator("#filter-q")).to_be_focused()
    expect(page.locator("tbody tr")).to_have_count(9)


def test_the_list_works_without_scripts(enter):
    page = enter("betrieb", "/devices", has_scripts=False)
    page.get_by_label("Name, Adresse, Seriennummer, Modell").fill("sw-0000")
    page.get_by_role("button", name="Filter anwenden").click()
    expect(page.locator("tbody tr")).to_have_count(9)
    page.locator("#columns-open").click()
    page.locator("#column-serial").check()
    page.locator("#columns-apply").click()
    expect(page.get_by_role("columnheader", name="Seriennummer")).to_be_visible()
    expect(page.locator("tbody tr")).to_have_count(9)


def test_pages_lead_on_and_back(enter):
    page = enter("betrieb", "/devices")
    expect(page.locator("tbody tr")).to_have_count(50)
    page.get_by_role("link", name="Nächste Seite").click()
    expect(page.locator("tbody tr")).to_have_count(SWITCHES - 50)
    page.get_by_role("link", name="Erste Seite").click()
    expect(page.locator("tbody tr")).to_have_count(50)


def test_the_price_of_an_order_follows_the_quantity(enter):
    page = enter("musterwil1", "/services/AP-STD/order?quantity=1")
    total = page.locator(".v-total strong")
    before = total.text_content()
    page.get_by_label("Menge").fill("7")
    expect(total).not_to_have_text(before)
    expect(page.get_by_label("Menge")).to_be_focused()


def test_a_new_plan_offers_the_sites_of_the_chosen_partner(enter):
    page = enter("betrieb", "/discovery/plans/new")
    site = page.get_by_label("Standort")
    expect(site.locator("option")).to_have_text(["–"])
    page.get_by_label("Partner", exact=True).select_option(label="Musterwil (LU)")
    expect(site.locator("option")).to_have_text(["–", "Gemeindehaus"])

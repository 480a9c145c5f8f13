"""Every component, seen by a browser."""

import pytest
from playwright.sync_api import expect

from tests.web.styleguide import create_styleguide_app

PAGES = ("/", "/partner", "/signed-out", "/error")


@pytest.fixture(scope="module")
def address(serve):
    return serve(create_styleguide_app())


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(address, visit, assert_accessible, path, theme):
    for width in (1440, 360):
        assert_accessible(visit(address + path, theme=theme, width=width))


def test_a_refused_form_is_accessible_and_takes_the_focus(address, visit, assert_accessible):
    page = visit(address)
    page.fill("#quantity", "")
    page.get_by_role("button", name="Verbindlich bestellen").click()
    expect(page.get_by_role("alert").filter(has_text="Bitte korrigieren Sie")).to_be_focused()
    expect(page.locator("#quantity")).to_have_attribute("aria-invalid", "true")
    assert_accessible(page)


@pytest.mark.parametrize("path", PAGES)
def test_nothing_scrolls_sideways_at_320_pixels(address, visit, assert_reflows, path):
    assert_reflows(visit(address + path))


def test_targets_are_at_least_24_pixels(address, visit):
    page = visit(address)
    small = page.evaluate(
        """[...document.querySelectorAll("button, summary, input, select, .btn, nav a, .v-pill")]
        .filter(e => e.checkVisibility() && e.type !== "hidden")
        .map(e => [e.outerHTML.slice(0, 80), e.closest("label") ?? e])
        .map(([html, e]) => [html, e.getBoundingClientRect()])
        .filter(([_, box]) => box.width < 24 || box.height < 24)
        .map(([html]) => html)"""
    )
    assert small == []


def test_the_theme_changes_at_once_and_is_remembered(address, visit):
    page = visit(address)
    page.click("#look-menu")
    with page.expect_response("**/preferences"):
        page.get_by_role("button", name="Dunkel").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_the_theme_changes_without_scripts(address, visit):
    page = visit(address, has_scripts=False)
    page.click("#look-menu")
    page.get_by_role("button", name="Dunkel").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_the_filter_can_be_applied_without_scripts(address, visit):
    page = visit(address, has_scripts=False)
    page.locator("#facet-class-2").check()
    page.get_by_role("button", name="Filter anwenden").click()
    assert "class=2" in page.url


def test_a_live_list_needs_no_button(address, visit):
    expect(visit(address).get_by_role("button", name="Filter anwenden")).to_be_hidden()


def test_the_language_changes_and_stays(address, visit):
    page = visit(address)
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_role("link", name="Next page")).to_be_visible()


def test_slash_leads_to_the_search_unless_switched_off(address, visit):
    page = visit(address)
    page.keyboard.press("/")
    expect(page.locator("#search")).to_be_focused()
    page.keyboard.press("/")
    expect(page.locator("#search")).to_have_value("/")
    page.context.add_cookies([{"name": "shortcuts", "value": "off", "url": address}])
    page.reload()
    page.keyboard.press("/")
    expect(page.locator("#search")).not_to_be_focused()


def test_escape_closes_a_menu_and_returns_the_focus(address, visit):
    page = visit(address)
    page.click("#person-menu")
    expect(page.get_by_role("button", name="Abmelden")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(page.locator("#person-menu")).to_be_focused()
    expect(page.get_by_role("button", name="Abmelden")).to_be_hidden()


def test_the_navigation_opens_on_a_phone_without_scripts(address, visit):
    page = visit(address, width=360, has_scripts=False)
    expect(page.get_by_role("link", name="Konten")).to_be_hidden()
    page.click("#main-menu")
    expect(page.get_by_role("link", name="Konten")).to_be_visible()


def test_the_first_tab_skips_to_the_content(address, visit):
    page = visit(address)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Zum Inhalt springen")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_forced_colours_keep_the_current_place_visible(address, visit):
    page = visit(address, forced_colors="active")
    outline = page.locator(".v-side [aria-current=page]").evaluate(
        "e => getComputedStyle(e).outlineStyle"
    )
    assert outline == "solid"


def test_print_leaves_only_the_page(address, visit):
    page = visit(address, theme="dark")
    page.emulate_media(media="print")
    expect(page.locator(".v-side")).to_be_hidden()
    expect(page.locator(".v-top")).to_be_hidden()
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_the_focus_stays_where_it_was_when_a_part_is_replaced(address, visit):
    page = visit(address)
    with page.expect_response("**/?*"):
        page.locator("#facet-class-2").check()
    expect(page.locator("#facet-class-2")).to_be_focused()


def test_a_failed_request_says_so_and_leaves_the_page(address, visit, complaints):
    page = visit(address)
    page.click("#broken")
    expect(page.locator("#toasts")).to_contain_text("Der Server konnte nicht antworten")
    expect(page.locator("#list")).to_be_visible()
    page.get_by_role("button", name="Schliessen").click()
    expect(page.locator("#toasts")).to_be_empty()
    complaints.clear()


def test_the_head_of_a_table_stays_in_sight(address, visit):
    page = visit(address, height=500)
    page.locator("tbody tr").nth(9).scroll_into_view_if_needed()
    head = page.get_by_role("columnheader", name="Name").first.bounding_box()
    assert head["y"] == pytest.approx(page.locator(".v-top").bounding_box()["height"], abs=2)


def test_a_table_that_is_too_wide_can_be_scrolled_by_keyboard(address, visit):
    page = visit(address, width=800)
    box = page.get_by_role("region", name="Geräte")
    box.focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    assert box.evaluate("e => e.scrollLeft") > 0

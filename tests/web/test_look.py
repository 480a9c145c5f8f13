"""What the frame and the components do without a browser."""

import re
from enum import StrEnum
from pathlib import Path

import pytest

from catalog.web import components, locale, preferences, signs
from schemas import vocabulary
from tests.web.styleguide import create_styleguide_app

STATIC = Path(components.__file__).parent / "static"
WORDS = [
    word
    for words in vars(vocabulary).values()
    if isinstance(words, type) and issubclass(words, StrEnum)
    for word in words
]


@pytest.fixture(scope="module")
def app():
    return create_styleguide_app()


@pytest.fixture
def client(app):
    app.config["WTF_CSRF_ENABLED"] = False
    return app.test_client()


@pytest.mark.parametrize("word", WORDS, ids=lambda word: f"{type(word).__name__}.{word.name}")
def test_every_word_of_the_vocabulary_has_a_sign(word):
    assert word.value in signs.SIGNS[type(word)]


def test_words_that_are_equal_as_strings_keep_their_own_sign():
    assert signs.sign_of(vocabulary.Lifecycle.MISSING) != signs.sign_of(
        vocabulary.OrderState.CANCELLED
    )
    assert signs.sign_of(vocabulary.RunState.CANCELLED).icon == "ban"


def test_a_word_without_a_sign_is_shown_as_it_is_stored():
    class Colour(StrEnum):
        DARK_RED = "dark_red"

    assert signs.sign_of(Colour.DARK_RED).label == "dark red"


@pytest.mark.parametrize(
    ("profile", "cookie", "accepted", "language"),
    [
        ("en", "de", ["de-CH"], "en"),
        (None, "en", ["de-CH"], "en"),
        (None, "xx", ["en-GB", "de"], "en"),
        (None, None, ["de-CH", "de"], "de"),
        (None, None, ["fr-CH", "it"], "de"),
        (None, None, [], "de"),
    ],
)
def test_the_language_is_that_of_profile_cookie_browser_or_german(
    profile, cookie, accepted, language
):
    assert locale.select_language(profile, cookie, accepted) == language


def test_outside_a_request_the_language_is_german():
    assert locale.request_locale() == "de_CH"


def test_a_choice_is_remembered_and_leads_back(client):
    answer = client.post("/preferences", data={"theme": "dark", "next": "/partner?q=1"})
    assert answer.status_code == 303
    assert answer.location == "/partner?q=1"
    assert 'data-theme="dark"' in client.get("/").text


@pytest.mark.parametrize("data", [{"theme": "pink"}, {"unknown": "1"}, {}])
def test_an_unknown_choice_changes_nothing(client, data):
    assert "Set-Cookie" not in client.post("/preferences", data=data).headers


@pytest.mark.parametrize(
    "target",
    ["https://example.org/", "//example.org", "/\\example.org", "javascript:x", "", "/a\nb"],
)
def test_the_way_back_never_leaves_the_site(client, target):
    assert client.post("/preferences", data={"next": target}).location == "/"


def test_a_strange_cookie_is_read_as_the_default(app):
    with app.test_request_context(headers={"Cookie": "theme=pink"}):
        assert preferences.chosen("theme", "auto") == "auto"


def test_the_address_of_the_page_keeps_what_is_not_changed(app):
    with app.test_request_context("/devices?partner=a&partner=b&after=x&sort=name"):
        assert components.url_with(sort="-name", after=None) == (
            "/devices?partner=a&partner=b&sort=-name"
        )
        assert components.url_toggled("partner", "a") == "/devices?partner=b&sort=name"
        assert components.url_toggled("state", "m") == (
            "/devices?partner=a&partner=b&sort=name&state=m"
        )
    with app.test_request_context("/devices?q=a"):
        assert components.url_with(q=None) == "/devices"


def test_the_address_of_a_file_changes_with_its_content(app):
    with app.test_request_context():
        assert re.fullmatch(r"/static/haus\.css\?v=[0-9a-f]{10}", components.asset_url("haus.css"))
        assert components.asset_url("absent.css").endswith("?v=none")


def test_pages_work_without_the_built_assets(client, app, monkeypatch):
    monkeypatch.setitem(app.jinja_env.globals, "has_assets", lambda: False)
    app.jinja_env.cache.clear()
    try:
        page = client.get("/").text
    finally:
        app.jinja_env.cache.clear()
    assert "vendor/" not in page
    assert "python hatch_build.py" in page
    assert "Darstellung" in page


@pytest.mark.parametrize("path", ["/", "/partner", "/signed-out", "/error"])
def test_pages_are_valid_under_the_strict_policy(client, path):
    page = client.get(path).text
    assert not re.search(r"<[^>]+\s(style|on\w+)=", page)
    assert not re.search(r"<style|<script(?![^>]*\ssrc=)", page)
    assert page.count("<h1") == 1


def test_ids_are_unique(client):
    ids = re.findall(r'\sid="([^"]+)"', client.get("/").text)
    assert sorted(set(ids)) == sorted(ids)


def test_texts_from_outside_are_escaped(app):
    template = app.jinja_env.from_string(
        '{% from "components/state.html" import badge %}'
        '{% from "components/fact.html" import fact, diff %}'
        "{{ badge(text) }}{{ fact(text, text) }}{{ diff([(text, text, text)]) }}"
    )
    with app.test_request_context():
        assert "<b>" not in template.render(text="<b>x</b>")


def _tokens() -> dict[str, tuple[str, str]]:
    found = re.findall(
        r"--(v-[\w-]+): light-dark\((#\w{6}), (#\w{6})\)", (STATIC / "haus.css").read_text("utf-8")
    )
    return {name: (light, dark) for name, light, dark in found}


def _contrast(one: str, other: str) -> float:
    def luminance(colour: str) -> float:
        channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


TEXTS = [("v-ink", ground) for ground in ("v-surface", "v-ground", "v-raised")]
TEXTS += [("v-muted", ground) for ground in ("v-surface", "v-ground", "v-raised")]
TEXTS += [("v-primary", ground) for ground in ("v-surface", "v-ground", "v-info-tint")]
TEXTS += [("v-on-primary", "v-primary"), ("v-on-primary", "v-primary-strong")]
TEXTS += [
    (f"v-{tone}-text", f"v-{tone}-tint")
    for tone in ("ok", "warn", "bad", "info", "plan", "neutral")
]
SHAPES = [
    (shape, ground)
    for shape in ("v-control", "v-primary", "v-ok", "v-warn", "v-bad", "v-plan", "v-teal")
    for ground in ("v-surface", "v-ground")
]


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("front", "ground", "least"),
    [(*pair, 4.5) for pair in TEXTS] + [(*pair, 3.0) for pair in SHAPES],
)
def test_colours_have_contrast(front, ground, least, theme):
    tokens = _tokens()
    assert _contrast(tokens[front][theme], tokens[ground][theme]) >= least

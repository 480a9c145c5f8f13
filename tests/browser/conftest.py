"""A real browser for pages: axe, a listening ear for errors, and no way out to the network."""

import shutil
import threading
from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")

Visit = Callable[..., Page]


class SilentHandler(WSGIRequestHandler):
    """Serves without a line per request."""

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 — werkzeug's name
        pass


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser per module: while it lives, its event loop forbids any other in this process."""
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def serve() -> Iterator[Callable[[Flask], str]]:
    """Serve an application on a free port of the loopback interface; returns its address."""
    servers = []

    def start(app: Flask) -> str:
        server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=SilentHandler)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        servers.append((server, thread))
        return f"http://127.0.0.1:{server.port}"

    yield start
    for server, thread in servers:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def complaints() -> list[str]:
    """What the visited pages complained about; a test that provokes a complaint clears it."""
    return []


@pytest.fixture
def visit(browser: Browser, complaints: list[str]) -> Iterator[Visit]:
    """Open an address in a fresh context; fails afterwards if the page complained.

    Keywords: width, height, theme ("light", "dark"), language ("de-CH", "en"), has_scripts; others
    go to Playwright's new_context.
    """
    contexts = []

    def open_page(address: str, *, width=1440, theme="light", language="de-CH", **options) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": options.pop("height", 900)},
            color_scheme=theme,
            locale=language,
            timezone_id="Europe/Zurich",
            reduced_motion="reduce",
            java_script_enabled=options.pop("has_scripts", True),
            **options,
        )
        contexts.append(context)
        page = context.new_page()
        page.on(
            "console",
            lambda note: note.type in {"error", "warning"} and complaints.append(note.text),
        )
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "request",
            lambda request: (
                request.url.startswith(("http:", "https:"))
                and not request.url.startswith("http://127.0.0.1:")
                and complaints.append(f"a request left the machine: {request.url}")
            ),
        )
        page.goto(address)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not complaints, complaints


@pytest.fixture
def assert_accessible() -> Callable[[Page], None]:
    """Let axe look at a page: the WCAG 2.2 AA rules that a program can check."""

    def check(page: Page) -> None:
        # To list also what passes would double the time of every look.
        options = {"runOnly": list(RULES), "resultTypes": ["violations"]}
        result = Axe().run(page, options=options)
        assert not result.response["violations"], result.generate_report()

    return check


@pytest.fixture
def assert_reflows() -> Callable[[Page], None]:
    """Assert that nothing scrolls sideways (WCAG 1.4.10)."""

    def check(page: Page) -> None:
        page.set_viewport_size({"width": 320, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= 320

    return check

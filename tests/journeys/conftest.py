"""One small furnished house per test, the network beside it, and doors for its people."""

import re
import shutil
from html import unescape

import pytest
from sqlalchemy.orm import sessionmaker

from catalog.app import create_app
from catalog.cli.console import console_actor
from catalog.extensions import db, limiter
from catalog.jobs.once import run_plan_now
from catalog.jobs.workplace import Workplace, local_secrets
from cmdb.plans.models import Plan
from config.settings import load
from tests.journeys.world import furnish, simulator_for, small_network
from tests.web.conftest import post

MARKUP = re.compile(r"<(script|style|svg)\b.*?</\1>|<[^>]+>", re.DOTALL)


class Door:
    """A person's browser without the browser: pages as the words that stand on them."""

    def __init__(self, app, name, password):
        self.client = app.test_client()
        answer = post(self.client, "/sign-in", {"name": name, "password": password})
        assert answer.status_code == 303, words_of(answer)

    def read(self, path):
        """Return the words of a page."""
        answer = self.client.get(path)
        assert answer.status_code == 200, f"{path}: {answer.status_code} {words_of(answer)}"
        return words_of(answer)

    def status(self, path):
        """Return only how a page answers."""
        return self.client.get(path).status_code

    def find_link(self, path, words):
        """Return where the link with these words on a page leads."""
        page = self.client.get(path).text
        links = re.findall(r'<a [^>]*?href="([^"]+)"[^>]*>(.*?)</a>', page, re.DOTALL)
        found = [unescape(href) for href, text in links if words in plain(text)]
        assert found, f"{path} has no link «{words}»: {[plain(text) for _, text in links]}"
        return found[0]

    def send(self, path, form=None, *, page):
        """Send a form of a page; returns the answer after the redirect, or the refusal."""
        answer = post(self.client, path, form, form_page=page)
        return self.client.get(answer.location) if answer.status_code == 303 else answer


def plain(markup):
    """Return the words between the tags, with single spaces."""
    return " ".join(unescape(MARKUP.sub(" ", markup)).replace("\u00a0", " ").split())


def words_of(answer):
    """Return the words of an answer."""
    return plain(answer.text)


@pytest.fixture(scope="session")
def furnished(tmp_path_factory):
    """The folder of a furnished house and what stands in it; tests work on copies."""
    folder = tmp_path_factory.mktemp("furnished")
    app = create_app(load(overrides={"data_directory": str(folder)}))
    world = furnish(app)
    with app.app_context():
        db.engine.dispose()
    return folder, world


@pytest.fixture
def folder(furnished, tmp_path):
    """A data directory of this test's own."""
    return shutil.copytree(furnished[0], tmp_path / "data")


@pytest.fixture
def world(furnished):
    return furnished[1]


@pytest.fixture
def app(folder):
    app = create_app(load(overrides={"data_directory": str(folder)}))
    app.testing = True
    yield app
    with app.app_context():
        limiter.reset()
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def enter(app, world):
    """Lets a person in: `enter("betrieb")`."""
    return lambda name: Door(app, name, world.passwords[name])


@pytest.fixture
def place(app):
    """Where assignments are carried out in these tests."""
    settings = app.config["HAUS"]
    with app.app_context():
        engine = db.engine
    factory = sessionmaker(engine, expire_on_commit=False)
    return Workplace(factory, local_secrets(settings), settings.directory_path)


@pytest.fixture
def network():
    return small_network()


@pytest.fixture
def simulator(network, place, world):
    """The network answers, and the plan knows at which port."""
    with simulator_for(network) as simulator:
        with place.transaction() as session:
            plan = session.get(Plan, world.network_plan)
            plan.options = {**plan.options, "port": simulator.port}
        yield simulator


@pytest.fixture
def look(place):
    """Runs a plan to its end and tells how it went: `look(world.network_plan)`."""
    return lambda plan_id, **options: run_plan_now(place, console_actor(), plan_id, **options)

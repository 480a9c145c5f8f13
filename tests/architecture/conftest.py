"""Lends the tests of routes the app of the web tests, and people who look at it."""

from tests.architecture.visitors import visit, world  # noqa: F401 — fixtures
from tests.web.conftest import app, empty_database, house, make_app, session  # noqa: F401 — fixtures

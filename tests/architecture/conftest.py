"""Lends the tests of routes the app of the web tests."""

from tests.web.conftest import app, empty_database, house, make_app, session  # noqa: F401 — fixtures

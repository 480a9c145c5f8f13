"""Permissions are told in words, and every one that a role can have has some."""

from catalog.access.roles import load_roles
from catalog.access.rules import GIVE
from catalog.web.permissions import PERMISSIONS, permission_words
from tests.web.conftest import signed_in_client


def test_every_permission_of_the_roles_has_words():
    given = {one.removeprefix(GIVE) for one in load_roles().all_permissions}
    assert given == set(PERMISSIONS)


def test_a_permission_that_is_not_known_is_told_by_its_name(app):
    with app.test_request_context():
        assert permission_words("moon.walk") == "moon.walk"


def test_a_token_is_made_with_permissions_in_words(app, make_person):
    with signed_in_client(app, make_person("operator")) as client:
        client.set_cookie("lang", "de")
        page = client.get("/account/tokens").text
        assert "Einzelne Konten lesen, mit Zweck" in page
        assert ">account.read<" not in page


def test_who_may_not_open_a_page_is_told_in_words_what_is_needed(app, make_person):
    with signed_in_client(app, make_person("auditor")) as client:
        client.set_cookie("lang", "de")
        page = client.get("/admin/people").text
        assert "«Personen und Rollen verwalten»" in page
        assert "admin.users" not in page

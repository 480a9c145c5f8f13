"""Partners and sites: what is counted, and what may be written down."""

import re

import pytest

from catalog.transactions import unit_of_work
from catalog.web.partners import views
from cmdb.partners.models import Contact, OrganisationGroup, RoutingDomain, Site
from cmdb.partners.rules import sort_key
from tests.builders import make_partner
from tests.counting import statements
from tests.web.conftest import post, signed_in_client
from tests.web.inventory import see_switches


@pytest.fixture
def client(app, make_person):
    with signed_in_client(app, make_person("administrator")) as client:
        client.set_cookie("lang", "en")
        yield client


@pytest.fixture
def switches(session, house, partner):
    return see_switches(session, house, partner, 2)


def test_the_list_counts_devices_and_leads_to_them(client, partner, switches):
    page = client.get("/partners").text
    assert f'<a href="/devices?partner={partner.id}">2</a>' in page


def test_the_list_is_searched_without_umlauts(session, client, partner):
    with unit_of_work(session):
        make_partner(session, "Gemeinde Büron")
    page = client.get("/partners?q=buron").text
    assert "Gemeinde Büron" in page
    assert partner.name not in page
    assert "No partner fits this filter" in client.get("/partners?q=zzz&role=supplier").text


@pytest.mark.parametrize("path", ["/partners", "/sites", "/partners/{slug}"])
def test_the_pages_cost_few_statements(session, client, partner, switches, path):
    with statements(session) as seen:
        assert client.get(path.format(slug=partner.slug)).status_code == 200
    assert len(seen) <= 14


def test_a_partner_shows_its_sites_classes_and_plans(client, partner, switches):
    page = client.get(f"/partners/{partner.slug}").text
    for text in (f"Werkhof {partner.name}", "Switch", "10.0.0.0/24"):
        assert text in page


def test_a_site_is_added_and_changed(session, client, partner):
    path = f"/partners/{partner.slug}/sites/new"
    assert post(client, path, {"name": "Werkhof", "town": "Aarfeld"}).status_code == 303
    site = session.query(Site).filter_by(name="Werkhof").one()
    page = client.get(f"/sites/{site.id}").text
    assert "No device stands here yet" in page
    edit = f"/sites/{site.id}/edit"
    form = {"name": "Werkhof", "town": "Seewil", "version": version_in(client, edit)}
    assert post(client, edit, form).status_code == 303
    assert "Seewil" in client.get(f"/sites/{site.id}").text
    again = post(client, path, {"name": "Werkhof"})
    assert again.status_code == 422
    assert "There is a site «Werkhof» already." in again.text


def test_a_contact_is_added_changed_and_removed(session, client, partner):
    base = f"/partners/{partner.slug}/contacts"
    wrong = post(client, f"{base}/new", {"name": "Eva", "email": "eva"})
    assert "This is not an e-mail address." in wrong.text
    form = {"name": "Eva Muster", "function": "Informatik", "email": "eva@aarfeld.example"}
    assert post(client, f"{base}/new", form).status_code == 303
    contact = session.query(Contact).one()
    edit = f"{base}/{contact.id}"
    form = {"name": "Eva Beispiel", "email": "", "version": version_in(client, edit)}
    assert post(client, edit, form).status_code == 303
    page = client.get(f"/partners/{partner.slug}").text
    assert "Eva Beispiel" in page
    assert "eva@aarfeld.example" not in page
    assert post(client, f"{base}/{contact.id}/remove").status_code == 303
    assert "Eva Beispiel" not in client.get(f"/partners/{partner.slug}").text


def test_a_contact_of_another_partner_is_not_found_here(session, client, partner):
    post(client, f"/partners/{partner.slug}/contacts/new", {"name": "Eva"})
    contact = session.query(Contact).one()
    with unit_of_work(session):
        other = make_partner(session, slug="birkental")
    path = f"/partners/{other.slug}/contacts/{contact.id}"
    assert client.get(path).status_code == 404
    assert post(client, f"{path}/remove").status_code == 404


def test_an_address_space_needs_a_plain_name(session, client, partner):
    path = f"/partners/{partner.slug}/routing-domains/new"
    assert post(client, path, {"name": "Büro Netz"}).status_code == 422
    assert post(client, path, {"name": "buero"}).status_code == 303
    assert session.query(RoutingDomain).one().name == "buero"


def test_a_coordinator_sees_the_own_partner_without_forms(app, session, partner, make_person):
    person = make_person("partner_coordinator", partner.id, name="karin")
    with unit_of_work(session):
        make_partner(session, "Gemeinde Birkental")
    with signed_in_client(app, person) as client:
        assert "/sites/new" not in client.get(f"/partners/{partner.slug}").text
        assert client.get(f"/partners/{partner.slug}/sites/new").status_code == 403
        assert "Birkental" not in client.get("/partners").text


def version_in(client, path):
    return re.search(r'name="version"[^>]* value="([^"]*)"', client.get(path).text)[1]


WRITTEN = {
    "name": " Gemeinde Künftig ",
    "roles": ["partner", "provider"],
    "legal_form": "Einwohnergemeinde",
    "bfs_number": "1099",
    "population": "",
    "valid_from": "2026-01-01",
}


def test_an_organisation_is_added_and_changed_with_its_groups(session, client):
    with unit_of_work(session):
        group = OrganisationGroup(slug="iggi", name="IGGI")
        session.add(group)
    form = WRITTEN | {"groups": [str(group.id)]}
    added = post(client, "/partners/new", form)
    assert added.status_code == 303, added.text
    assert added.location == "/partners/gemeinde-kuenftig"
    page = client.get(added.location).text
    for text in ("Gemeinde Künftig", "Einwohnergemeinde", "Service provider", "IGGI"):
        assert text in page
    edit = f"{added.location}/edit"
    shown = client.get(edit).text
    assert 'value="1099"' in shown
    assert re.search(r'name="groups"[^>]*checked|checked[^>]*name="groups"', shown)
    changed = WRITTEN | {"name": "Gemeinde Später", "roles": ["partner"], "groups": []}
    changed |= {"version": version_in(client, edit)}
    assert post(client, edit, changed).status_code == 303
    page = client.get(added.location).text
    assert "Gemeinde Später" in page
    assert "IGGI" not in page


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"name": ""}, "This is needed."),
        ({"roles": []}, "This is needed."),
        ({"roles": ["king"]}, "Choose among the entries."),
        ({"bfs_number": "x"}, "Enter a whole number."),
        ({"valid_from": "soon"}, "This is not a day: write it as year-month-day."),
        ({"valid_until": "2020-01-01"}, "The end lies before the beginning."),
    ],
)
def test_what_is_wrong_with_an_organisation_is_said_at_its_field(client, change, complaint):
    refused = post(client, "/partners/new", WRITTEN | change)
    assert refused.status_code == 422
    assert complaint in refused.text


def test_one_partner_alone_changes_its_texts_only(app, session, partner, make_person):
    clerk = make_person("administrator", partner.id, name="cleo")
    with signed_in_client(app, clerk) as client:
        path = f"/partners/{partner.slug}/edit"
        assert 'name="roles"' not in client.get(path).text
        given = {"name": "Aarfeld", "roles": ["provider"], "valid_until": "2020-01-01"}
        given |= {"version": version_in(client, path)}
        assert post(client, path, given).status_code == 303
        assert client.get("/partners/new").status_code == 403
        assert "/partners/new" not in client.get("/partners").text
    session.refresh(partner)
    assert partner.name == "Aarfeld"
    assert partner.valid_until is None
    assert [one.role for one in partner.roles] == ["partner"]


def test_who_was_overtaken_in_an_organisation_sees_both_values(session, client, partner):
    edit = f"/partners/{partner.slug}/edit"
    mine = {"name": "Aarfeld A", "roles": ["partner"], "version": version_in(client, edit)}
    theirs = mine | {"name": "Aarfeld B", "roles": ["partner", "provider"], "population": "1200"}
    assert post(client, edit, theirs).status_code == 303
    overtaken = post(client, edit, mine)
    assert overtaken.status_code == 409
    assert "Somebody else changed this in the meantime" in overtaken.text
    for text in ("Aarfeld A", "<td>Aarfeld B</td>", "<td>Partner, Service provider</td>", "1200"):
        assert text in overtaken.text
    session.refresh(partner)
    assert partner.name == "Aarfeld B"
    version = re.search(r'name="version"[^>]* value="([^"]*)"', overtaken.text)[1]
    assert post(client, edit, mine | {"version": version}).status_code == 303
    session.rollback()
    session.refresh(partner)
    assert partner.name == "Aarfeld A"


def test_who_was_overtaken_in_the_groups_of_an_organisation_is_told(session, client, partner):
    with unit_of_work(session):
        group = OrganisationGroup(slug="iggi", name="IGGI")
        session.add(group)
    edit = f"/partners/{partner.slug}/edit"
    mine = {"name": partner.name, "roles": ["partner"], "version": version_in(client, edit)}
    assert post(client, edit, mine | {"groups": [str(group.id)]}).status_code == 303
    overtaken = post(client, edit, mine)
    assert overtaken.status_code == 409
    assert "<td>IGGI</td>" in overtaken.text


@pytest.mark.parametrize("what", ["site", "contact"])
def test_who_was_overtaken_in_a_site_or_a_contact_sees_both_values(session, client, partner, what):
    base = f"/partners/{partner.slug}/{what}s"
    assert post(client, f"{base}/new", {"name": "Eins"}).status_code == 303
    row = session.query(Site if what == "site" else Contact).filter_by(name="Eins").one()
    edit = f"/sites/{row.id}/edit" if what == "site" else f"{base}/{row.id}"
    version = version_in(client, edit)
    assert post(client, edit, {"name": "Zwei", "version": version}).status_code == 303
    overtaken = post(client, edit, {"name": "Drei", "version": version})
    assert overtaken.status_code == 409
    assert "<td>Drei</td><td>Zwei</td>" in overtaken.text
    assert post(client, edit, {"name": "Drei"}).status_code == 409
    session.rollback()
    session.refresh(row)
    assert row.name == "Zwei"


def test_the_list_is_sorted_by_any_column_without_scripts(session, client, partner, switches):
    with unit_of_work(session):
        for name, district, people in (("Ähren", "Sursee", 90), ("Berg", "Entlebuch", 1000)):
            other = make_partner(session, name)
            other.district, other.population = district, people
    names = (partner.name, "Ähren", "Berg")

    def shown(sort):
        page = client.get(f"/partners?sort={sort}").text
        return sorted(names, key=lambda one: page.index(f">{one}</a></th>"))

    assert shown("name") == sorted(names, key=sort_key)
    assert shown("-name") == sorted(names, key=sort_key, reverse=True)
    assert shown("-population") == ["Berg", "Ähren", partner.name]
    assert shown("population") == ["Ähren", "Berg", partner.name]
    assert shown("-devices")[0] == partner.name
    assert shown("district") == ["Berg", "Ähren", partner.name]
    assert shown("x'--") == shown("name")
    page = client.get("/partners?sort=-devices&q=b").text
    assert 'name="sort" value="-devices"' in page
    assert 'aria-sort="descending"' in page


def test_a_list_of_several_pages_is_sorted_by_name_only(session, client, monkeypatch):
    monkeypatch.setattr(views, "PAGE_SIZE", 2)
    with unit_of_work(session):
        for number in range(3):
            make_partner(session, f"Gemeinde {number}")
    page = client.get("/partners?sort=-devices").text
    assert "sort-devices" not in page
    assert "Gemeinde 0" in page
    assert "Gemeinde 2" not in page

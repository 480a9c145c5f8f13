"""Partners are told apart, found however they are typed, and changed by those who may."""

from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from cmdb.kernel.clock import today
from cmdb.kernel.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from cmdb.kernel.events import EventRecord
from cmdb.kernel.ids import new_key
from cmdb.partners import commands, groups, queries
from cmdb.partners.forms import ContactForm, OrganisationForm, SiteForm
from cmdb.partners.models import GroupMembership
from cmdb.partners.municipalities import import_municipalities, parse_municipalities
from cmdb.partners.queries import PartnerFilter
from schemas.vocabulary import OrganisationRole
from tests.builders import make_partner, make_routing_domain, make_site, make_viewer
from tests.counting import statements

OFFICE = make_viewer("partner.read", "partner.write", name="Anna Muster")
MUNICIPALITIES = Path(__file__).parents[3] / "config/demo/municipalities.csv"


def names(page):
    return [one.name for one in page.rows]


def kinds(session):
    return session.scalars(sa.select(EventRecord.kind).order_by(EventRecord.id)).all()


def test_the_municipalities_come_in_once(session):
    rows = parse_municipalities(MUNICIPALITIES.read_text("utf-8"))
    import_municipalities(session, OFFICE, rows)
    import_municipalities(session, OFFICE, rows)
    assert queries.count_partners(session, OFFICE) == 80
    assert kinds(session) == ["municipalities_imported"]
    sorted_names = names(queries.list_partners(session, OFFICE))
    assert sorted_names[-1] == "Zell (LU)"
    assert sorted_names.index("Büron") == sorted_names.index("Buchrain") + 1
    assert "Stadt Luzern" in sorted_names
    assert "Luzern" not in sorted_names
    assert queries.get_partner(session, OFFICE, "stadt-luzern").population == 82620
    assert queries.get_partner(session, OFFICE, "zell").bfs_number == 1150


def test_pages_of_partners_join(session):
    for name in ("Zell", "Äsch", "Büron", "Buchrain"):
        make_partner(session, name)
    first = queries.list_partners(session, OFFICE, limit=2)
    rest = queries.list_partners(session, OFFICE, after=first.next_cursor)
    assert names(first) + names(rest) == ["Äsch", "Buchrain", "Büron", "Zell"]


@pytest.mark.parametrize("typed", ["büron", "buron", "BÜR"])
def test_a_partner_is_found_however_it_is_typed(session, typed):
    make_partner(session, "Büron")
    make_partner(session, "Ebikon")
    page = queries.list_partners(session, OFFICE, PartnerFilter(name=typed))
    assert names(page) == ["Büron"]


def test_a_body_may_have_several_roles(session):
    form = OrganisationForm("Stadt Luzern", (OrganisationRole.PROVIDER, OrganisationRole.PARTNER))
    city = commands.create_organisation(session, OFFICE, form)
    make_partner(session, "Ebikon")
    session.flush()
    for role, found in (
        (OrganisationRole.PROVIDER, ["Stadt Luzern"]),
        (OrganisationRole.PARTNER, ["Ebikon", "Stadt Luzern"]),
        (OrganisationRole.SUPPLIER, []),
    ):
        page = queries.list_partners(session, OFFICE, PartnerFilter(role=role))
        assert names(page) == found
    assert city.slug == "stadt-luzern"
    assert kinds(session) == ["organisation_created"]


def test_two_bodies_cannot_share_a_short_name_or_number(session):
    make_partner(session, "Ebikon", slug="ebikon", bfs_number=1054)
    for form in (OrganisationForm("Ebikon"), OrganisationForm("Neu", bfs_number=1054)):
        with pytest.raises(ConflictError):
            commands.create_organisation(session, OFFICE, form)


@pytest.mark.parametrize(
    ("form", "field"),
    [
        (OrganisationForm(""), "name"),
        (OrganisationForm("x" * 121), "name"),
        (OrganisationForm("Two\nlines"), "name"),
        (OrganisationForm("Ebikon", slug="Ebi kon"), "slug"),
    ],
)
def test_a_form_that_is_not_in_order_names_the_field(session, form, field):
    with pytest.raises(InvalidError) as caught:
        commands.create_organisation(session, OFFICE, form)
    assert list(caught.value.errors) == [field]


def test_a_changed_name_sorts_anew_and_the_short_name_stays(session):
    partner = make_partner(session, "Zell", slug="zell")
    form = OrganisationForm("Äsch", population=12)
    commands.update_organisation(session, OFFICE, partner.id, form)
    commands.update_organisation(session, OFFICE, partner.id, form)
    assert (partner.sort_name, partner.slug) == ("asch", "zell")
    (event,) = session.scalars(sa.select(EventRecord))
    assert event.body["fields"] == ["name", "population"]


def test_a_partner_cannot_give_itself_a_role(session):
    partner = make_partner(session, "Ebikon", slug="ebikon")
    clerk = make_viewer("partner.read", "partner.write", partners={partner.id})
    commands.update_organisation(session, clerk, partner.id, OrganisationForm("Ebikon LU"))
    with pytest.raises(ForbiddenError):
        commands.update_organisation(
            session, clerk, partner.id, OrganisationForm("Ebikon", (OrganisationRole.PROVIDER,))
        )
    with pytest.raises(ForbiddenError):
        commands.create_organisation(session, clerk, OrganisationForm("Neu"))


def test_group_membership_counts_while_it_lasts(session):
    one, two, gone = (make_partner(session, name) for name in ("A", "B", "C"))
    group = groups.create_group(session, OFFICE, "iggi", "IGGI", [one.id, two.id])
    group.members.append(GroupMembership(organisation_id=gone.id, valid_until=date(2012, 12, 31)))
    session.flush()
    page = queries.list_partners(session, OFFICE, PartnerFilter(group="iggi"))
    assert names(page) == ["A", "B"]
    ((found, count),) = groups.list_groups(session, OFFICE)
    assert (found.slug, count) == ("iggi", 2)
    assert [one.slug for one in groups.list_groups_of(session, OFFICE, two.id)] == ["iggi"]
    groups.change_group(session, OFFICE, "iggi", "IGGI", [two.id])
    session.flush()
    assert names(queries.list_partners(session, OFFICE, PartnerFilter(group="iggi"))) == ["B"]
    left = next(row for row in group.members if row.organisation_id == one.id)
    assert left.valid_until == today() - timedelta(days=1), "a membership that ended is kept"


def test_an_organisation_joins_and_leaves_groups(session):
    one, two = make_partner(session, "A"), make_partner(session, "B")
    old = groups.create_group(session, OFFICE, "old", "Old", [one.id])
    new = groups.create_group(session, OFFICE, "new", "New", [])
    session.flush()
    groups.set_groups_of(session, OFFICE, one.id, {new.id})
    session.flush()
    assert list(groups.list_groups_of(session, OFFICE, one.id)) == [new]
    assert len(old.members) == 1
    groups.set_groups_of(session, OFFICE, one.id, {old.id})
    session.flush()
    assert list(groups.list_groups_of(session, OFFICE, one.id)) == [old]
    assert new.members == [], "what did not last a day has not been"
    assert groups.get_group(session, OFFICE, "new")[1] == []
    with pytest.raises(NotFoundError):
        groups.set_groups_of(session, OFFICE, two.id, {one.id})


@pytest.mark.parametrize(
    ("slug", "name", "members"),
    [("Not Good", "A", []), ("a", " ", []), ("a", "x" * 121, []), ("a", "A", [new_key()])],
)
def test_a_group_that_makes_no_sense_is_refused(session, slug, name, members):
    with pytest.raises(InvalidError):
        groups.create_group(session, OFFICE, slug, name, members)


def test_a_group_has_its_short_name_for_itself(session):
    groups.create_group(session, OFFICE, "iggi", "IGGI", [])
    with pytest.raises(ConflictError, match="iggi"):
        groups.create_group(session, OFFICE, "iggi", "Other", [])
    with pytest.raises(NotFoundError):
        groups.change_group(session, OFFICE, "nobody", "Nobody", [])


def test_an_organisation_does_not_end_before_it_begins(session):
    form = OrganisationForm("A", valid_from=date(2020, 1, 2), valid_until=date(2020, 1, 1))
    with pytest.raises(InvalidError) as caught:
        commands.create_organisation(session, OFFICE, form)
    assert set(caught.value.errors) == {"valid_until"}


def test_a_merged_partner_is_kept_but_no_longer_active(session):
    make_partner(session, "Honau", valid_until=date(2024, 12, 31))
    make_partner(session, "Root")
    for is_active, found in ((True, ["Root"]), (False, ["Honau"]), (None, ["Honau", "Root"])):
        page = queries.list_partners(session, OFFICE, PartnerFilter(is_active=is_active))
        assert names(page) == found


def test_sites_have_one_name_each_within_a_partner(session):
    one, two = make_partner(session), make_partner(session)
    site = commands.save_site(session, OFFICE, one.id, SiteForm("Werkhof", town="Ebikon"))
    commands.save_site(session, OFFICE, two.id, SiteForm("Werkhof"))
    session.flush()
    with pytest.raises(ConflictError):
        commands.save_site(session, OFFICE, one.id, SiteForm("Werkhof"))
    form = SiteForm("Werkhof", town="Root")
    assert commands.save_site(session, OFFICE, one.id, form, site_id=site.id).town == "Root"
    with pytest.raises(NotFoundError):
        commands.save_site(session, OFFICE, two.id, SiteForm("Neu"), site_id=site.id)
    assert queries.count_sites_by_partner(session, OFFICE) == {one.id: 1, two.id: 1}


def test_an_address_space_has_a_plain_name_of_its_own(session):
    partner = make_partner(session)
    commands.create_routing_domain(session, OFFICE, partner.id, "schule")
    session.flush()
    with pytest.raises(ConflictError):
        commands.create_routing_domain(session, OFFICE, partner.id, "schule")
    with pytest.raises(InvalidError):
        commands.create_routing_domain(session, OFFICE, partner.id, "Netz der Schule")


def test_a_removed_contact_leaves_no_name_behind(session):
    partner = make_partner(session)
    form = ContactForm("Beat Muster", "Pikett", "beat@example.ch", "+41 41 000 00 00")
    contact = commands.save_contact(session, OFFICE, partner.id, form)
    session.flush()
    assert [one.name for one in queries.list_contacts(session, OFFICE, partner.id)] == [form.name]
    commands.remove_contact(session, OFFICE, contact.id)
    session.flush()
    assert queries.list_contacts(session, OFFICE, partner.id) == []
    assert all("Beat" not in str(one.body) for one in session.scalars(sa.select(EventRecord)))


def test_a_wrong_mail_address_is_named(session):
    partner = make_partner(session)
    with pytest.raises(InvalidError) as caught:
        commands.save_contact(session, OFFICE, partner.id, ContactForm("Beat", email="beat"))
    assert list(caught.value.errors) == ["email"]


def test_a_foreign_viewer_sees_nothing_of_a_partner(session):
    mine, theirs = make_partner(session, "Meine"), make_partner(session, "Fremde")
    site = make_site(session, theirs)
    make_routing_domain(session, theirs)
    commands.save_contact(session, OFFICE, theirs.id, ContactForm("Beat"))
    groups.create_group(session, OFFICE, "iggi", "IGGI", [theirs.id])
    session.flush()
    stranger = make_viewer("partner.read", partners={mine.id})
    assert names(queries.list_partners(session, stranger)) == ["Meine"]
    assert queries.count_partners(session, stranger) == 1
    assert queries.find_partner(session, stranger, theirs.slug) is None
    assert queries.list_sites(session, stranger).rows == []
    assert queries.list_routing_domains(session, stranger) == []
    assert queries.list_contacts(session, stranger, theirs.id) == []
    assert groups.list_groups(session, stranger) == []
    assert groups.list_groups_of(session, stranger, theirs.id) == []
    assert queries.count_sites_by_partner(session, stranger) == {}
    for ask in (
        lambda: queries.get_partner(session, stranger, theirs.id),
        lambda: queries.get_site(session, stranger, site.id),
    ):
        with pytest.raises(NotFoundError):
            ask()


def test_lists_take_a_fixed_number_of_statements(session):
    for _ in range(5):
        make_site(session, make_partner(session))
    session.expunge_all()
    with statements(session) as seen:
        queries.list_partners(session, OFFICE)
    assert len(seen) == 2, "organisations, then the roles of all of them"
    session.expunge_all()
    with statements(session) as seen:
        assert queries.list_sites(session, OFFICE).rows[0].partner.name
    assert len(seen) == 1

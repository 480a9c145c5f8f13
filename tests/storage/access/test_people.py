"""Administering people and roles: nobody gives or takes over more than he or she may do."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from catalog.access import commands, queries
from catalog.access.authentication import grants_of, resolve_session, sign_in, today
from catalog.access.models import Person, WebSession
from catalog.access.passwords import matches
from catalog.access.roles import load_roles
from catalog.access.rules import Assignment
from cmdb.kernel.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from cmdb.kernel.events import EventRecord
from cmdb.kernel.viewer import EVERYWHERE
from tests.storage.access.conftest import LIMITS


def test_a_new_person_signs_in_with_the_generated_password_and_must_change_it(session, house, own):
    made = commands.create_person(
        session, house, sign_in_name=" Anna@X.example", name="Anna  Meier", organisation_id=own.id
    )
    assert (made.person.sign_in_name, made.person.name) == ("anna@x.example", "Anna Meier")
    assert made.person.must_change_password
    assert matches(made.password, made.person.password_hash)
    assert made.password not in made.person.password_hash
    assert sign_in(session, "ANNA@x.example", made.password, limits=LIMITS)


def test_no_secret_is_in_a_repr_or_an_event(session, house, own):
    made = commands.create_person(session, house, sign_in_name="anna", name="Anna")
    again = commands.reset_password(session, house, made.person.id)
    begun = sign_in(session, "anna", again.password, limits=LIMITS)
    session.flush()
    events = session.scalars(sa.select(EventRecord)).all()
    assert {one.kind for one in events} == {"person_created", "password_reset", "signed_in"}
    shown = repr([made, again, begun, made.person]) + repr([one.body for one in events])
    for secret in (made.password, again.password, begun.token, made.person.password_hash):
        assert secret not in shown


@pytest.mark.parametrize(
    ("name", "sign_in_name"),
    [("", "anna"), ("Anna", ""), ("Anna", "an na"), ("x" * 121, "anna"), ("Anna", "a" * 255)],
)
def test_names_have_limits(session, house, name, sign_in_name):
    with pytest.raises(InvalidError):
        commands.create_person(session, house, sign_in_name=sign_in_name, name=name)


def test_a_sign_in_name_is_taken_once(session, house, people):
    people("anna")
    with pytest.raises(ConflictError):
        commands.create_person(session, house, sign_in_name="ANNA", name="Anna")


def test_an_administrator_of_one_partner_sees_only_its_people(
    session, own, foreign, people, viewer
):
    admin = people("admin", own, administrator=own)
    at_home, guest = people("anna", own), people("gast", foreign, partner_coordinator=own)
    stranger, joint = people("fremd", foreign, operator=foreign), people("joint", operator=None)
    actor = viewer(admin)
    seen = {one.sign_in_name for one in queries.list_people(session, actor).rows}
    assert seen == {"admin", "anna", "gast"}
    assert queries.count_people(session, actor) == 3
    assert queries.find_person(session, actor, "fremd") is None
    for hidden in (stranger, joint):
        with pytest.raises(NotFoundError):
            queries.get_person(session, actor, hidden.person.id)
    assert queries.get_person(session, actor, at_home.person.id).name == "Anna"
    assert queries.get_person(session, actor, guest.person.id).name == "Gast"


def test_the_roles_of_a_shared_person_elsewhere_stay_hidden(session, own, foreign, people, viewer):
    admin = people("admin", own, administrator=own)
    guest = people("gast", foreign, partner_coordinator=own, auditor=foreign)
    actor = viewer(admin)
    person = queries.get_person(session, actor, guest.person.id)
    shown = queries.list_assignments(session, actor, person)
    assert [one.role for one in shown] == ["partner_coordinator"]


def test_somebody_without_the_permission_administers_nobody(session, own, people, viewer):
    operator = people("op", own, operator=own)
    other = people("anna", own)
    actor = viewer(operator)
    assert queries.list_people(session, actor).rows == []
    with pytest.raises(ForbiddenError):
        commands.create_person(session, actor, sign_in_name="x", name="X", organisation_id=own.id)
    for act in (commands.reset_password, commands.deactivate_person, commands.reactivate_person):
        with pytest.raises(NotFoundError):
            act(session, actor, other.person.id)


def test_an_administrator_of_one_partner_makes_people_and_roles_there_only(
    session, own, foreign, people, viewer
):
    actor = viewer(people("admin", own, administrator=own))
    made = commands.create_person(
        session, actor, sign_in_name="anna", name="Anna", organisation_id=own.id
    )
    commands.assign_role(session, actor, made.person.id, Assignment("operator", own.id))
    assert grants_of(made.person)["item.write"] == {own.id}
    for organisation_id in (foreign.id, None):
        with pytest.raises(ForbiddenError):
            commands.create_person(
                session, actor, sign_in_name="b", name="B", organisation_id=organisation_id
            )
        given = Assignment("operator", organisation_id)
        with pytest.raises(ForbiddenError):
            commands.assign_role(session, actor, made.person.id, given)


@pytest.mark.parametrize("role", sorted(load_roles().roles))
def test_an_administrator_can_give_every_role_that_ships(session, people, viewer, role):
    actor = viewer(people("admin", administrator=None))
    other = people("anna")
    commands.assign_role(session, actor, other.person.id, Assignment(role))


def test_an_administrator_gives_the_reading_of_accounts_but_does_not_read_them(people, viewer):
    actor = viewer(people("admin", administrator=None))
    assert not actor.may("account.read")
    assert actor.may("admin.users")


def test_nobody_gives_what_he_does_not_hold(session, monkeypatch, own, people, viewer):
    actor = viewer(people("admin", own, administrator=own))
    other = people("anna", own)
    fewer = {
        name: reach for name, reach in actor.grants.items() if not name.endswith("account.read")
    }
    weaker = type(actor)(actor.id, actor.name, actor.kind, fewer)
    given = Assignment("operator", own.id)
    with pytest.raises(ForbiddenError, match="permissions you hold"):
        commands.assign_role(session, weaker, other.person.id, given)


def test_nobody_changes_the_own_roles_or_state(session, people, viewer):
    admin = people("admin", administrator=None)
    actor = viewer(admin)
    own_role = admin.person.assignments[0].id
    for act, argument in [
        (commands.deactivate_person, admin.person.id),
        (commands.reset_password, admin.person.id),
        (commands.revoke_role, own_role),
    ]:
        with pytest.raises(ForbiddenError, match="yourself"):
            act(session, actor, argument)
    with pytest.raises(ForbiddenError, match="yourself"):
        commands.assign_role(session, actor, admin.person.id, Assignment("operator"))


def test_nobody_takes_over_an_account_that_may_do_more(session, own, foreign, people, viewer):
    actor = viewer(people("admin", own, administrator=own))
    stronger = people("chef", own, administrator=None)
    elsewhere = people("beide", own, partner_coordinator=foreign)
    for made in (stronger, elsewhere):
        for act in (commands.reset_password, commands.deactivate_person):
            with pytest.raises(ForbiddenError, match="may do more"):
                act(session, actor, made.person.id)


def test_a_role_that_begins_tomorrow_already_protects_the_account(
    session, house, own, people, viewer
):
    actor = viewer(people("admin", own, administrator=own))
    chef = people("chef", own)
    given = Assignment("administrator", None, today() + timedelta(days=1))
    commands.assign_role(session, house, chef.person.id, given)
    assert grants_of(chef.person) == {}
    with pytest.raises(ForbiddenError, match="may do more"):
        commands.reset_password(session, actor, chef.person.id)


def test_a_role_holds_from_its_first_to_its_last_day(session, house, people):
    anna = people("anna").person
    yesterday, tomorrow = today() - timedelta(days=1), today() + timedelta(days=1)
    for role, valid_from, valid_until in [
        ("auditor", None, yesterday),
        ("operator", tomorrow, None),
        ("partner_coordinator", today(), today()),
    ]:
        given = Assignment(role, None, valid_from, valid_until)
        commands.assign_role(session, house, anna.id, given)
    expected = load_roles().roles["partner_coordinator"].permissions
    assert grants_of(anna) == dict.fromkeys(expected, EVERYWHERE)


def test_the_same_role_is_not_given_twice_at_the_same_time(session, house, own, people):
    anna = people("anna", operator=own).person
    with pytest.raises(ConflictError):
        commands.assign_role(session, house, anna.id, Assignment("operator", own.id))
    commands.revoke_role(session, house, anna.assignments[0].id)
    assert grants_of(anna) == {}
    commands.assign_role(session, house, anna.id, Assignment("operator", own.id))
    assert grants_of(anna)["item.write"] == {own.id}


@pytest.mark.parametrize(
    ("given", "field"),
    [
        (Assignment("emperor"), "role"),
        (Assignment("operator", valid_from=today(), valid_until=today() - timedelta(1)),
         "valid_until"),
    ],
)  # fmt: skip
def test_a_role_that_makes_no_sense_is_refused_by_field(session, house, people, given, field):
    with pytest.raises(InvalidError) as caught:
        commands.assign_role(session, house, people("anna").person.id, given)
    assert list(caught.value.errors) == [field]


def test_a_foreign_assignment_is_not_found(session, own, foreign, people, viewer):
    actor = viewer(people("admin", own, administrator=own))
    other = people("fremd", foreign, operator=foreign)
    with pytest.raises(NotFoundError):
        commands.revoke_role(session, actor, other.person.assignments[0].id)


def test_deactivating_ends_all_sessions_at_once(session, house, people):
    anna = people("anna")
    begun = sign_in(session, "anna", anna.password, limits=LIMITS)
    assert resolve_session(session, begun.token)
    commands.deactivate_person(session, house, anna.person.id)
    session.flush()
    assert resolve_session(session, begun.token) is None
    assert session.scalar(sa.select(sa.func.count(WebSession.id))) == 0
    assert sign_in(session, "anna", anna.password, limits=LIMITS) is None
    commands.reactivate_person(session, house, anna.person.id)
    assert sign_in(session, "anna", anna.password, limits=LIMITS)


def test_pages_of_people_miss_nobody_and_show_nobody_twice(session, house, people):
    for number in range(7):
        people(f"person{number % 3}{number}")
    seen, after = [], None
    while True:
        page = queries.list_people(session, house, after=after, limit=3)
        seen += [one.id for one in page.rows]
        after = page.next_cursor
        if after is None:
            break
    assert len(seen) == len(set(seen)) == 7
    assert set(seen) == set(session.scalars(sa.select(Person.id)))


def test_people_are_found_by_parts_of_their_names(session, house, people):
    people("anna.meier"), people("berta_meier")
    found = queries.list_people(session, house, search="MEIER ann").rows
    assert [one.sign_in_name for one in found] == ["anna.meier"]
    assert queries.count_people(session, house, search="a_m") == 1

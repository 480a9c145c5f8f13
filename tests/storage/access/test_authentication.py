"""Passwords, sessions and tokens against both databases."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine

from catalog.access import commands, self_service
from catalog.access.authentication import (
    is_refresh_due,
    refresh_session,
    resolve_session,
    resolve_token,
    sign_in,
    sign_out,
)
from catalog.access.models import ApiToken, Person, WebSession
from catalog.access.passwords import new_password
from cmdb.kernel.clock import now
from cmdb.kernel.errors import ForbiddenError, InvalidError, NotFoundError
from cmdb.kernel.events import EventRecord
from cmdb.kernel.viewer import ActorKind
from tests.builders import make_partner
from tests.storage.access.conftest import LIMITS

NEW = "vier Wörter sind genug"


@pytest.fixture
def statements(engine):
    """Collects the SQL that is sent."""
    seen = []
    sa.event.listen(engine, "before_cursor_execute", lambda *args: seen.append(args[2]))
    return seen


def test_a_session_becomes_a_viewer_in_one_statement(session, own, people, statements):
    anna = people("anna", own, operator=own)
    begun, partner_id = sign_in(session, "anna", anna.password, limits=LIMITS), own.id
    session.commit()
    session.expunge_all()
    statements.clear()
    found = resolve_session(session, begun.token)
    assert found.viewer.grants["item.write"] == {partner_id}
    assert found.person.assignments[0].organisation.name == "Gemeinde Aarfeld"
    assert len([text for text in statements if text.startswith("SELECT")]) == 1


def test_a_token_becomes_a_viewer_in_one_statement(session, own, people, viewer, statements):
    actor, partner_id = viewer(people("anna", own, operator=own)), own.id
    made = self_service.create_token(session, actor, name="Monitoring", scopes=["item.read"])
    session.commit()
    session.expunge_all()
    statements.clear()
    found, _token = resolve_token(session, made.text)
    assert (found.id, found.kind) == (actor.id, ActorKind.TOKEN)
    assert found.grants == {"item.read": {partner_id}}
    assert len([text for text in statements if text.startswith("SELECT")]) == 1


@pytest.mark.parametrize("token", ["", "x", "ü" * 40, "x" * 5000, "haus_" + "x" * 43])
def test_what_is_no_token_is_nobody(session, token):
    assert resolve_session(session, token) is None
    assert resolve_token(session, token) is None


def test_using_a_session_pushes_its_idle_end_but_not_its_last(session, people):
    anna = people("anna")
    begun = sign_in(session, "anna", anna.password, limits=LIMITS)
    session.commit()
    start = now()
    row = session.scalar(sa.select(WebSession))
    assert not is_refresh_due(row.seen_at)
    for hours in (6, 12, 18, 23):
        with time_machine.travel(start + timedelta(hours=hours), tick=False):
            found = resolve_session(session, begun.token)
            assert is_refresh_due(found.session.seen_at)
            refresh_session(session, found.session.id, LIMITS)
            session.commit()
            session.expire_all()
    with time_machine.travel(start + timedelta(hours=24, minutes=1)):
        assert resolve_session(session, begun.token) is None


def test_signing_out_twice_does_no_harm(session, people):
    begun = sign_in(session, "anna", people("anna").password, limits=LIMITS)
    session.flush()
    sign_out(session, begun.token)
    session.flush()
    sign_out(session, begun.token)
    assert resolve_session(session, begun.token) is None


def test_old_sessions_are_cleared_away_by_the_next_sign_in(session, people):
    anna = people("anna")
    sign_in(session, "anna", anna.password, limits=LIMITS)
    session.commit()
    with time_machine.travel(now() + timedelta(days=2)):
        sign_in(session, "anna", anna.password, limits=LIMITS)
        session.commit()
    assert session.scalar(sa.select(sa.func.count(WebSession.id))) == 1


def test_a_lock_is_written_down_and_ends(session, people):
    anna = people("anna")
    for _ in range(5):
        assert sign_in(session, "anna", "not the password", limits=LIMITS) is None
    session.commit()
    assert sign_in(session, "anna", anna.password, limits=LIMITS) is None
    kinds = session.scalars(sa.select(EventRecord.kind)).all()
    assert kinds.count("sign_in_locked") == 1
    with time_machine.travel(now() + timedelta(minutes=15, seconds=1)):
        assert sign_in(session, "anna", anna.password, limits=LIMITS)
    assert session.get_one(Person, anna.person.id).failed_sign_ins == 0


def test_a_right_password_forgets_the_wrong_ones(session, people):
    anna = people("anna")
    for _ in range(3):
        for _ in range(4):
            sign_in(session, "anna", "not the password", limits=LIMITS)
        assert sign_in(session, "anna", anna.password, limits=LIMITS)


def test_an_unknown_name_costs_as_much_work_as_a_known_one(session, people, monkeypatch):
    people("anna")
    asked = []
    monkeypatch.setattr(
        "catalog.access.passwords._HASHER",
        type("Hasher", (), {
            "hash": staticmethod(lambda password: "nobody's"),
            "verify": staticmethod(lambda stored, password: asked.append(stored) or False),
        }),
    )  # fmt: skip
    sign_in(session, "anna", "guess", limits=LIMITS)
    sign_in(session, "nobody", "guess", limits=LIMITS)
    assert len(asked) == 2


def test_changing_the_password_ends_all_other_sessions(session, people, viewer):
    anna = people("anna")
    here = sign_in(session, "anna", anna.password, limits=LIMITS)
    there = sign_in(session, "anna", anna.password, limits=LIMITS)
    session.flush()
    kept = resolve_session(session, here.token).session.id
    self_service.change_password(
        session, viewer(anna), current=anna.password, new=NEW, kept_session_id=kept
    )
    session.flush()
    assert resolve_session(session, here.token)
    assert resolve_session(session, there.token) is None
    assert sign_in(session, "anna", NEW, limits=LIMITS)
    assert sign_in(session, "anna", anna.password, limits=LIMITS) is None


@pytest.fixture
def change(session, viewer):
    def to(made, current, new):
        self_service.change_password(session, viewer(made), current=current, new=new)

    return to


@pytest.mark.parametrize(
    ("current", "new", "field"),
    [("wrong", NEW, "current"), (None, "kurz", "new"), (None, "anna anna anna", "new"),
     (None, None, "new")],
)  # fmt: skip
def test_a_password_that_is_not_good_is_refused_by_field(people, change, current, new, field):
    anna = people("anna")
    with pytest.raises(InvalidError) as caught:
        change(anna, current or anna.password, new or anna.password)
    assert list(caught.value.errors) == [field]


def test_a_token_narrows_to_its_partner_and_follows_the_person(session, house, people, viewer):
    own, foreign = make_partner(session), make_partner(session)
    actor = viewer(people("anna", own, operator=own, auditor=foreign))
    made = self_service.create_token(
        session, actor, name="Nur Aarfeld", scopes=["item.read"], organisation_id=own.id
    )
    session.commit()
    assert resolve_token(session, made.text)[0].grants == {"item.read": {own.id}}
    for assignment in session.get_one(Person, actor.id).assignments:
        commands.revoke_role(session, house, assignment.id)
    assert resolve_token(session, made.text)[0].grants == {}
    commands.deactivate_person(session, house, actor.id)
    assert resolve_token(session, made.text) is None


def test_an_expired_or_revoked_token_is_nobody(session, people, viewer):
    actor = viewer(people("anna", operator=None))
    made = self_service.create_token(session, actor, name="kurz", scopes=["item.read"], days=1)
    session.flush()
    with time_machine.travel(now() + timedelta(days=1, seconds=1)):
        assert resolve_token(session, made.text) is None
    assert resolve_token(session, made.text)
    self_service.revoke_token(session, actor, made.token.id)
    assert resolve_token(session, made.text) is None


def test_only_a_hash_and_the_beginning_of_a_token_are_stored(session, people, viewer):
    actor = viewer(people("anna", operator=None))
    made = self_service.create_token(session, actor, name="M", scopes=["item.read"])
    session.flush()
    session.expire_all()
    row = session.execute(sa.select(ApiToken.__table__)).one()
    assert made.text not in str(row)
    assert made.text not in repr(made)
    assert made.text.startswith(row.prefix)
    assert len(row.prefix) == 12
    bodies = session.scalars(sa.select(EventRecord.body)).all()
    assert made.text not in str(bodies)


@pytest.mark.parametrize(
    "scopes", [[], ["account.read"], ["item.read", "unheard.of"], ["give:account.read"]]
)
def test_a_token_cannot_have_what_the_person_has_not(session, own, people, viewer, scopes):
    actor = viewer(people("anna", own, administrator=own))
    with pytest.raises(InvalidError):
        self_service.create_token(session, actor, name="M", scopes=scopes)


@pytest.mark.parametrize(("name", "days"), [("", 1), ("x" * 81, 1), ("M", 0), ("M", 367)])
def test_a_token_has_a_name_and_an_end(session, people, viewer, name, days):
    actor = viewer(people("anna", operator=None))
    with pytest.raises(InvalidError):
        self_service.create_token(session, actor, name=name, scopes=["item.read"], days=days)


def test_a_program_cannot_touch_the_account_behind_its_token(session, people, viewer):
    anna = people("anna", administrator=None)
    made = self_service.create_token(session, viewer(anna), name="M", scopes=["admin.users"])
    session.flush()
    program, _token = resolve_token(session, made.text)
    with pytest.raises(ForbiddenError):
        self_service.create_token(session, program, name="N", scopes=["admin.users"])
    with pytest.raises(ForbiddenError):
        self_service.change_password(session, program, current=anna.password, new=NEW)


def test_somebody_elses_token_is_not_found(session, people, viewer):
    anna, berta = viewer(people("anna", operator=None)), viewer(people("berta", operator=None))
    made = self_service.create_token(session, anna, name="M", scopes=["item.read"])
    session.flush()
    with pytest.raises(NotFoundError):
        self_service.revoke_token(session, berta, made.token.id)


def test_generated_passwords_differ_and_can_be_read_out():
    made = {new_password() for _ in range(200)}
    assert len(made) == 200
    assert all(len(one) == 19 and not set(one) & set("lo01i") for one in made)

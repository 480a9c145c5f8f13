"""The key of a request is claimed once, on both databases, also by two at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy.orm import Session

from catalog.access.models import Person, SentRequest
from catalog.access.repetition import claim_key, forget_requests, note_made
from catalog.transactions import unit_of_work
from cmdb.kernel.clock import now
from cmdb.kernel.errors import InvalidError
from cmdb.kernel.ids import new_key

TOGETHER = 3


@pytest.fixture
def person_id(session):
    person = Person(id=new_key(), sign_in_name="eva", name="Eva", password_hash="")
    session.add(person)
    session.commit()
    return person.id


def test_a_key_is_claimed_once_and_remembers_what_was_made(session, person_id):
    made = new_key()
    with unit_of_work(session):
        sent, is_new = claim_key(session, person_id, "a", "first")
        note_made(sent, [made])
    assert is_new
    session.expire_all()
    again, is_new = claim_key(session, person_id, "a", "first")
    assert (again.made, is_new) == ([str(made)], False)


def test_a_key_stands_for_one_request(session, person_id):
    claim_key(session, person_id, "a", "first")
    with pytest.raises(InvalidError, match="another request"):
        claim_key(session, person_id, "a", "second")
    assert claim_key(session, person_id, "b", "second")[1]


def test_of_two_at_the_same_moment_one_is_new(engine, person_id):
    barrier = Barrier(TOGETHER)

    def send(_number):
        with Session(engine) as session:
            barrier.wait(timeout=10)
            with unit_of_work(session):
                return claim_key(session, person_id, "a", "first")[1]

    with ThreadPoolExecutor(TOGETHER) as pool:
        assert sorted(pool.map(send, range(TOGETHER))) == [False, False, True]


def test_old_keys_are_forgotten(session, person_id):
    with unit_of_work(session):
        claim_key(session, person_id, "old", "x")[0].at = now() - timedelta(days=8)
        claim_key(session, person_id, "new", "x")
        assert forget_requests(session, before=now() - timedelta(days=7)) == 1
    assert [one.key for one in session.query(SentRequest)] == ["new"]

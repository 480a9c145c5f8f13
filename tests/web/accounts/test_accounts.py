"""Accounts: numbers for everybody who may, records for a purpose only, and each look is logged."""

import pytest

from catalog.transactions import unit_of_work
from cmdb.accounts.models import AccountAccess, AccountRecord, Purpose
from cmdb.kernel.clock import now
from schemas.vocabulary import AccountType, LogonBucket
from tests.web.conftest import signed_in_client


@pytest.fixture
def accounts(session, partner):
    with unit_of_work(session):
        made = [
            AccountRecord(
                partner_id=partner.id,
                directory_key=f"key-{number}",
                name=f"eva.muster{number}",
                type=AccountType.PERSON,
                is_enabled=True,
                last_logon=LogonBucket.UNDER_30_DAYS if number else LogonBucket.OVER_90_DAYS,
                seen_at=now(),
            )
            for number in range(6)
        ]
        session.add_all(made)
    return made


@pytest.fixture
def client(app, accounts, make_person):
    with signed_in_client(app, make_person("operator")) as client:
        client.set_cookie("lang", "en")
        yield client


def looks(session):
    session.rollback()
    return session.query(AccountAccess).all()


def test_numbers_name_nobody_and_are_not_logged(session, client):
    page = client.get("/accounts").text
    assert "eva.muster" not in page
    assert "Personal account" in page
    assert looks(session) == []


@pytest.mark.parametrize("purpose", ["", "purpose=curiosity"])
def test_without_a_known_purpose_nothing_is_read(session, client, partner, accounts, purpose):
    for path in (
        f"/accounts/records?partner={partner.id}&",
        f"/accounts/records/{accounts[0].id}?",
    ):
        page = client.get(path + purpose)
        assert page.status_code == 200
        assert "What do you read the accounts for?" in page.text
        assert "eva.muster" not in page.text
    assert looks(session) == []


def test_every_record_that_is_shown_is_logged_with_its_purpose(session, client, partner, accounts):
    path = f"/accounts/records?partner={partner.id}&purpose=incident&reference=INC-7&q=muster3"
    page = client.get(path).text
    assert "eva.muster3" in page
    assert "eva.muster4" not in page
    (look,) = looks(session)
    assert (look.account_id, look.purpose) == (accounts[3].id, Purpose.INCIDENT)
    assert (look.reference, look.viewer_name) == ("INC-7", "Anna")


def test_a_record_tells_who_read_it(session, client, accounts):
    path = f"/accounts/records/{accounts[0].id}?purpose=audit"
    client.get(path)
    page = client.get(path).text
    assert "Enabled, but unused for 90 days" in page
    assert page.split("Who read this account")[1].count("Audit") == 2


def test_the_log_is_there_for_those_who_check(app, session, client, accounts, make_person):
    client.get(f"/accounts/records/{accounts[0].id}?purpose=security&reference=Q3")
    with signed_in_client(app, make_person("auditor", name="rita")) as auditor:
        auditor.set_cookie("lang", "en")
        page = auditor.get("/accounts/accesses").text
    for text in ("Anna", "Security check", "Q3", "Organisational unit"):
        assert text in page


def test_a_coordinator_gets_numbers_only(app, session, partner, accounts, make_person):
    person = make_person("partner_coordinator", partner.id, name="karin")
    with signed_in_client(app, person) as client:
        client.set_cookie("lang", "en")
        assert "Only numbers here" in client.get("/accounts").text
        for path in ("/accounts/records", f"/accounts/records/{accounts[0].id}?purpose=audit"):
            assert client.get(path).status_code == 403
    assert looks(session) == []


def test_a_reference_that_is_too_long_is_refused_before_anything_is_read(session, client, partner):
    path = f"/accounts/records?partner={partner.id}&purpose=audit&reference={'x' * 121}"
    assert client.get(path).status_code == 422
    assert looks(session) == []

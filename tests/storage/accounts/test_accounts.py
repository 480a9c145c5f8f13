"""Accounts are counted freely, read for a purpose only, and every look is logged."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
import time_machine

from cmdb.accounts import queries
from cmdb.accounts.commands import Reason, read_account, read_accounts
from cmdb.accounts.filters import AccountFilter
from cmdb.accounts.models import AccountAccess, AccountRecord, DirectoryGroup, Purpose
from cmdb.accounts.retention import forget_accesses, forget_gone_accounts
from cmdb.accounts.rules import AccountFacts, Hygiene, judge_hygiene
from cmdb.kernel.clock import now, today
from cmdb.kernel.errors import ForbiddenError, InvalidError, NotFoundError
from schemas.vocabulary import AccountType, LogonBucket
from tests.builders import make_account, make_partner, make_viewer
from tests.counting import statements

WHY = Reason(Purpose.SECURITY, "T-17", "request-1")


@pytest.fixture
def partner(session):
    return make_partner(session, "Ebikon")


@pytest.fixture
def officer(partner):
    return make_viewer("account.read", "account.count", partners={partner.id}, name="Anna Muster")


def log(session):
    return session.scalars(sa.select(AccountAccess).order_by(AccountAccess.id)).all()


def test_every_record_on_a_page_is_logged_with_purpose_and_fields(session, partner, officer):
    accounts = [make_account(session, partner, name=f"konto-{one}") for one in "abc"]
    wanted = AccountFilter(partner.id)
    page = read_accounts(session, officer, wanted, WHY, limit=2)
    assert [one.record.name for one in page.rows] == ["konto-a", "konto-b"]
    assert {one.account_id for one in log(session)} == {one.id for one in accounts[:2]}
    first = log(session)[0]
    assert (first.viewer_name, first.purpose, first.reference, first.request_id) == (
        "Anna Muster",
        Purpose.SECURITY,
        "T-17",
        "request-1",
    )
    assert "name" in first.fields
    assert "directory_key" not in first.fields
    rest = read_accounts(session, officer, wanted, WHY, after=page.next_cursor)
    assert [one.record.name for one in rest.rows] == ["konto-c"]


def test_looking_and_finding_nothing_is_logged_too(session, partner, officer):
    read_accounts(session, officer, AccountFilter(partner.id, text="niemand"), WHY)
    (entry,) = log(session)
    assert entry.account_id is None
    assert "niemand" not in str(entry.fields) + entry.reference


def test_a_record_is_read_with_its_hygiene(session, partner, officer):
    account = make_account(
        session, partner, is_privileged=True, last_logon=LogonBucket.OVER_90_DAYS
    )
    view = read_account(session, officer, account.id, WHY)
    assert view.record is account
    assert view.hygiene == (Hygiene.STALE, Hygiene.PRIVILEGED)
    (entry,) = log(session)
    assert entry.account_id == account.id
    assert "directory_key" in entry.fields


def test_without_the_right_nothing_is_read_and_nothing_logged(session, partner, officer):
    stranger = make_partner(session)
    account = make_account(session, stranger)
    counter = make_viewer("account.count")
    with pytest.raises(ForbiddenError):
        read_accounts(session, counter, AccountFilter(partner.id), WHY)
    with pytest.raises(ForbiddenError):
        read_accounts(session, officer, AccountFilter(stranger.id), WHY)
    with pytest.raises(NotFoundError):
        read_account(session, officer, account.id, WHY)
    with pytest.raises(InvalidError, match="partner"):
        read_accounts(session, officer, AccountFilter(), WHY)
    with pytest.raises(InvalidError, match="reference"):
        read_accounts(session, officer, AccountFilter(partner.id), Reason(Purpose.AUDIT, "x" * 121))
    assert log(session) == []


def test_a_look_costs_the_same_whatever_the_length_of_the_page(session, partner, officer):
    for _ in range(30):
        make_account(session, partner)
    with statements(session) as seen:
        read_accounts(session, officer, AccountFilter(partner.id), WHY, limit=25)
    assert len(seen) == 2


@time_machine.travel("2027-03-31 12:00+00:00", tick=False)
def test_the_database_judges_hygiene_like_the_rule(session, partner, officer):
    days = (None, *(today() - timedelta(days=one) for one in (1, 89, 90, 91, 180, 181)))
    number = 0
    for logon in LogonBucket:
        for day in days:
            for is_enabled in (True, False):
                make_account(
                    session,
                    partner,
                    is_enabled=is_enabled,
                    is_privileged=number % 3 == 0,
                    last_logon=logon,
                    created_on=day,
                    disabled_on=None if is_enabled else day,
                )
                number += 1
    for reason in Hygiene:
        found = read_accounts(
            session, officer, AccountFilter(partner.id, hygiene=reason), WHY, limit=200
        )
        expected = {
            one.id
            for one in session.scalars(sa.select(AccountRecord))
            if reason in judge_hygiene(_facts(one), today())
        }
        assert {one.record.id for one in found.rows} == expected
        assert expected


def _facts(one):
    return AccountFacts(
        one.is_enabled, one.is_privileged, one.last_logon, one.created_on, one.disabled_on
    )


def test_counts_need_no_purpose_and_are_one_statement(session, partner, officer):
    make_account(session, partner, is_privileged=True)
    make_account(session, partner, last_logon=LogonBucket.OVER_90_DAYS)
    make_account(session, partner, is_enabled=False, disabled_on=date(2012, 1, 1))
    make_account(session, partner, gone_at=now())
    make_account(session, make_partner(session))
    with statements(session) as seen:
        counts = queries.count_accounts_by_partner(session, officer)
        facets = queries.count_account_facets(session, officer)
    assert len(seen) == 2
    assert counts == {partner.id: queries.AccountCounts(3, 2, 1, 1, 1)}
    assert facets["is_enabled"] == {"yes": 2, "no": 1}
    assert facets["types"] == {"person": 3}
    assert facets["last_logons"] == {"over_90_days": 1, "unknown": 2}
    assert facets["hygiene"] == {"stale": 1, "privileged": 1, "disabled_long": 1}
    assert queries.count_accounts(session, officer) == 3
    assert log(session) == []


def test_counting_is_no_way_to_search_for_a_person(session, partner, officer):
    make_account(session, partner, name="anna.muster")
    wanted = AccountFilter(partner.id, text="anna")
    absent = AccountFilter(partner.id, text="niemand")
    assert queries.count_accounts(session, officer, wanted) == 1
    assert queries.count_accounts(session, officer, absent) == 1


def test_statistics_tell_no_number_below_five(session, partner):
    for number in range(12):
        kind = AccountType.ADMIN if number < 3 else AccountType.PERSON
        make_account(session, partner, type=kind, is_privileged=number < 3)
    statistician = make_viewer("account.statistics")
    (counts,) = queries.count_accounts_by_partner(session, statistician).values()
    assert (counts.total, counts.enabled, counts.privileged, counts.stale) == (12, 12, None, 0)
    facets = queries.count_account_facets(session, statistician)
    assert facets["types"] == {"admin": None, "person": None}
    assert queries.count_accounts(session, statistician) == 12
    admins = AccountFilter(types=(AccountType.ADMIN,))
    assert queries.count_accounts(session, statistician, admins) is None


def test_a_foreign_viewer_counts_and_lists_nothing(session, partner):
    make_account(session, partner)
    session.add(
        DirectoryGroup(partner_id=partner.id, directory_key="g", name="Gruppe", seen_at=now())
    )
    session.add(
        AccountAccess(partner_id=partner.id, viewer_name="Beat Muster", purpose=Purpose.AUDIT)
    )
    session.flush()
    for stranger in (
        make_viewer(),
        make_viewer(
            "account.count", "account.read", "event.read", partners={make_partner(session).id}
        ),
    ):
        assert queries.count_accounts_by_partner(session, stranger) == {}
        assert queries.count_accounts(session, stranger) == 0
        assert queries.count_account_facets(session, stranger)["types"] == {}
        assert queries.list_directory_groups(session, stranger).rows == []
        assert queries.list_accesses(session, stranger).rows == []


def test_the_log_tells_who_saw_an_account(session, partner, officer):
    account = make_account(session, partner)
    make_account(session, partner)
    read_account(session, officer, account.id, WHY)
    read_accounts(session, officer, AccountFilter(partner.id), WHY)
    auditor = make_viewer("event.read", partners={partner.id})
    looks = queries.list_accesses(session, auditor, account_id=account.id).rows
    assert [one.account_id for one in looks] == [account.id] * 2
    assert len(queries.list_accesses(session, auditor, partner_id=partner.id).rows) == 3


def test_what_left_the_directory_is_forgotten_in_time(session, partner, officer):
    kept = make_account(session, partner)
    make_account(session, partner, gone_at=now() - timedelta(days=91))
    read_account(session, officer, kept.id, WHY)
    assert forget_gone_accounts(session, before=now() - timedelta(days=90)) == 1
    assert forget_accesses(session, before=now() - timedelta(days=365)) == 0
    assert session.scalars(sa.select(AccountRecord.id)).all() == [kept.id]

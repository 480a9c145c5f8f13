"""Directories: computers become items, accounts and groups become records."""

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine

from catalog.transactions import unit_of_work
from cmdb.accounts.models import AccountRecord, DirectoryGroup
from cmdb.items.models import ConfigurationItem
from cmdb.kernel.clock import now
from schemas.observation import Document
from schemas.vocabulary import (
    AccountType,
    LogonBucket,
    ProblemCode,
    Protocol,
    RunState,
    Section,
    Source,
    Step,
    SubjectKind,
)
from tests.builders import make_plan
from tests.observing import OBSERVED_AT, make_document, make_report

BASE = "dc=ebikon,dc=example"


@pytest.fixture
def directory(session, house):
    with unit_of_work(session):
        return make_plan(session, house.partner, protocol=Protocol.LDAP, targets=[BASE])


def entry(kind, key, section, content):
    return Document(
        kind=kind,
        key=f"ldap:{key}",
        target=BASE,
        source=Source.LDAP,
        observed_at=OBSERVED_AT,
        sections={section: content},
    )


def account(number, **values):
    content = {
        "name": f"user{number}",
        "type": "person",
        "is_enabled": True,
        "is_privileged": False,
        "last_logon": "under_30_days",
        "created_on": "2024-02-01",
        "org_unit": "Kanzlei",
    }
    return entry(SubjectKind.ACCOUNT, f"a{number}", Section.ACCOUNT, content | values)


def group(number, **values):
    content = {"name": f"group{number}", "member_count": 3, "is_privileged": False}
    return entry(SubjectKind.GROUP, f"g{number}", Section.GROUP, content | values)


def computer(name, **values):
    content = {"name": name, "operating_system": "Windows 11 Enterprise", "is_enabled": True}
    return entry(SubjectKind.DEVICE, f"c-{name}", Section.DIRECTORY, content | values)


def whole(count):
    return [make_report(BASE, step=Step.AUTHENTICATED, documents=count)]


def test_accounts_and_groups_become_records_and_never_items(house, directory):
    run = house.see(account(1), account(2), group(1), at=directory, reports=whole(3))
    assert (run.state, run.created, run.targets_done) == (RunState.SUCCEEDED, 3, 1)
    assert house.rows(ConfigurationItem) == []
    record = house.rows(AccountRecord, AccountRecord.name == "user1")[0]
    assert (record.type, record.last_logon) == (AccountType.PERSON, LogonBucket.UNDER_30_DAYS)
    assert (record.org_unit, record.disabled_on, record.gone_at) == ("Kanzlei", None, None)
    assert house.rows(DirectoryGroup)[0].member_count == 3


def test_an_unchanged_account_is_seen_again(house, directory):
    house.see(account(1), at=directory, reports=whole(1))
    before = house.rows(AccountRecord)[0].seen_at
    run = house.see(account(1), at=directory, reports=whole(1))
    assert (run.created, run.changed, run.unchanged) == (0, 0, 1)
    assert house.rows(AccountRecord)[0].seen_at > before


def test_the_day_an_account_was_first_seen_disabled_is_kept(house, directory):
    house.see(account(1), at=directory, reports=whole(1))
    run = house.see(account(1, is_enabled=False), at=directory, reports=whole(1))
    today = now().date()
    assert run.changed == 1
    assert house.rows(AccountRecord)[0].disabled_on == today
    with time_machine.travel(now() + timedelta(days=3), tick=True):
        house.see(account(1, is_enabled=False, name="x"), at=directory, reports=whole(1))
    assert house.rows(AccountRecord)[0].disabled_on == today
    house.see(account(1), at=directory, reports=whole(1))
    assert house.rows(AccountRecord)[0].disabled_on is None


def test_an_account_that_left_is_gone_after_three_whole_reads(house, directory):
    house.see(account(1), account(2), at=directory, reports=whole(2))
    for _ in range(3):
        house.see(account(2), at=directory, reports=whole(1))
    gone = {record.name: record.gone_at for record in house.rows(AccountRecord)}
    assert gone["user1"] is not None
    assert gone["user2"] is None
    assert house.findings() == []
    house.see(account(1), account(2), at=directory, reports=whole(2))
    assert {record.gone_at for record in house.rows(AccountRecord)} == {None}


def test_a_directory_that_was_cut_off_in_the_middle_removes_nobody(house, directory):
    house.see(account(1), account(2), at=directory, reports=whole(2))
    cut = make_report(BASE, ProblemCode.INCOMPLETE, step=Step.AUTHENTICATED, documents=1)
    for _ in range(4):
        run = house.see(account(2), at=directory, reports=[cut])
        assert run.state is RunState.PARTIAL
    assert {record.gone_at for record in house.rows(AccountRecord)} == {None}
    assert house.fates(run)[-1].message or house.fates(run)[0].message


def test_a_directory_that_does_not_answer_is_a_failed_run(house, directory):
    run = house.see(at=directory, reports=[make_report(BASE, ProblemCode.UNREACHABLE)])
    assert run.state is RunState.FAILED


def test_computers_become_servers_and_workplaces(house, directory):
    house.see(
        computer("PC-1", org_unit="Kanzlei"),
        computer("SRV-1", operating_system="Windows Server 2022"),
        at=directory,
        reports=whole(2),
    )
    classes = {item.name: item.class_name for item in house.items()}
    assert classes == {"PC-1": "client.workstation", "SRV-1": "server"}


def test_a_computer_of_the_directory_is_the_device_that_snmp_has_found(house, directory):
    house.see(make_document(1, name="srv-1.ebikon.example"))
    run = house.see(
        computer("SRV-1", dns_name="srv-1.ebikon.example"), at=directory, reports=whole(1)
    )
    assert len(house.items()) == 1
    assert run.created == 0
    assert house.item().name == "srv-1.ebikon.example", "SNMP leads for the name"
    sources = {fact.source for fact in house.facts() if fact.attribute == "name"}
    assert sources == {Source.SNMP, Source.LDAP}


def test_an_entry_of_another_base_is_out_of_scope(house, directory):
    from cmdb.kernel.errors import InvalidError

    foreign = replace(account(1), target="dc=kriens,dc=example")
    with pytest.raises(InvalidError, match="not among the targets"):
        house.see(foreign, at=directory)

"""The invented directories of the demo, read as an operator's LDIF would be."""

from datetime import UTC, date, datetime

import pytest

from catalog.demo.directory import STALE_ACCOUNTS, directory_ldif
from discovery.collectors.ldif.collector import LdifCollector
from schemas.sections import load_section
from schemas.vocabulary import SubjectKind
from tests.discovery.ldap.looking import look

TODAY = date(2026, 11, 24)


def documents_of(folder, slug, people=120, computers=80, servers=()):
    base_dn = f"dc={slug},dc=example"
    text = directory_ldif(slug, base_dn, people, computers, 1, today=TODAY, servers=servers)
    assert text.isascii()
    (folder / f"{slug}.ldif").write_text(text)
    clock = datetime(2026, 11, 24, 12, tzinfo=UTC)
    documents, report = look(
        f"{slug}.ldif", {"directory": str(folder)}, clock=clock, collector=LdifCollector()
    )
    assert report.problem is None
    for document in documents:
        for name, content in document.sections.items():
            load_section(name, content)
    return documents


def sections(documents, kind):
    return [next(iter(one.sections.values())) for one in documents if one.kind is kind]


def stale(documents):
    accounts = sections(documents, SubjectKind.ACCOUNT)
    return [one for one in accounts if one["is_enabled"] and one["last_logon"] == "over_90_days"]


def test_118_accounts_are_stale_at_the_fictional_partners_together(tmp_path):
    assert sum(STALE_ACCOUNTS.values()) == 118
    counts = {slug: len(stale(documents_of(tmp_path, slug))) for slug in STALE_ACCOUNTS}
    assert counts == STALE_ACCOUNTS


def test_some_of_them_are_privileged(tmp_path):
    found = [one for one in stale(documents_of(tmp_path, "musterwil")) if one["is_privileged"]]
    assert {one["privileged_reason"] for one in found} == {"Domain Admins"}
    assert {one["type"] for one in found} == {"admin"}


@pytest.mark.parametrize("slug", ["ebikon", "emmen", "sursee"])
def test_no_real_partner_has_a_stale_account(tmp_path, slug):
    assert stale(documents_of(tmp_path, slug)) == []


def test_servers_computers_and_groups_are_there(tmp_path):
    servers = ["mus-dc-01.musterwil.example", "mus-srv-01.musterwil.example"]
    documents = documents_of(tmp_path, "musterwil", computers=7, servers=servers)
    computers = sections(documents, SubjectKind.DEVICE)
    assert len(computers) == 9
    assert [one["dns_name"] for one in computers if one["is_domain_controller"]] == servers[:1]
    assert len(sections(documents, SubjectKind.GROUP)) == 9
    assert {one["type"] for one in sections(documents, SubjectKind.ACCOUNT)} == {
        "person",
        "admin",
        "service",
        "shared",
        "guest",
    }


def test_the_same_arguments_give_the_same_directory_and_other_seeds_another():
    def written(seed):
        return directory_ldif("ebikon", "dc=ebikon,dc=example", 50, 20, seed, today=TODAY)

    assert written(1) == written(1) != written(2)

"""The gateway and the collector against a real OpenLDAP server."""

import logging
from datetime import UTC, datetime

import orjson
import pytest

from discovery.errors import IncompleteError, RefusedError, TlsRefusedError, UnreachableError
from discovery.protocols.ldap import DirectoryServer, Equal, Limits, Present, open_session
from discovery.secrets import LdapBind
from schemas.sections import load_section
from schemas.vocabulary import ProblemCode, Step, SubjectKind
from tests.discovery.ldap.conftest import COMPUTERS, HONEYTOKENS, USERS, user_dn
from tests.discovery.ldap.looking import MemorySecrets, look
from tests.discovery.servers import slapd


def session_of(url, bind, **limits):
    return open_session([DirectoryServer.from_url(url)], bind, Limits(**limits))


@pytest.fixture(params=["tls_url", "start_tls_url"])
def session(request, ad, ad_bind):
    with session_of(getattr(ad, request.param), ad_bind) as opened:
        yield opened


def test_every_page_of_3000_users_comes_over_ldaps_and_over_start_tls(session, ad):
    pages = list(session.search(ad.base, Equal("objectClass", "user"), ["sAMAccountName"]))
    names = {entry.attributes["sAMAccountName"][0] for page in pages for entry in page}
    assert [len(page) for page in pages][:3] == [1000, 1000, 1000]
    assert len(names) == USERS + COMPUTERS


def test_one_entry_is_read_by_its_name_with_escaped_comma(session):
    entry = session.read(user_dn(7), ["sAMAccountName", "objectGUID"])
    assert entry.attributes["sAMAccountName"] == [b"u00007"]
    assert len(entry.attributes["objectGUID"][0]) == 16


def test_an_entry_that_does_not_exist_is_none(session, ad):
    assert session.read(f"cn=nobody,{ad.base}", ["cn"]) is None


def test_a_value_with_filter_characters_finds_nobody(session, ad):
    hostile = Equal("sAMAccountName", "*)(objectClass=*")
    assert [list(page) for page in session.search(ad.base, hostile, ["cn"])] == [[]]


def test_passwords_are_verified_on_a_connection_of_their_own(session):
    assert session.verify_password(slapd.BIND_DN, slapd.PASSWORD)
    assert not session.verify_password(slapd.BIND_DN, "wrong")
    assert not session.verify_password(slapd.BIND_DN, "")
    assert session.read(slapd.BIND_DN, ["cn"]).attributes["cn"] == [b"inventory"]


def test_a_wrong_password_is_refused_without_showing_it(ad, ad_bind):
    wrong = LdapBind(ad_bind.bind_dn, "wrong-password-0815", ad_bind.ca_file)
    with pytest.raises(RefusedError, match="name or password is wrong") as caught:
        session_of(ad.tls_url, wrong)
    assert "0815" not in str(caught.value)


@pytest.mark.parametrize("password", ["", None])
def test_an_empty_password_never_reaches_the_server(ad, ad_bind, password):
    with pytest.raises(RefusedError, match="empty"):
        session_of(ad.tls_url, LdapBind(ad_bind.bind_dn, password, ad_bind.ca_file))


@pytest.mark.parametrize("kind", ["tls_url", "start_tls_url"])
def test_a_foreign_authority_is_refused(ad, ad_bind, certificates, kind):
    bind = LdapBind(ad_bind.bind_dn, ad_bind.password, str(certificates.ca_file))
    with pytest.raises(TlsRefusedError, match="certificate"):
        session_of(getattr(ad, kind), bind)


def test_the_authorities_of_the_system_do_not_vouch_for_ours(ad, ad_bind):
    with pytest.raises(TlsRefusedError):
        session_of(ad.tls_url, LdapBind(ad_bind.bind_dn, ad_bind.password))


def test_a_missing_authority_file_is_said(ad, ad_bind):
    with pytest.raises(TlsRefusedError, match="cannot be read"):
        session_of(ad.tls_url, LdapBind(ad_bind.bind_dn, ad_bind.password, "/nowhere/ca.pem"))


@pytest.mark.parametrize("host", ["127.0.0.2", "ip6-localhost-alias"])
def test_a_certificate_for_another_name_is_refused(ad, ad_bind, host, monkeypatch):
    import socket

    real = socket.create_connection
    monkeypatch.setattr(
        socket, "create_connection", lambda address, **k: real(("127.0.0.1", address[1]), **k)
    )
    with pytest.raises(TlsRefusedError, match=r"not valid for|mismatch"):
        session_of(f"ldaps://{host}:{ad.tls_port}", ad_bind)


def test_plain_text_on_the_tls_port_and_nothing_on_a_port_are_told_apart(ad, ad_bind):
    with pytest.raises(TlsRefusedError, match="does not speak TLS"):
        session_of(f"ldaps://127.0.0.1:{ad.port}", ad_bind, answer_seconds=3)
    with pytest.raises(UnreachableError, match="refused"):
        session_of(f"ldaps://127.0.0.1:{slapd.free_port()}", ad_bind)


def test_the_next_server_answers_when_the_first_is_down(ad, ad_bind):
    servers = [
        DirectoryServer.from_url(f"ldaps://127.0.0.1:{slapd.free_port()}"),
        DirectoryServer.from_url(ad.tls_url),
    ]
    with open_session(servers, ad_bind) as session:
        assert session.server == servers[1]


def test_a_base_that_does_not_exist_is_explained(session):
    with pytest.raises(RefusedError, match="base does not exist"):
        list(session.search("dc=site,dc=example,dc=nowhere", Present("objectClass"), ["cn"]))


def test_nothing_printed_of_a_session_shows_the_password(session, caplog):
    with caplog.at_level(logging.DEBUG):
        shown = repr(session) + str(session) + repr(vars(session)) + caplog.text
    assert slapd.PASSWORD not in shown
    assert slapd.PASSWORD not in repr(session._channel.connection)


@pytest.fixture
def options(ad):
    return {"servers": [ad.tls_url]}


def collect(ad, ad_bind, options):
    clock = datetime(2026, 1, 1, 12, tzinfo=UTC)
    return look(ad.base, options, MemorySecrets(main=ad_bind), ("main",), clock)


def test_the_collector_finds_every_computer_account_and_group(ad, ad_bind, options):
    documents, report = collect(ad, ad_bind, options)
    kinds = [document.kind for document in documents]
    assert kinds.count(SubjectKind.ACCOUNT) == USERS
    assert kinds.count(SubjectKind.DEVICE) == COMPUTERS
    assert kinds.count(SubjectKind.GROUP) == 4
    assert report.step is Step.IDENTIFIED
    assert report.problem is None
    assert report.documents == len(documents) == len({one.key for one in documents})
    for document in documents:
        for name, content in document.sections.items():
            load_section(name, content)


def test_privileges_come_directly_nested_in_a_circle_and_by_primary_group(ad, ad_bind, options):
    documents, _ = collect(ad, ad_bind, {**options, "kinds": ["users"]})
    found = {
        section["name"]: section["privileged_reason"]
        for document in documents
        for section in document.sections.values()
        if section["is_privileged"]
    }
    assert found == {
        "u00001": "Domain Admins",
        "u00002": "Domain Admins",
        "u00003": "Domain Admins",
        "adm-wyss": "Domain Admins",
        "u-protected": "adminCount",
    }


def test_secrets_and_personal_data_never_come_out(ad, ad_bind, options, caplog):
    with caplog.at_level(logging.DEBUG):
        documents, report = collect(ad, ad_bind, options)
    out = orjson.dumps([documents, report], option=orjson.OPT_NON_STR_KEYS) + caplog.text.encode()
    for secret in (*HONEYTOKENS, b"Wyss,", b"Display", b"@site.example", b"+41", b"HONEYTOKEN"):
        assert secret not in out


def test_a_wrong_password_ends_at_reached_with_one_report(ad, ad_bind, options):
    wrong = LdapBind(ad_bind.bind_dn, "wrong", ad_bind.ca_file)
    documents, report = look(ad.base, options, MemorySecrets(main=wrong), ("main",))
    assert documents == []
    assert report.step is Step.REACHED
    assert report.problem.code is ProblemCode.REFUSED


def test_the_second_secret_is_tried_when_the_first_is_refused(ad, ad_bind, options):
    secrets = MemorySecrets(old=LdapBind(ad_bind.bind_dn, "old", ad_bind.ca_file), new=ad_bind)
    documents, report = look(ad.base, {**options, "kinds": ["groups"]}, secrets, ("old", "new"))
    assert report.problem is None
    assert {document.credential for document in documents} == {"new"}


def test_a_total_size_limit_of_the_server_is_incomplete_and_says_so(tmp_path):
    if slapd.MISSING:
        pytest.skip(slapd.MISSING)
    from tests.discovery.ldap.conftest import unit, user

    ldif = slapd.skeleton_ldif() + unit("Users") + "".join(map(user, range(60)))
    with slapd.running_slapd(tmp_path, ldif, page_cap=20, total=40) as server:
        bind = LdapBind(slapd.BIND_DN, slapd.PASSWORD, str(server.tls.ca_file))
        with session_of(server.tls_url, bind) as session:
            with pytest.raises(IncompleteError, match="Until then 40 entries"):
                list(
                    session.search(slapd.BASE, Equal("objectClass", "user"), ["uid"], page_size=20)
                )
            with pytest.raises(IncompleteError, match="smaller page size"):
                list(
                    session.search(slapd.BASE, Equal("objectClass", "user"), ["uid"], page_size=30)
                )

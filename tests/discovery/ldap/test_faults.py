"""What a directory may do wrong: each fault gives its own sentence, and never a short answer."""

from datetime import UTC, datetime

import pytest

from discovery.errors import (
    IncompleteError,
    MalformedError,
    RefusedError,
    TimeLimitError,
    TlsRefusedError,
    TooMuchError,
)
from discovery.protocols.ldap import DirectoryServer, Limits, Present, open_session
from discovery.secrets import LdapBind
from schemas.vocabulary import ProblemCode, Step
from tests.discovery.ldap.looking import MemorySecrets, look
from tests.discovery.servers.certificates import make_certificates
from tests.discovery.servers.fake_directory import BIND, SEARCH, Cut, FakeDirectory, Stall, honest

BASE = "dc=site,dc=example"
PEOPLE = [
    (
        f"uid=u{number:04},{BASE}",
        {
            "objectClass": [b"inetOrgPerson"],
            "uid": [b"u%04d" % number],
            "entryUUID": [b"00000000-0000-4000-8000-%012d" % number],
        },
    )
    for number in range(250)
]


def read_all(session, attributes=("uid", "entryUUID"), page_size=100):
    return list(session.search(BASE, Present("objectClass"), attributes, page_size=page_size))


def test_an_honest_directory_gives_every_page(open_fake):
    pages = read_all(open_fake(honest(PEOPLE)))
    assert [len(page) for page in pages] == [100, 100, 50]
    assert pages[2][-1] == (PEOPLE[-1][0], {k: v for k, v in PEOPLE[-1][1].items() if k[0] != "o"})


def cut_in_page(request):
    for dn, attributes in PEOPLE[:30]:
        yield request.entry(dn, attributes)
    yield request.entry(*PEOPLE[30])[:20]
    raise Cut


def cut_between_pages(request):
    if request.start:
        raise Cut
    yield from honest(PEOPLE)(request)


def notice_of_disconnection(request):
    request.id = 0
    from tests.discovery.servers.fake_directory import ber

    operation = ber(0x78, b"\x0a\x01\x34", ber(4), ber(4), ber(0x8A, b"1.3.6.1.4.1.1466.20036"))
    yield request.message(operation)


def ignored_paging(request):
    for dn, attributes in PEOPLE:
        yield request.entry(dn, attributes)
    yield request.done()


def refused_page_size(request):
    yield request.done(11)


def size_limit(request):
    for dn, attributes in PEOPLE[:40]:
        yield request.entry(dn, attributes)
    yield request.done(4, cookie=b"")


def referral(request):
    yield request.done(10, referral="ldap://127.0.0.9/dc=elsewhere")


def paging_unknown(request):
    yield request.done(12)


def busy(request):
    yield request.done(51)


@pytest.mark.parametrize(
    ("script", "sentence"),
    [
        (cut_in_page, "cut the connection.*0 entries had come"),
        (cut_between_pages, "cut the connection.*100 entries had come"),
        (notice_of_disconnection, "notice of disconnection"),
        (ignored_paging, "ignored the wish for pages"),
        (refused_page_size, "smaller page size"),
        (size_limit, "size limit"),
        (referral, "refers to another server"),
        (paging_unknown, "does not know paging"),
        (busy, "try again later"),
    ],
)
def test_an_answer_that_is_not_complete_is_an_error(open_fake, script, sentence):
    with pytest.raises(IncompleteError, match=sentence):
        read_all(open_fake(script))


def test_no_connection_is_opened_for_a_referral(open_fake):
    session = open_fake(referral)
    with pytest.raises(IncompleteError):
        read_all(session)
    assert [one.operation for one in session.fake.requests] == [BIND, SEARCH]


def test_continuation_references_are_left_where_they_are(open_fake):
    def script(request):
        yield request.reference("ldap://127.0.0.9/cn=configuration")
        yield from honest(PEOPLE[:3])(request)

    assert [len(page) for page in read_all(open_fake(script))] == [3]


def stall_in_page(request):
    yield request.entry(*PEOPLE[0])
    raise Stall


def test_a_stalled_directory_is_given_up_in_time(open_fake):
    with pytest.raises(TimeLimitError, match=r"sent nothing for 0\.2 s"):
        read_all(open_fake(stall_in_page, Limits(answer_seconds=0.2)))


def drip(request):
    import time

    data = request.entry(*PEOPLE[0])
    for octet in data:
        yield bytes([octet])
        time.sleep(0.02)
    raise Stall


def test_a_dripping_directory_is_given_up_at_the_total_limit(open_fake):
    limits = Limits(answer_seconds=5, total_seconds=0.6)
    with pytest.raises(TimeLimitError, match=r"altogether|sent nothing"):
        read_all(open_fake(drip, limits))


def garbage(request):
    yield b"HTTP/1.1 400 Bad Request\r\n\r\n"


def lying_value(request):
    data = bytearray(request.entry(*PEOPLE[0]))
    at = bytes(data).index(b"\x04\x05u0000")
    data[at + 1] = 0x20
    yield bytes(data)


def lying_name(request):
    data = bytearray(request.entry(*PEOPLE[0]))
    at = bytes(data).index(PEOPLE[0][0].encode())
    data[at - 1] = 0x7F
    yield bytes(data)


def endless_length(request):
    yield b"\x30\x80\x00\x00"


def broken_name(request):
    dn = b"uid=\xff\xfe"
    from tests.discovery.servers.fake_directory import ber

    yield request.message(ber(0x64, ber(4, dn), ber(0x30)))


def other_question(request):
    request.id += 7
    yield request.done(cookie=b"")


def broken_result(request):
    yield b"\x30\x08\x02\x01" + bytes([request.id]) + b"\x65\x03\x0a\x01\x00"


@pytest.mark.parametrize(
    "script",
    [
        garbage,
        lying_value,
        lying_name,
        endless_length,
        broken_name,
        other_question,
        broken_result,
    ],
)
def test_what_is_not_ldap_is_malformed(open_fake, script):
    with pytest.raises(MalformedError):
        read_all(open_fake(script))


def test_a_huge_entry_is_refused_before_it_is_read(open_fake):
    def script(request):
        yield b"\x30\x84\x7f\xff\xff\xff"
        raise Stall

    with pytest.raises(TooMuchError, match="2,147,483,653 octets"):
        read_all(open_fake(script))


def test_an_endless_page_is_refused(open_fake):
    def script(request):
        for _ in range(10_000):
            yield request.entry(*PEOPLE[0])

    with pytest.raises(TooMuchError, match="page is larger"):
        read_all(open_fake(script, Limits(page_octets=20_000)))


def test_endless_pages_are_refused(open_fake):
    def script(request):
        yield request.entry(*PEOPLE[0])
        yield request.done(cookie=b"1")

    with pytest.raises(TooMuchError, match="more than 20 entries"):
        read_all(open_fake(script, Limits(entries=20)))


def test_attributes_that_were_not_asked_for_are_left_out(open_fake):
    more = {**PEOPLE[0][1], "userPassword": [b"HONEYTOKEN"], "ms-Mcs-AdmPwd": [b"HONEYTOKEN"]}
    session = open_fake(honest([(PEOPLE[0][0], more), (PEOPLE[0][0], {"UID;lang-de": [b"x"]})]))
    [[first, second]] = read_all(session, ["uid"])
    assert first.attributes == {"uid": [b"u0000"]}
    assert second.attributes == {}


@pytest.mark.parametrize(
    "name", ["*", "+", "userPassword", "ms-Mcs-AdmPwd", "2.5.4.35", "unicodePwd;binary", "mail", ""]
)
def test_other_attributes_cannot_be_asked_for_or_searched_by(open_fake, name):
    session = open_fake(honest(PEOPLE))
    with pytest.raises(RefusedError):
        read_all(session, [name])
    with pytest.raises(RefusedError):
        list(session.search(BASE, Present(name), ["uid"]))
    assert [one.operation for one in session.fake.requests] == [BIND]


def ranges(all_members, step=3, on_second=None):
    """Answer `member` in pieces as Active Directory does; the list may change at the second."""
    members = list(all_members)

    def script(request):
        asked = request.attributes[0] if len(request.attributes) == 1 else "member"
        if "range=" not in asked:
            values = {"member": [], f"member;range=0-{step - 1}": members[:step]}
            yield request.entry(f"cn=g,{BASE}", {"cn": [b"g"], **values})
            yield request.done(cookie=b"")
            return
        if on_second is not None and script.asked == 0:
            members[:] = on_second
        script.asked += 1
        start = int(asked.partition("range=")[2].partition("-")[0])
        piece = members[start : start + step]
        end = "*" if start + step >= len(members) else start + step - 1
        if piece:
            yield request.entry(f"cn=g,{BASE}", {f"member;range={start}-{end}": piece})
        else:
            yield request.entry(f"cn=g,{BASE}", {})
        yield request.done()

    script.asked = 0
    return script


MEMBERS = [b"uid=u%d,dc=site" % number for number in range(10)]


def test_all_ranges_of_a_large_group_are_fetched(open_fake):
    [[entry]] = read_all(open_fake(ranges(MEMBERS)), ["cn", "member"])
    assert entry.attributes == {"cn": [b"g"], "member": MEMBERS}


def test_a_group_that_shrinks_in_between_is_read_again(open_fake):
    [[entry]] = read_all(open_fake(ranges(MEMBERS, on_second=MEMBERS[:2])), ["cn", "member"])
    assert entry.attributes["member"] == MEMBERS[:2]


def test_a_group_that_never_holds_still_is_an_error(open_fake):
    def script(request):
        if len(request.attributes) == 1:
            yield request.entry(f"cn=g,{BASE}", {"member;range=5-6": MEMBERS[5:7]})
            yield request.done()
        else:
            yield request.entry(f"cn=g,{BASE}", {"member;range=0-2": MEMBERS[:3]})
            yield request.done(cookie=b"")

    with pytest.raises(IncompleteError, match="changed again and again"):
        read_all(open_fake(script), ["cn", "member"])


@pytest.fixture
def fake_start_tls(certificates):
    opened = []

    def start(**options):
        opened.append(FakeDirectory(certificates, honest(PEOPLE), is_start_tls=True, **options))
        return DirectoryServer.from_url(opened[-1].__enter__().url)

    yield start
    for server in opened:
        server.__exit__()


def test_start_tls_comes_before_the_password(fake_start_tls, bind):
    with open_session([fake_start_tls()], bind, Limits(answer_seconds=5)) as session:
        assert len(read_all(session)) == 3


def test_without_start_tls_no_password_is_sent(fake_start_tls, bind):
    seen = []
    server = fake_start_tls(
        extended=lambda request: [request.done(2, operation=0x78)], bind=seen.append
    )
    with pytest.raises(TlsRefusedError, match="does not offer StartTLS"):
        open_session([server], bind, Limits(answer_seconds=5))
    assert seen == []


def test_octets_smuggled_in_before_tls_are_refused(fake_start_tls, bind):
    def extended(request):
        yield request.done(operation=0x78) + request.done(operation=0x61)

    with pytest.raises(MalformedError, match="before TLS"):
        open_session([fake_start_tls(extended=extended)], bind, Limits(answer_seconds=5))


def test_an_expired_certificate_is_refused(tmp_path):
    old = make_certificates(tmp_path, days=-1)
    with FakeDirectory(old, honest(PEOPLE)) as server:
        bind = LdapBind("cn=x", "secret", str(old.ca_file))
        with pytest.raises(TlsRefusedError, match="expired"):
            open_session([DirectoryServer.from_url(server.url)], bind)


@pytest.mark.parametrize(
    ("code", "text", "sentence"),
    [
        (49, b"80090308: LdapErr: DSID-0C09, comment: x, data 775, v4563", "locked out"),
        (49, b"80090308: LdapErr: DSID-0C09, comment: x, data 532, v4563", "password has expired"),
        (49, b"", "name or password is wrong"),
        (8, b"", "stronger way"),
    ],
)
def test_a_refused_bind_says_why(open_fake, code, text, sentence):
    with pytest.raises(RefusedError, match=sentence):
        open_fake(honest([]), bind=lambda one: [one.done(code, operation=0x61, text=text)])


def look_at(certificates, bind, script, **options):
    with FakeDirectory(certificates, script) as server:
        options = {"servers": [server.url], "page_size": 100, "answer_seconds": 2.0, **options}
        clock = datetime(2026, 1, 1, tzinfo=UTC)
        return look(BASE, options, MemorySecrets(main=bind), ("main",), clock)


def test_documents_before_a_cut_are_kept_but_the_report_says_incomplete(certificates, bind):
    documents, report = look_at(certificates, bind, cut_between_pages, kinds=["computers", "users"])
    assert documents == []
    assert report.problem.code is ProblemCode.INCOMPLETE

    def second_search_is_cut(request):
        if request.start == 200:
            raise Cut
        yield from honest(PEOPLE)(request)

    def script(request):
        is_groups = "member" in request.attributes
        return honest([])(request) if is_groups else second_search_is_cut(request)

    documents, report = look_at(certificates, bind, script)
    assert len(documents) == report.documents == 200
    assert report.step is Step.AUTHENTICATED
    assert report.problem.code is ProblemCode.INCOMPLETE
    assert "200 entries" in report.problem.message


def test_entries_without_an_identifier_make_the_look_incomplete(certificates, bind):
    nameless = [(PEOPLE[0][0], {"objectClass": [b"inetOrgPerson"], "uid": [b"u0000"]})]
    documents, report = look_at(certificates, bind, honest(nameless + PEOPLE[1:3]))
    assert len(documents) == 2
    assert report.problem.code is ProblemCode.INCOMPLETE
    assert "neither objectGUID nor entryUUID" in report.problem.message
    assert "u0000" not in report.problem.message


def test_an_open_ldap_account_is_read_by_its_own_attributes(certificates, bind):
    account = {
        "objectClass": [b"posixAccount", b"inetOrgPerson"],
        "uid": [b"anna"],
        "entryUUID": [b"6BA7B810-9DAD-11D1-80B4-00C04FD430C8"],
        "createTimestamp": [b"20240229235959Z"],
        "shadowExpire": [b"20000"],
        "pwdAccountLockedTime": [b"000001010000Z"],
    }
    admins = {
        "objectClass": [b"posixGroup"],
        "cn": [b"wheel"],
        "entryUUID": [b"6ba7b811-9dad-11d1-80b4-00c04fd430c8"],
        "memberUid": [b"anna"],
    }

    def script(request):
        is_groups = "member" in request.attributes
        rows = [(f"cn=wheel,ou=Groups,{BASE}", admins)] if is_groups else []
        return honest(rows or [(f"uid=anna,ou=Staff,ou=Site,{BASE}", account)])(request)

    documents, _ = look_at(certificates, bind, script, privileged_groups=["Wheel"])
    by_kind = {document.kind.value: document for document in documents}
    assert by_kind["account"].key == "ldap:6ba7b810-9dad-11d1-80b4-00c04fd430c8"
    assert by_kind["account"].sections == {
        "account": {
            "name": "anna",
            "type": "person",
            "is_enabled": False,
            "created_on": "2024-02-29",
            "expires_on": "2024-10-04",
            "last_logon": "unknown",
            "org_unit": "Site / Staff",
            "is_privileged": True,
            "privileged_reason": "wheel",
        }
    }
    assert by_kind["group"].sections == {
        "group": {
            "name": "wheel",
            "org_unit": "Groups",
            "member_count": 1,
            "is_privileged": True,
        }
    }


def test_leaving_early_ends_the_session(certificates, bind):
    import asyncio

    from discovery.collectors.base import CollectorContext
    from discovery.collectors.ldap.collector import LdapCollector

    def script(request):
        if "member" in request.attributes:
            yield request.done(cookie=b"")
        elif request.start < 200:
            yield from honest(PEOPLE)(request)
        else:
            raise Stall

    async def leave():
        collector = LdapCollector()
        options = collector.check_options(
            {"servers": [server.url], "page_size": 100, "answer_seconds": 60.0}
        )
        context = CollectorContext(MemorySecrets(main=bind), ("main",), options)
        stream = collector.collect(BASE, context)
        async for _ in stream:
            break
        await asyncio.wait_for(stream.aclose(), 5)

    with FakeDirectory(certificates, script) as server:
        asyncio.run(leave())


def test_no_secret_and_an_unfit_secret_are_told(certificates):
    options = {"servers": ["ldaps://127.0.0.1:9"]}
    for secrets, names in [(MemorySecrets(), ()), (MemorySecrets(a="text"), ("a",))]:
        documents, report = look(BASE, options, secrets, names)
        assert documents == []
        assert report.step is Step.ASKED
        assert report.problem.code is ProblemCode.SECRET_MISSING

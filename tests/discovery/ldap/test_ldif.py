"""LDIF files: read like a directory, refused with a line number, never followed elsewhere."""

import io
from base64 import b64encode
from datetime import UTC, datetime

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from discovery.collectors.ldif import parser
from discovery.collectors.ldif.collector import LdifCollector
from discovery.collectors.ldif.parser import read_entries
from discovery.errors import DiscoveryError, MalformedError, OutOfScopeError, TooMuchError
from discovery.protocols.ldap import AttributeSelection
from schemas.vocabulary import ProblemCode, Source, Step, SubjectKind
from tests.discovery.ldap.conftest import HONEYTOKENS, ad_ldif
from tests.discovery.ldap.looking import look
from tests.discovery.servers.slapd import skeleton_ldif

NAMES = ("objectClass", "uid", "cn", "member")


def read(content):
    octets = content if isinstance(content, bytes) else content.encode()
    return list(read_entries(io.BytesIO(octets), AttributeSelection(NAMES)))


def test_all_forms_of_rfc_2849_are_read():
    [first, second] = read(
        "# a comment\n#  and more\nversion: 1\n\n\n"
        "dn: uid=a,dc=ch\r\nuid: a\r\nUID:b\r\nmail: x@y\r\ncn;lang-de: no\r\n"
        "cn: long \n er value\n# between\n  not: a line\ncn:\n\n"
        "dn:: dWlkPcO8LGRjPWNo\nuid:: w7w=\nuserPassword:: not even base64\n"
    )
    assert first == ("uid=a,dc=ch", {"uid": [b"a", b"b"], "cn": [b"long er value", b""]})
    assert second == ("uid=ü,dc=ch", {"uid": ["ü".encode()]})


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "no LDIF record"),
        ("version: 1\n", "no LDIF record"),
        ("version: 2\n\ndn: dc=ch\n", "Line 1 names a version"),
        (" dn: dc=ch\n", "Line 1 continues"),
        ("uid: a\n", "Line 1 begins a record, but not with 'dn:'"),
        ("dn: dc=ch\n\n\nuid: a\n", "Line 4 begins a record"),
        ("dn: dc=ch\nuid a\n", "Line 2 is not of the form"),
        ("dn: dc=ch\n\ndn: dc=b\nuid:: %%\n", "Line 4 holds a value that is not base64"),
        ("dn:: /w==\n", "Line 1 holds a name that is not UTF-8"),
        ("dn: dc=ch\nuid:< file:///etc/shadow\n", "Line 2 refers to another file"),
        ("dn:< file:///etc/shadow\n", "Line 1 begins a record"),
        ("dn: dc=ch\nchangetype: delete\n", "Line 2 describes a change"),
        (b"\xff\xfed\x00n\x00", "UTF-16"),
        (b"\x7fELF\x00\x01", "Line 1 is not of the form"),
    ],
)
def test_other_content_is_refused_with_its_line(content, sentence):
    with pytest.raises(MalformedError, match=sentence):
        read(content)


def test_lines_and_records_have_a_limit(monkeypatch):
    monkeypatch.setattr(parser, "MAX_LINE_OCTETS", 50)
    monkeypatch.setattr(parser, "MAX_RECORD_LINES", 5)
    monkeypatch.setattr(parser, "MAX_RECORDS", 2)
    for content in (
        "dn: dc=ch\nuid: " + "x" * 60,
        "dn: dc=ch\nuid: " + "x" * 30 + "\n " + "x" * 30,
        "dn: dc=ch\n" + "uid: x\n" * 9,
        "dn: dc=ch\n\n" * 3,
    ):
        with pytest.raises(TooMuchError):
            read(content)


VALUES = st.lists(st.binary(max_size=40), max_size=4)


@given(
    st.lists(st.tuples(st.text(max_size=20), VALUES, VALUES), min_size=1, max_size=5),
    st.integers(1, 20),
)
def test_what_is_written_is_read_again(records, width):
    lines = []
    for dn, names, others in records:
        row = [b"dn:: " + b64encode(dn.encode())]
        row += [b"uid:: " + b64encode(value) for value in names]
        row += [b"jpegPhoto:: " + b64encode(value) for value in others]
        for line in row:
            lines += [line[: 9 + width]]
            rest = line[9 + width :]
            lines += [b" " + rest[at : at + width] for at in range(0, len(rest), width)]
        lines.append(b"")
    expected = [(dn, {"uid": names} if names else {}) for dn, names, _ in records]
    assert read(b"\n".join(lines)) == expected


@given(st.binary(max_size=300) | st.text(alphabet="dn: uid=,#\n\r<;", max_size=200))
def test_any_file_is_read_or_refused(content):
    try:
        read(content)
    except DiscoveryError:
        return


@pytest.fixture
def folder(tmp_path):
    inside = tmp_path / "directory"
    inside.mkdir()
    return inside


def look_at(folder, target, **options):
    clock = datetime(2026, 1, 1, 12, tzinfo=UTC)
    options = {"directory": str(folder), **options}
    return look(target, options, clock=clock, collector=LdifCollector())


def test_a_file_gives_the_documents_of_the_server_it_came_from(folder, request):
    (folder / "ad.ldif").write_text(skeleton_ldif() + ad_ldif(), "utf-8")
    documents, report = look_at(folder, "ad.ldif")
    assert report.problem is None
    assert report.step is Step.IDENTIFIED
    assert report.documents == len(documents) == 3044
    assert {document.source for document in documents} == {Source.LDIF}
    ad, ad_bind = request.getfixturevalue("ad"), request.getfixturevalue("ad_bind")
    from tests.discovery.ldap.looking import MemorySecrets

    clock = datetime(2026, 1, 1, 12, tzinfo=UTC)
    served, _ = look(
        ad.base, {"servers": [ad.tls_url]}, MemorySecrets(main=ad_bind), ("main",), clock
    )
    assert {one.key: one.sections for one in documents} == {one.key: one.sections for one in served}


def test_secrets_of_a_file_never_come_out(folder):
    (folder / "ad.ldif").write_text(ad_ldif(), "utf-8")
    documents, _ = look_at(folder, "ad.ldif")
    out = orjson.dumps(documents, option=orjson.OPT_NON_STR_KEYS)
    assert not [secret for secret in (*HONEYTOKENS, b"Display", b"@site") if secret in out]


def test_a_file_that_breaks_off_gives_no_document(folder):
    (folder / "ad.ldif").write_text(ad_ldif() + "\ndn: dc=ch\nbroken\n", "utf-8")
    documents, report = look_at(folder, "ad.ldif")
    assert documents == []
    assert report.problem.code is ProblemCode.MALFORMED
    assert "is not of the form" in report.problem.message


def test_only_the_wanted_kinds_come(folder):
    (folder / "ad.ldif").write_text(ad_ldif(), "utf-8")
    documents, _ = look_at(folder, "ad.ldif", kinds=["computers"])
    assert {document.kind for document in documents} == {SubjectKind.DEVICE}


@pytest.mark.parametrize(
    ("target", "code"),
    [
        ("../secret.ldif", ProblemCode.OUT_OF_SCOPE),
        ("/etc/passwd", ProblemCode.OUT_OF_SCOPE),
        ("..", ProblemCode.OUT_OF_SCOPE),
        ("a\\b", ProblemCode.OUT_OF_SCOPE),
        ("link.ldif", ProblemCode.OUT_OF_SCOPE),
        ("a\0b", ProblemCode.MALFORMED),
        ("", ProblemCode.MALFORMED),
        ("folder", ProblemCode.MALFORMED),
        ("absent.ldif", ProblemCode.UNREACHABLE),
        ("large.ldif", ProblemCode.TOO_MUCH),
    ],
)
def test_only_files_of_the_folder_are_read(folder, target, code):
    (folder.parent / "secret.ldif").write_text("dn: dc=secret\n")
    (folder / "link.ldif").symlink_to(folder.parent / "secret.ldif")
    (folder / "folder").mkdir()
    with (folder / "large.ldif").open("wb") as large:
        large.truncate(1024 * 1024 + 1)
    documents, report = look_at(folder, target, max_megabytes=1)
    assert documents == []
    assert report.problem.code is code


def test_a_name_is_expanded_unless_it_is_excluded():
    expand = LdifCollector().expand
    assert expand("a.ldif", ()) == ["a.ldif"]
    assert expand("a.ldif", ("a.ldif",)) == []
    with pytest.raises(OutOfScopeError):
        expand("../a.ldif", ())

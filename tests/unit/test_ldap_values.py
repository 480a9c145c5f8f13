"""The pure parts of directory discovery: values, names, filters, membership, account types."""

import struct
from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import ValidationError

from discovery.collectors.ldap import decoders
from discovery.collectors.ldap.collector import LdapCollector
from discovery.collectors.ldap.mapping import units_of
from discovery.collectors.ldap.membership import Group, close_membership
from discovery.collectors.ldap.options import MappingOptions, MappingOptionsSchema
from discovery.collectors.ldap.rules import (
    AccountFacts,
    decide_account_type,
    is_privileged_sid,
)
from discovery.errors import DiscoveryError, MalformedError, RefusedError
from discovery.protocols.ldap import (
    And,
    DirectoryServer,
    Equal,
    Not,
    Or,
    Present,
    is_below,
    is_denied,
    normalise_dn,
    parse_dn,
)
from discovery.protocols.ldap.attributes import ALLOWED
from discovery.protocols.ldap.messages import decode_entry, message_size
from schemas.vocabulary import AccountType, LogonBucket

TODAY = date(2026, 1, 1)
PATTERNS = MappingOptions.from_options(MappingOptionsSchema().load({})).patterns


def test_a_guid_is_in_microsofts_mixed_order():
    octets = bytes.fromhex("33221100554477668899aabbccddeeff")
    assert decoders.decode_guid(octets) == "00112233-4455-6677-8899-aabbccddeeff"


@pytest.mark.parametrize(
    ("octets", "text"),
    [
        ("010100000000000512000000", "S-1-5-18"),
        ("01020000000000052000000020020000", "S-1-5-32-544"),
        (
            "010500000000000515000000010000000200000003000000f4010000",
            "S-1-5-21-1-2-3-500",
        ),
    ],
)
def test_a_sid_is_read(octets, text):
    assert decoders.decode_sid(bytes.fromhex(octets)) == text


@pytest.mark.parametrize(
    "octets", [b"", b"\x01", b"\x01\xff" + b"\0" * 6, b"\x01\x02" + b"\0" * 10]
)
def test_a_sid_of_wrong_length_is_refused(octets):
    with pytest.raises(ValueError, match="wrong length"):
        decoders.decode_sid(octets)


@pytest.mark.parametrize(
    ("value", "day"),
    [
        (b"0", None),
        (b"9223372036854775807", None),
        (b"-1", None),
        (b"9223372036854775806", None),
        (b"116444736000000000", date(1970, 1, 1)),
        (b"133485407999999999", date(2023, 12, 31)),
        (b"133485408000000000", date(2024, 1, 1)),
    ],
)
def test_a_filetime_becomes_a_day_or_never(value, day):
    assert decoders.decode_filetime(value) == day


@pytest.mark.parametrize(
    ("value", "day"),
    [
        (b"20200102030405.0Z", date(2020, 1, 2)),
        (b"20240229235959Z", date(2024, 2, 29)),
        (b"2024022923Z", date(2024, 2, 29)),
        (b"20240101003000+0100", date(2023, 12, 31)),
        (b"20231231233000-0100", date(2024, 1, 1)),
        (b"20161231235960Z", date(2016, 12, 31)),
    ],
)
def test_a_generalized_time_becomes_a_utc_day(value, day):
    assert decoders.decode_generalized_time(value) == day


@pytest.mark.parametrize(
    "value", [b"", b"20240101", b"20241301000000Z", b"20230229000000Z", b"00010101000000+1400"]
)
def test_a_time_of_another_form_is_refused(value):
    with pytest.raises(ValueError, match=r"."):
        decoders.decode_generalized_time(value)


@pytest.mark.parametrize(
    ("days", "bucket"),
    [
        (-1, LogonBucket.UNDER_30_DAYS),
        (29, LogonBucket.UNDER_30_DAYS),
        (30, LogonBucket.UNDER_90_DAYS),
        (89, LogonBucket.UNDER_90_DAYS),
        (90, LogonBucket.OVER_90_DAYS),
    ],
)
def test_a_log_on_is_only_known_by_its_bucket(days, bucket):
    last_on = TODAY - timedelta(days=days)
    assert decoders.logon_bucket(last_on, TODAY, is_recorded=True) is bucket


def test_no_log_on_is_never_only_where_the_directory_records_them():
    assert decoders.logon_bucket(None, TODAY, is_recorded=True) is LogonBucket.NEVER
    assert decoders.logon_bucket(None, TODAY, is_recorded=False) is LogonBucket.UNKNOWN


DECODERS = [
    decoders.decode_text,
    decoders.decode_integer,
    decoders.decode_guid,
    decoders.decode_uuid,
    decoders.decode_sid,
    decoders.decode_filetime,
    decoders.decode_generalized_time,
    decoders.decode_shadow_day,
]


@pytest.mark.parametrize("decode", DECODERS)
@given(st.binary(max_size=80) | st.integers(-(2**70), 2**70).map(lambda n: str(n).encode()))
def test_any_octets_decode_or_are_refused(decode, octets):
    try:
        decode(octets)
    except ValueError:
        return


@given(st.uuids())
def test_guids_survive(value):
    assert UUID(decoders.decode_guid(value.bytes_le)) == value


@given(st.lists(st.integers(0, 2**32 - 1), max_size=15))
def test_sids_survive(parts):
    octets = struct.pack("<BB", 1, len(parts)) + b"\0\0\0\0\0\5"
    octets += struct.pack(f"<{len(parts)}I", *parts)
    assert decoders.decode_sid(octets) == "-".join(map(str, ["S", 1, 5, *parts]))


@pytest.mark.parametrize(
    ("facts", "kind"),
    [
        (AccountFacts("u1", frozenset({"user"})), AccountType.PERSON),
        (AccountFacts("ADM-muster", frozenset({"user"})), AccountType.ADMIN),
        (AccountFacts("svc-backup", frozenset({"user"})), AccountType.SERVICE),
        (AccountFacts("gast01", frozenset({"user"})), AccountType.GUEST),
        (AccountFacts("team-bau", frozenset({"user"})), AccountType.SHARED),
        (AccountFacts("x", frozenset({"user"}), has_service_name=True), AccountType.SERVICE),
        (AccountFacts("x", frozenset({"user"}), rid=500), AccountType.ADMIN),
        (AccountFacts("svc-x", frozenset({"user"}), rid=501), AccountType.GUEST),
        (AccountFacts("krbtgt", frozenset({"user"}), rid=502), AccountType.SERVICE),
        (AccountFacts("x", frozenset({"user"}), ("site", "admins")), AccountType.ADMIN),
        (AccountFacts("x", frozenset({"user"}), ("dienstkonten",)), AccountType.SERVICE),
        (AccountFacts("trust$", frozenset({"user"}), control=0x820), AccountType.SERVICE),
        (
            AccountFacts("g$", frozenset({"computer", "msds-groupmanagedserviceaccount"})),
            AccountType.SERVICE,
        ),
        (AccountFacts("x", frozenset({"device"})), AccountType.UNKNOWN),
    ],
)
def test_the_type_of_an_account(facts, kind):
    assert decide_account_type(facts, PATTERNS) is kind


@pytest.mark.parametrize(
    ("sid", "is_privileged"),
    [
        ("S-1-5-21-1-2-3-512", True),
        ("S-1-5-21-1-2-3-519", True),
        ("S-1-5-21-1-2-3-513", False),
        ("S-1-5-32-544", True),
        ("S-1-5-32-545", False),
        ("S-1-5-21-1-2-3-544", False),
        (None, False),
    ],
)
def test_privileged_groups_are_known_by_their_identifier(sid, is_privileged):
    assert is_privileged_sid(sid) is is_privileged


@given(
    st.dictionaries(st.integers(0, 12), st.frozensets(st.integers(0, 20), max_size=6), max_size=13),
    st.frozensets(st.integers(0, 12)),
)
def test_membership_closes_whatever_the_groups_contain(tree, privileged):
    groups = [
        Group(
            f"cn=g{number}",
            f"g{number}",
            tuple(b"CN=g%d" % member for member in members),
            is_privileged=number in privileged,
        )
        for number, members in tree.items()
    ]
    reached = set(privileged & tree.keys())
    while more := {m for number in reached & tree.keys() for m in tree[number]} - reached:
        reached |= more
    assert set(close_membership(groups).by_dn) == {f"cn=g{number}" for number in reached}


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("CN=Anna,OU=Bau,DC=ch", "cn=anna,ou=bau,dc=ch"),
        ("cn = Anna , ou=Bau,dc=ch", "cn=anna,ou=bau,dc=ch"),
        (r"cn=Wyss\, Anna,dc=ch", r"cn=wyss\, anna,dc=ch"),
        (r"cn=Wyss\2C Anna,dc=ch", r"cn=wyss\, anna,dc=ch"),
        (r"cn=Z\C3\BCrich,dc=ch", "cn=zürich,dc=ch"),
        ('cn="a,b",dc=ch', r"cn=a\,b,dc=ch"),
        ("", ""),
    ],
)
def test_equal_names_have_one_normal_form(text, normal):
    assert normalise_dn(text) == normal


@pytest.mark.parametrize("text", ["site", "=x", "dc", "dc=a,,dc=b", "ou=x" * 2000])
def test_what_is_no_distinguished_name_is_refused(text):
    with pytest.raises(MalformedError):
        parse_dn(text)


@given(st.text(max_size=60))
def test_any_text_is_a_name_or_refused(text):
    try:
        normalise_dn(text)
        parse_dn(text)
    except MalformedError:
        return


def test_a_base_holds_what_is_below_it_and_not_its_namesake():
    assert is_below("cn=a,OU=Bau,dc=ch", "ou=bau,dc=ch")
    assert is_below("ou=bau,dc=ch", "ou=Bau, dc=ch")
    assert not is_below("ou=hochbau,dc=ch", "ou=bau,dc=ch")


def test_units_are_named_from_the_top_without_the_domain():
    assert units_of(r"ou=Users,ou=Bau\, Raum,ou=Site,dc=a,dc=ch") == ("Site", "Bau, Raum", "Users")


def test_filters_are_built_from_values():
    built = And(Or(Equal("uid", "a*)(uid=*"), Equal("objectGUID", b"\0\xff")), Not(Present("cn")))
    assert built.render() == r"(&(|(uid=a\2a\29\28uid\3d\2a)(objectGUID=\00\ff))(!(cn=*)))"


@given(st.text())
def test_no_value_ends_its_filter(value):
    rendered = Equal("uid", value).render()
    assert rendered.count("(") == rendered.count(")") == 1
    assert rendered.isascii()


@pytest.mark.parametrize("name", ["userPassword", "*", "mail", "uid)(cn", "2.5.4.35"])
def test_filters_name_only_allowed_attributes(name):
    with pytest.raises(RefusedError):
        Equal(name, "x").render()


@pytest.mark.parametrize(
    "name",
    [
        "ms-Mcs-AdmPwd",
        "MS-MCS-ADMPWD",
        "msLAPS-Password",
        "msLAPS-EncryptedPassword",
        "msLAPS-EncryptedPasswordHistory",
        "msLAPS-EncryptedDSRMPassword",
        "userPassword",
        "userPassword;binary",
        "unicodePwd",
        "dBCSPwd",
        "ntPwdHistory",
        "lmPwdHistory",
        "supplementalCredentials",
        "msFVE-RecoveryPassword",
        "msFVE-KeyPackage",
        "msDS-ManagedPassword",
        "msDS-KeyCredentialLink",
        "sambaNTPassword",
        "sambaLMPassword",
        "krbPrincipalKey",
    ],
)
def test_secrets_are_denied_by_name(name):
    assert is_denied(name)
    assert name not in ALLOWED


def test_no_allowed_attribute_is_denied_or_names_a_person():
    assert not [name for name in ALLOWED if is_denied(name)]
    assert ALLOWED.isdisjoint(
        {"displayName", "givenName", "sn", "mail", "telephoneNumber", "manager", "jpegPhoto"}
    )


@given(st.binary(max_size=200))
def test_any_octets_are_an_entry_or_refused(octets):
    try:
        decode_entry(octets, 0, len(octets), bytes.decode)
        message_size(octets, 0)
    except (DiscoveryError, ValueError, IndexError):
        return


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("ldaps://dc1.site.example", "ldaps://dc1.site.example:636"),
        ("ldap://[::1]:1389/", "ldap://[::1]:1389"),
    ],
)
def test_addresses_of_servers(url, shown):
    assert str(DirectoryServer.from_url(url)) == shown


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"servers": []},
        {"servers": ["http://a"]},
        {"servers": ["ldaps://"]},
        {"servers": ["ldaps://a:b"]},
        {"servers": ["ldaps://u:p@a"]},
        {"servers": ["ldaps://a"], "page_size": 0},
        {"servers": ["ldaps://a"], "kinds": ["printers"]},
        {"servers": ["ldaps://a"], "account_name_attribute": "displayName"},
        {"servers": ["ldaps://a"], "verify": False},
        {"servers": ["ldaps://a"], "group_base": "nonsense"},
    ],
)
def test_options_out_of_their_limits_are_refused(options):
    with pytest.raises(ValidationError):
        LdapCollector().check_options(options)


def test_a_base_is_expanded_unless_it_is_excluded():
    expand = LdapCollector().expand
    assert expand("ou=a,dc=ch", ("10.0.0.0/8", "ou=b,dc=ch")) == ["ou=a,dc=ch"]
    assert expand("ou=a,dc=ch", ("DC=ch",)) == []
    with pytest.raises(MalformedError):
        expand("", ())

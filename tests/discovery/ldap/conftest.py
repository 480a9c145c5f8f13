"""Directories for the tests: a real slapd where it is installed, and one that misbehaves."""

import hashlib
import random
import struct
import uuid
from base64 import b64encode

import pytest

from discovery.protocols.ldap import DirectoryServer, Limits, open_session
from discovery.secrets import LdapBind
from tests.discovery.servers import slapd
from tests.discovery.servers.certificates import make_certificates
from tests.discovery.servers.fake_directory import FakeDirectory

USERS, COMPUTERS = 3000, 40
HONEYTOKENS = (b"HONEYTOKEN-laps", b"HONEYTOKEN-password", b"HONEYTOKEN-photo")


@pytest.fixture(scope="session")
def certificates(tmp_path_factory):
    return make_certificates(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def bind(certificates):
    return LdapBind(slapd.BIND_DN, slapd.PASSWORD, str(certificates.ca_file))


@pytest.fixture
def open_fake(certificates, bind):
    """Start a misbehaving directory and sign in to it; both end with the test."""
    opened = []

    def start(script, limits=None, **options):
        server = FakeDirectory(certificates, script, **options).__enter__()
        opened.append(server)
        address = DirectoryServer.from_url(server.url)
        session = open_session([address], bind, limits or Limits(answer_seconds=5))
        opened.append(session)
        session.fake = server
        return session

    yield start
    for one in reversed(opened):
        one.__exit__(None, None, None)


@pytest.fixture(scope="session")
def ad(tmp_path_factory):
    """An OpenLDAP server that looks like Active Directory: 3,000 users, groups in a circle."""
    if slapd.MISSING:
        pytest.skip(slapd.MISSING)
    folder = tmp_path_factory.mktemp("ad")
    with slapd.running_slapd(folder, slapd.skeleton_ldif() + ad_ldif()) as server:
        yield server


@pytest.fixture
def ad_bind(ad):
    return LdapBind(slapd.BIND_DN, slapd.PASSWORD, str(ad.tls.ca_file))


def guid(number):
    return uuid.UUID(hashlib.md5(str(number).encode(), usedforsecurity=False).hexdigest()).bytes_le


def sid(rid):
    return struct.pack("<BB", 1, 5) + b"\0\0\0\0\0\5" + struct.pack("<5I", 21, 1, 2, 3, rid)


def record(dn, **attributes):
    lines = [f"dn: {dn}"]
    for keyword, values in attributes.items():
        name = keyword.replace("__", "-")
        for value in values if isinstance(values, list) else [values]:
            if isinstance(value, bytes) or not str(value).isascii():
                octets = value if isinstance(value, bytes) else value.encode()
                lines.append(f"{name}:: {b64encode(octets).decode()}")
            else:
                lines.append(f"{name}: {value}")
    return "\n".join(lines) + "\n\n"


def filetime(days_before_2026):
    return 116444736000000000 + (1767225600 - days_before_2026 * 86400) * 10**7


def unit(name, parent=slapd.BASE):
    return record(f"ou={name},{parent}", objectClass="organizationalUnit", ou=name)


def user_dn(number):
    return f"cn=Person {number}\\, Wyss,ou=Users,{slapd.BASE}"


def user(number, name=None, **more):
    values = {
        "objectClass": "user",
        "cn": f"Person {number}, Wyss",
        "sn": "Wyss",
        "displayName": "Secret Display Wyss",
        "mail": f"person{number}@site.example",
        "telephoneNumber": "+41 41 000 00 00",
        "jpegPhoto": HONEYTOKENS[2],
        "userPassword": HONEYTOKENS[1],
        "sAMAccountName": name or f"u{number:05}",
        "userAccountControl": 514 if number % 10 == 0 else 512,
        "accountExpires": 9223372036854775807,
        "primaryGroupID": 513,
        "objectGUID": guid(number),
        "objectSid": sid(10000 + number),
        "whenCreated": "20200102030405.0Z",
        "lastLogonTimestamp": filetime(number % 200),
        **more,
    }
    return record(user_dn(number), **values)


def computer(number, **more):
    name = f"PC{number:04}"
    values = {
        "objectClass": "computer",
        "cn": name,
        "sn": name,
        "sAMAccountName": f"{name}$",
        "userAccountControl": 4096,
        "primaryGroupID": 515,
        "dNSHostName": f"{name.lower()}.site.example",
        "operatingSystem": "Windows Server® 2022 Standard" if number % 4 == 0 else "Windows 11",
        "operatingSystemVersion": "10.0 (20348)",
        "objectGUID": guid(50000 + number),
        "objectSid": sid(50000 + number),
        "whenCreated": "20210304050607.0Z",
        "ms__Mcs__AdmPwd": HONEYTOKENS[0],
        **more,
    }
    return record(f"cn={name},ou=Computers,{slapd.BASE}", **values)


def group_dn(name):
    return f"cn={name},ou=Groups,{slapd.BASE}"


def group(name, rid, members):
    return record(
        group_dn(name),
        objectClass="group",
        cn=name,
        sAMAccountName=name,
        member=members,
        objectGUID=guid(90000 + rid),
        objectSid=sid(rid),
    )


def ad_ldif():
    """Return a directory in which privileges come directly, nested and by primary group."""
    chosen = random.Random(1)  # noqa: S311 — a repeatable choice, not a secret
    parts = [unit("Users"), unit("Computers"), unit("Groups")]
    parts += [user(number) for number in range(USERS - 3)]
    parts.append(user(USERS - 3, "svc-backup", servicePrincipalName="backup/srv"))
    parts.append(user(USERS - 2, "adm-wyss", primaryGroupID=512))
    parts.append(user(USERS - 1, "u-protected", adminCount=1))
    parts += [computer(number) for number in range(COMPUTERS)]
    parts.append(group("Domain Admins", 512, [user_dn(1), group_dn("Tier Zero")]))
    parts.append(group("Tier Zero", 5001, [user_dn(2), group_dn("Circle")]))
    parts.append(group("Circle", 5002, [user_dn(3), group_dn("Tier Zero")]))
    many = chosen.sample(range(USERS), 1600)
    parts.append(group("Everybody", 5003, [user_dn(number) for number in many]))
    return "".join(parts)

"""Invent the directory of a demo partner as LDIF: computers, accounts and groups, all artificial.

Nothing here is random between two calls with the same arguments. Names are plainly made up
(`mus-u0123`, `svc-backup-mus`), and only the fictional partners have something to tidy up.
"""

import random
from base64 import b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from hashlib import blake2b
from struct import pack
from uuid import UUID

# Enabled accounts that nobody has used for more than 90 days; 118 in all, none at real partners.
STALE_ACCOUNTS = {"musterwil": 61, "beispielikon": 34, "probenau": 23}

_DEPARTMENTS = ("Bau", "Finanzen", "Kanzlei", "Soziales", "Schule", "Steuern", "Werkdienst")
_SERVICES = ("backup", "monitor", "scan", "print", "deploy")
_CLIENTS = (("Windows 11 Enterprise", "10.0 (26100)"), ("Windows 11 Enterprise", "10.0 (22631)"))
_SERVER = ("Windows Server 2022 Standard", "10.0 (20348)")
_NORMAL, _DISABLED, _WORKSTATION, _CONTROLLER = 512, 514, 4096, 532480
_NEVER = 0x7FFFFFFFFFFFFFFF
_FILETIME_OF_1970 = 116444736000000000
_DOMAIN_ADMINS = 512
_PEOPLE_PER_ADMIN = 60

_Values = dict[str, str | int | bytes | Sequence[str]]


@dataclass(slots=True)
class _Directory:
    """What all entries of one partner share."""

    slug: str
    base_dn: str
    today: date
    chance: random.Random
    accounts: list[str] = field(default_factory=list[str])
    rid: int = 1000

    @property
    def code(self) -> str:
        return self.slug[:3]

    def entry(self, leaf: str, unit: str, object_class: str, values: _Values) -> str:
        """Return one record with a stable identifier."""
        self.rid += 1
        dn = f"{leaf},ou={unit},{self.base_dn}"
        rid = values.pop("rid", self.rid)
        domain = blake2b(self.slug.encode(), digest_size=12).digest()
        guid = UUID(bytes=blake2b(dn.encode(), digest_size=16).digest(), version=4)
        sid = pack("<BB", 1, 5) + (5).to_bytes(6, "big") + pack("<I", 21) + domain
        return _record(
            dn,
            {
                "objectClass": object_class,
                "objectGUID": guid.bytes_le,
                "objectSid": sid + pack("<I", int(str(rid))),
                **values,
            },
        )

    def days_ago(self, most: int, least: int = 0) -> date:
        return self.today - timedelta(days=self.chance.randint(least, most))


def directory_ldif(  # noqa: PLR0913 — each says one thing about the partner
    partner_slug: str,
    base_dn: str,
    people: int,
    computers: int,
    seed: int,
    *,
    today: date,
    servers: Sequence[str] = (),
) -> str:
    """Return the directory of a partner as LDIF content.

    `people` is the number of personal accounts, `computers` of workplaces; `servers` are the full
    host names of servers that other sources know as well. Log-ons are told relative to `today`.
    """
    directory = _Directory(
        partner_slug,
        base_dn,
        today,
        random.Random(f"{partner_slug}:{seed}"),  # noqa: S311 — repeatable on purpose, no secret
    )
    parts = ["version: 1\n\n", _units(base_dn)]
    parts += _people(directory, people)
    parts += _administrators(directory, people)
    parts += _services(directory)
    parts += _computers(directory, computers, servers)
    parts += _groups(directory, people)
    return "".join(parts)


def _record(dn: str, values: _Values) -> str:
    lines = [f"dn: {dn}"]
    for name, value in values.items():
        if isinstance(value, bytes):
            lines.append(f"{name}:: {b64encode(value).decode()}")
        elif isinstance(value, str | int):
            lines.append(f"{name}: {value}")
        else:
            lines += [f"{name}: {one}" for one in value]
    return "\n".join(lines) + "\n\n"


def _units(base_dn: str) -> str:
    names = ("Users", "Admin Accounts", "Service Accounts", "Computers", "Groups")
    return "".join(
        _record(f"ou={name},{base_dn}", {"objectClass": "organizationalUnit", "ou": name})
        for name in names
    )


def _filetime(day: date) -> int:
    moment = datetime.combine(day, time(12), UTC)
    return _FILETIME_OF_1970 + int(moment.timestamp()) * 10**7


def _generalized(day: date) -> str:
    return f"{day:%Y%m%d}080000.0Z"


def _account(
    directory: _Directory, name: str, unit: str, *, last_on: date | None, **more: int | str
) -> str:
    created_on = directory.days_ago(3000, 400) if last_on else directory.days_ago(20)
    values: _Values = {
        "sAMAccountName": name,
        "userAccountControl": _NORMAL,
        "accountExpires": _NEVER,
        "primaryGroupID": 513,
        "whenCreated": _generalized(created_on),
        **more,
    }
    if last_on is not None:
        values["lastLogonTimestamp"] = _filetime(last_on)
    directory.accounts.append(f"cn={name},ou={unit},{directory.base_dn}")
    return directory.entry(f"cn={name}", unit, "user", values)


def _stale(directory: _Directory) -> int:
    return STALE_ACCOUNTS.get(directory.slug.partition("-")[0], 0)


def _stale_administrators(directory: _Directory) -> int:
    return min(3, _stale(directory))


def _people(directory: _Directory, people: int) -> Iterator[str]:
    """Yield personal accounts: first the forgotten ones, then a few new and disabled ones."""
    stale = _stale(directory) - _stale_administrators(directory)
    if stale > people:
        raise ValueError(f"{directory.slug} needs at least {stale} people for its stale accounts.")
    for number in range(1, people + 1):
        name = f"{directory.code}-u{number:04}"
        if number <= stale:
            yield _account(directory, name, "Users", last_on=directory.days_ago(900, 95))
        elif number % 40 == 0:
            yield _account(directory, name, "Users", last_on=None)
        elif number % 25 == 0:
            last_on = directory.days_ago(200, 40)
            yield _account(directory, name, "Users", last_on=last_on, userAccountControl=_DISABLED)
        else:
            yield _account(directory, name, "Users", last_on=directory.days_ago(60))


def _administrators(directory: _Directory, people: int) -> Iterator[str]:
    """Yield administrators; where accounts are forgotten, some of these are among them."""
    stale = _stale_administrators(directory)
    for number in range(1, 3 + people // _PEOPLE_PER_ADMIN + stale):
        last_on = directory.days_ago(700, 120) if number <= stale else directory.days_ago(20)
        name = f"adm-{directory.code}-{number:02}"
        yield _account(directory, name, "Admin Accounts", last_on=last_on, adminCount=1)


def _services(directory: _Directory) -> Iterator[str]:
    for service in _SERVICES:
        name = f"svc-{service}-{directory.code}"
        last_on = directory.days_ago(3)
        yield _account(directory, name, "Service Accounts", last_on=last_on)
    for name in (f"team-empfang-{directory.code}", f"gast-{directory.code}-01"):
        yield _account(directory, name, "Users", last_on=directory.days_ago(25))


def _computers(directory: _Directory, computers: int, servers: Sequence[str]) -> Iterator[str]:
    names: list[tuple[str, tuple[str, str]]] = [(name, _SERVER) for name in servers]
    for number in range(1, computers + 1):
        host = f"{directory.code}-pc-{number:04}.{directory.slug}.example"
        names.append((host, _CLIENTS[number % len(_CLIENTS)]))
    for host, (system, version) in names:
        name = host.partition(".")[0].upper()
        is_controller = "-dc" in host.partition(".")[0].lower()
        values: _Values = {
            "sAMAccountName": f"{name}$",
            "dNSHostName": host,
            "userAccountControl": _CONTROLLER if is_controller else _WORKSTATION,
            "primaryGroupID": 516 if is_controller else 515,
            "operatingSystem": system,
            "operatingSystemVersion": version,
            "whenCreated": _generalized(directory.days_ago(1500, 70)),
            "lastLogonTimestamp": _filetime(directory.days_ago(25)),
        }
        yield directory.entry(f"cn={name}", "Computers", "computer", values)


def _groups(directory: _Directory, people: int) -> Iterator[str]:
    """Yield one group per department and those that give privileges, one of them nested."""
    accounts, code = directory.accounts, directory.code
    nested = f"cn=GG-{code.upper()}-Admins,ou=Groups,{directory.base_dn}"
    administrators = [dn for dn in accounts if dn.startswith("cn=adm-")]
    yield _group(directory, "Domain Admins", [nested, administrators[0]], rid=_DOMAIN_ADMINS)
    yield _group(directory, f"GG-{code.upper()}-Admins", administrators[1:])
    for place, department in enumerate(_DEPARTMENTS):
        members = accounts[place : people : len(_DEPARTMENTS)]
        yield _group(directory, f"GG-{code.upper()}-{department}", members)


def _group(directory: _Directory, name: str, members: Sequence[str], **more: int) -> str:
    values: _Values = {
        "sAMAccountName": name,
        "groupType": -2147483646,
        "whenCreated": _generalized(directory.days_ago(3000, 1000)),
        **more,
    }
    if members:
        values["member"] = members
    return directory.entry(f"cn={name}", "Groups", "group", values)

"""Turn the entries of one directory into documents: all groups first, then everything else.

The same for a server and for an LDIF file. Groups come first because only they tell which
accounts are privileged.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from discovery.collectors.ldap import mapping
from discovery.collectors.ldap.membership import Group, PrivilegedMembers, close_membership
from discovery.collectors.ldap.options import MappingOptions
from discovery.errors import IncompleteError, MalformedError
from discovery.protocols.ldap import Entry, Equal, Filter, Or, is_below, normalise_dn
from schemas.observation import Document
from schemas.sentences.ldap import LdapSentence
from schemas.vocabulary import Section, Source, SubjectKind

GROUP_ATTRIBUTES = (
    "objectClass",
    "objectGUID",
    "entryUUID",
    "nsUniqueId",
    "objectSid",
    "sAMAccountName",
    "cn",
    "member",
    "uniqueMember",
    "memberUid",
)
OBJECT_ATTRIBUTES = (
    "objectClass",
    "objectGUID",
    "entryUUID",
    "nsUniqueId",
    "objectSid",
    "sAMAccountName",
    "uid",
    "userPrincipalName",
    "userAccountControl",
    "accountExpires",
    "shadowExpire",
    "whenCreated",
    "createTimestamp",
    "lastLogonTimestamp",
    "authTimestamp",
    "pwdLastSuccess",
    "pwdAccountLockedTime",
    "nsAccountLock",
    "adminCount",
    "primaryGroupID",
    "servicePrincipalName",
    "dNSHostName",
    "operatingSystem",
    "operatingSystemVersion",
)
_GROUP_CLASSES = ("group", "groupOfNames", "groupOfUniqueNames", "posixGroup")
_OBJECT_CLASSES = ("user", "computer", "inetOrgPerson", "posixAccount")
_GROUPS_LOWER = frozenset(name.lower() for name in _GROUP_CLASSES)
_OBJECTS_LOWER = frozenset(name.lower() for name in _OBJECT_CLASSES)


def group_filter() -> Filter:
    """Return the filter for groups of any common kind."""
    return Or(*(Equal("objectClass", name) for name in _GROUP_CLASSES))


def object_filter() -> Filter:
    """Return the filter for accounts and computers.

    Without a negation: a directory that does not know a class finds nothing at all with one.
    """
    return Or(*(Equal("objectClass", name) for name in _OBJECT_CLASSES))


@dataclass(frozen=True, slots=True)
class Origin:
    """Where entries come from and when: what every document of one look has in common."""

    target: str
    source: Source
    observed_at: datetime
    base: str = ""
    credential: str | None = None


class Inventory:
    """What one look at a directory has shown so far.

    Attributes:
        skipped: entries that could not be used, with the first reason.
    """

    def __init__(self, options: MappingOptions, origin: Origin) -> None:
        self._options = options
        self._origin = origin
        self._groups: list[Group] = []
        self._rows: list[tuple[str, str, dict[str, Any]]] = []
        self._members: dict[bytes, bytes] = {}
        self._privileged = PrivilegedMembers()
        self.skipped = 0
        self.first_reason: tuple[str, str] | None = None

    @property
    def needs_groups(self) -> bool:
        """Whether groups are wanted, or needed to judge accounts."""
        return not self._options.kinds.isdisjoint({"groups", "users"})

    @property
    def needs_objects(self) -> bool:
        """Whether accounts or computers are wanted."""
        return not self._options.kinds.isdisjoint({"users", "computers"})

    def learn_groups(self, entries: Iterable[Entry]) -> None:
        """Remember the groups among these entries."""
        for entry in entries:
            if not _GROUPS_LOWER.isdisjoint(mapping.classes_of(entry)):
                try:
                    self._learn_group(entry)
                except (ValueError, MalformedError) as error:
                    self._skip(entry, error)

    def _learn_group(self, entry: Entry) -> None:
        group = mapping.read_group(entry, self._options)
        # The same names come again and again; each is kept once.
        members = tuple(self._members.setdefault(name, name) for name in group.members)
        self._groups.append(
            Group(group.dn, group.name, members, group.member_names, group.rid, group.is_privileged)
        )
        if "groups" in self._options.kinds and is_below(entry.dn, self._origin.base):
            section = mapping.group_section(entry, group)
            self._rows.append((mapping.key_of(entry), group.dn, section))

    def group_documents(self) -> Iterator[Document]:
        """Close the membership of all groups learned and yield their documents."""
        self._privileged = close_membership(self._groups)
        self._groups.clear()
        self._members.clear()
        for key, dn, section in self._rows:
            section["is_privileged"] = dn in self._privileged.by_dn
            yield self._document(SubjectKind.GROUP, key, Section.GROUP, section)
        self._rows.clear()

    def object_documents(self, entries: Iterable[Entry]) -> Iterator[Document]:
        """Yield the documents of the computers and accounts among these entries."""
        for entry in entries:
            classes = mapping.classes_of(entry)
            if _OBJECTS_LOWER.isdisjoint(classes):
                continue
            is_computer = mapping.is_computer(classes)
            if ("computers" if is_computer else "users") not in self._options.kinds:
                continue
            try:
                yield self._computer(entry) if is_computer else self._account(entry, classes)
            except (ValueError, MalformedError) as error:
                self._skip(entry, error)

    def _computer(self, entry: Entry) -> Document:
        section = mapping.directory_section(entry, self._origin.observed_at.date())
        key = mapping.key_of(entry)
        return self._document(SubjectKind.DEVICE, key, Section.DIRECTORY, section)

    def _account(self, entry: Entry, classes: frozenset[str]) -> Document:
        today = self._origin.observed_at.date()
        section = mapping.account_section(entry, classes, self._options, today)
        reason = self._privileged.reason(
            normalise_dn(entry.dn), section["name"], mapping.primary_group(entry)
        )
        if reason is None and mapping.has_admin_count(entry):
            reason = "adminCount"
        section["is_privileged"] = reason is not None
        if reason is not None:
            section["privileged_reason"] = reason[:255]
        return self._document(SubjectKind.ACCOUNT, mapping.key_of(entry), Section.ACCOUNT, section)

    def _document(
        self, kind: SubjectKind, key: str, name: Section, section: dict[str, Any]
    ) -> Document:
        origin = self._origin
        return Document(
            kind=kind,
            key=key,
            target=origin.target,
            source=origin.source,
            observed_at=origin.observed_at,
            sections={name: section},
            credential=origin.credential,
        )

    def _skip(self, entry: Entry, error: Exception) -> None:
        self.skipped += 1
        if self.first_reason is None:
            # Of the name only the unit is told: the leaf of an account is often a person's name.
            unit = entry.dn.partition(",")[2][:120]
            self.first_reason = (unit, str(error))

    def check_skipped(self) -> None:
        """Raise when entries had to be left out: what is absent then proves nothing.

        Raises:
            IncompleteError: at least one entry could not be used.
        """
        if self.first_reason is not None:
            unit, reason = self.first_reason
            raise IncompleteError(
                LdapSentence.SKIPPED, count=self.skipped, unit=unit, reason=reason
            )

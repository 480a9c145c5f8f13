"""Find who is privileged through groups in groups.

The directory could be asked (LDAP_MATCHING_RULE_IN_CHAIN), but takes seconds per group for that;
closing the membership here takes one look at each group and ends also where groups form a circle.
"""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field

from discovery.errors import MalformedError
from discovery.protocols.ldap import normalise_dn


@dataclass(frozen=True, slots=True)
class Group:
    """One group.

    Attributes:
        dn: its normalised name in the tree.
        name: what people call it.
        members: names in the tree, as they came.
        member_names: names of accounts (memberUid of RFC 2307).
        rid: the relative identifier that accounts name as their primary group.
        is_privileged: whether it gives privileges by itself.
    """

    dn: str
    name: str
    members: tuple[bytes, ...] = ()
    member_names: tuple[str, ...] = ()
    rid: int | None = None
    is_privileged: bool = False


@dataclass(slots=True)
class PrivilegedMembers:
    """Everybody who is privileged, each with the name of the group that makes it so."""

    by_dn: dict[str, str] = field(default_factory=dict[str, str])
    by_name: dict[str, str] = field(default_factory=dict[str, str])
    by_primary_group: dict[int, str] = field(default_factory=dict[int, str])

    def reason(self, dn: str, name: str, primary_group: int | None) -> str | None:
        """Return the group that makes this account privileged, None when none does."""
        return (
            self.by_dn.get(dn)
            or self.by_name.get(name.casefold())
            or (self.by_primary_group.get(primary_group) if primary_group else None)
        )


def close_membership(groups: Iterable[Group]) -> PrivilegedMembers:
    """Return everybody who is in a privileged group, directly or through other groups."""
    by_dn = {group.dn: group for group in groups}
    found = PrivilegedMembers()
    waiting = deque((dn, group.name) for dn, group in sorted(by_dn.items()) if group.is_privileged)
    found.by_dn.update(waiting)
    while waiting:
        dn, reason = waiting.popleft()
        group = by_dn[dn]
        if group.rid is not None:
            found.by_primary_group.setdefault(group.rid, reason)
        for name in group.member_names:
            found.by_name.setdefault(name.casefold(), reason)
        for member in map(_member_dn, group.members):
            if member and member not in found.by_dn:
                found.by_dn[member] = reason
                if member in by_dn:
                    waiting.append((member, reason))
    return found


def _member_dn(value: bytes) -> str | None:
    try:
        return normalise_dn(value.decode())
    except (UnicodeDecodeError, MalformedError):
        return None

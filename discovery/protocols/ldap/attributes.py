"""Which attributes may leave a directory: a short list of allowed ones, behind it a wall of denied.

The same selection checks what is asked for and what comes back, so that neither a typing mistake
nor a server that sends more than it was asked brings secrets or personal data into the product.
"""

import re
from collections.abc import Iterable

from discovery.errors import RefusedError
from schemas.sentences.ldap import LdapSentence

ALLOWED = frozenset(
    {
        "accountExpires",
        "adminCount",
        "authTimestamp",
        "cn",
        "createTimestamp",
        "dNSHostName",
        "entryUUID",
        "groupType",
        "lastLogonTimestamp",
        "member",
        "memberUid",
        "nsAccountLock",
        "nsUniqueId",
        "objectClass",
        "objectGUID",
        "objectSid",
        "operatingSystem",
        "operatingSystemVersion",
        "primaryGroupID",
        "pwdAccountLockedTime",
        "pwdLastSuccess",
        "sAMAccountName",
        "servicePrincipalName",
        "shadowExpire",
        "uid",
        "uniqueMember",
        "userAccountControl",
        "userPrincipalName",
        "whenCreated",
    }
)
_ALLOWED = {name.lower(): name for name in ALLOWED}

# Secrets by their names in Active Directory, LAPS, BitLocker, Samba, Kerberos and OpenLDAP.
_DENIED = re.compile(
    r"""
      ms-mcs-admpwd.* | mslaps-.*password.* | mslaps-encrypted.*
    | userpassword | unicodepwd | userpkcs12 | dbcspwd | .*pwdhistory | supplementalcredentials
    | msfve-recoverypassword | msfve-keypackage | msds-managedpassword.* | msds-keycredentiallink
    | sambantpassword | sambalmpassword | sambapasswordhistory | krbprincipalkey | krbmkey
    | krbextradata | authpassword | olcrootpw | .*password | .*secret(key)?
    """,
    re.VERBOSE,
)
_RANGE = re.compile(r"range=(\d{1,9})-(\d{1,9}|\*)", re.IGNORECASE)
_CACHED_NAMES = 1000


def is_denied(name: str) -> bool:
    """Return whether this attribute holds a secret and may never be read or searched for."""
    return _DENIED.fullmatch(name.partition(";")[0].strip().lower()) is not None


def check_attribute(name: str) -> str:
    """Return the attribute's usual spelling.

    Raises:
        RefusedError: it is not one that haus reads; wildcards and OIDs never are.
    """
    allowed = _ALLOWED.get(name.lower())
    if allowed is None or is_denied(allowed):
        raise RefusedError(LdapSentence.ATTRIBUTE, name=name[:60])
    return allowed


class AttributeSelection:
    """The attributes of one search; names that come from the server are held against it.

    Attributes:
        names: what is asked for, in the usual spelling.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self.names = tuple(dict.fromkeys(check_attribute(name) for name in names))
        if not self.names:
            raise RefusedError(LdapSentence.NO_ATTRIBUTE)
        self._by_lower = {name.lower(): name for name in self.names}
        self._seen: dict[bytes, str | None] = {}

    def canonical(self, name: bytes) -> str | None:
        """Return the usual spelling of a name from outside, None when it was not asked for.

        The range of Active Directory stays: `member;range=0-1499`. Other options (`;lang-de`,
        `;binary`) make another attribute that was not asked for.
        """
        try:
            return self._seen[name]
        except KeyError:
            found = self._resolve(name)
        if len(self._seen) < _CACHED_NAMES:
            self._seen[name] = found
        return found

    def _resolve(self, name: bytes) -> str | None:
        base, _, option = name.decode("ascii", "replace").partition(";")
        canonical = self._by_lower.get(base.lower())
        if canonical is None or not option:
            return canonical
        return f"{canonical};{option.lower()}" if _RANGE.fullmatch(option) else None


def split_range(name: str) -> tuple[str, int, int | None] | None:
    """Return attribute, first and last index of `member;range=0-1499`; None for a plain name.

    The last index is None where the server says `*`: nothing follows.
    """
    base, _, option = name.partition(";")
    found = _RANGE.fullmatch(option)
    if found is None:
        return None
    last = None if found[2] == "*" else int(found[2])
    return base, int(found[1]), last

"""Secrets are named in plans and resolved here, at the site; their values never travel or print."""

from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class SnmpCommunity:
    """A community of SNMP v1 or v2c; `version` is "1" or "2c"."""

    community: str = field(repr=False)
    version: str = "2c"


@dataclass(frozen=True, slots=True)
class SnmpUser:
    """A user of SNMP v3 (RFC 3414); protocols are named like `sha1`, `sha256`, `aes128`, `des`.

    Without an authentication password the level is noAuthNoPriv, without a privacy password
    authNoPriv, with both authPriv.
    """

    user: str
    auth_protocol: str | None = None
    auth_password: str | None = field(default=None, repr=False)
    privacy_protocol: str | None = None
    privacy_password: str | None = field(default=None, repr=False)
    context: str = ""


@dataclass(frozen=True, slots=True)
class LdapBind:
    """A simple bind to a directory over verified TLS; `ca_file` names the PEM file to trust."""

    bind_dn: str
    password: str = field(repr=False)
    ca_file: str | None = None


Secret = SnmpCommunity | SnmpUser | LdapBind


_COMMON_WORD = "public"


def telling_words(secret: Secret) -> tuple[str, ...]:
    """Return the texts of a secret that must not show wherever a device repeats them.

    The community that most devices come with is none of them: everybody knows it.
    """
    match secret:
        case SnmpCommunity():
            words: tuple[str | None, ...] = (secret.community,)
        case SnmpUser():
            words = (secret.user, secret.auth_password, secret.privacy_password)
        case LdapBind():
            words = (secret.bind_dn, secret.password)
    return tuple(word for word in words if word and word != _COMMON_WORD)


class SecretSource(Protocol):
    """Where a site keeps its secrets."""

    def get(self, name: str) -> Secret:
        """Return the secret of this name.

        Raises:
            SecretMissingError: there is none, or its entry is not usable; the text names the
                entry and the file, never a value.
        """
        ...

"""Say in words what a result code of a directory (RFC 4511, appendix A) means for operators."""

import re
from typing import Any

from discovery.errors import DiscoveryError, IncompleteError, RefusedError
from schemas.sentences.ldap import LdapSentence

_SUCCESS = 0
NO_SUCH_OBJECT = 32
_INVALID_CREDENTIALS = 49
_ADVICE = {
    3: "it stopped at its time limit; raise it for the bind account or use a smaller base",
    4: "it stopped at its size limit; raise it for the bind account or allow paging",
    7: "it does not know this way of signing in",
    8: "it demands a stronger way of signing in",
    10: "it refers to another server; ask that server, references are never followed",
    11: "it stopped at an administrative limit; choose a smaller page size",
    12: "it does not know paging, without which completeness cannot be proved",
    13: "it demands encryption although TLS stands",
    32: "the base does not exist there, or the bind account may not see it",
    34: "it does not accept the form of the base or bind name",
    48: "the bind account may not sign in with a password",
    50: "the bind account lacks the right to read here",
    51: "it is busy; try again later",
    52: "it is unavailable; try again later",
    53: "it is unwilling to do this, perhaps by its policy",
}
_REFUSING = frozenset({7, 8, 13, 32, 34, 48, 49, 50, 53})
# Active Directory hides the reason of invalidCredentials in its diagnostic message.
_DATA = re.compile(r"\bdata ([0-9a-f]{3,4})\b")
_SIGN_IN = {
    "525": "the bind account does not exist",
    "52e": "name or password is wrong",
    "530": "the account may not sign in at this hour",
    "531": "the account may not sign in from here",
    "532": "the password has expired",
    "533": "the account is disabled",
    "701": "the account has expired",
    "773": "the password must be changed first",
    "775": "the account is locked out",
}


def is_success(result: dict[str, Any]) -> bool:
    """Return whether the server says that it did everything that was asked."""
    return result["result"] == _SUCCESS


def is_wrong_password(result: dict[str, Any]) -> bool:
    """Return whether the server refused name or password."""
    return result["result"] == _INVALID_CREDENTIALS


def _described(result: dict[str, Any]) -> dict[str, str]:
    code = result["result"]
    name = str(result.get("description") or "unknown")[:60]
    reason = _ADVICE.get(code, "it gave no reason that is known here")
    return {"reason": reason, "result": f"{name}, {code}"}


def sign_in_error(result: dict[str, Any], bind_dn: str) -> RefusedError:
    """Return the error for a refused bind; it names the account, never the password."""
    if is_wrong_password(result):
        found = _DATA.search(str(result.get("message") or ""))
        reason = _SIGN_IN.get(found[1]) if found else None
        reason = reason or "name or password is wrong, or the account is locked"
        return RefusedError(LdapSentence.SIGN_IN, name=bind_dn, reason=reason)
    return RefusedError(LdapSentence.REFUSED, name=bind_dn, **_described(result))


def search_error(result: dict[str, Any], base: str) -> DiscoveryError:
    """Return the error for a search that did not end in success."""
    kind = RefusedError if result["result"] in _REFUSING else IncompleteError
    return kind(LdapSentence.NOT_READ, base=base, **_described(result))

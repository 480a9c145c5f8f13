"""Read directories over LDAP (RFC 4511): verified TLS only, complete pages or an error.

The one place that imports ldap3, which encodes requests and signs in. Connecting, TLS, reading
answers and judging whether they are complete are done here, because ldap3 does not verify
certificates unless told and ends a search quietly when a page is missing. Values come out as bytes.
"""

from discovery.protocols.ldap.attributes import AttributeSelection, is_denied
from discovery.protocols.ldap.connection import DirectoryServer
from discovery.protocols.ldap.filters import And, Equal, Filter, Not, Or, Present
from discovery.protocols.ldap.messages import Entry
from discovery.protocols.ldap.names import is_below, normalise_dn, parse_dn
from discovery.protocols.ldap.reader import Limits
from discovery.protocols.ldap.session import Session, open_session

__all__ = [
    "And",
    "AttributeSelection",
    "DirectoryServer",
    "Entry",
    "Equal",
    "Filter",
    "Limits",
    "Not",
    "Or",
    "Present",
    "Session",
    "is_below",
    "is_denied",
    "normalise_dn",
    "open_session",
    "parse_dn",
]

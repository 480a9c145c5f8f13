"""Read the answers of one connection, with a limit on every wait, size and length.

Takes the place of the receiving half of ldap3's synchronous strategy: that one decodes every value
twice, waits without an overall deadline and keeps growing lists. Search entries are decoded here;
the few other messages stay ldap3's.
"""

import socket
from dataclasses import dataclass
from time import monotonic
from typing import Any

from ldap3.core.exceptions import LDAPExceptionError
from ldap3.strategy.base import RESPONSE_COMPLETE
from ldap3.utils.asn1 import decode_message_fast
from pyasn1.error import PyAsn1Error

from discovery.errors import IncompleteError, MalformedError, TimeLimitError, TooMuchError
from discovery.protocols.ldap.attributes import AttributeSelection
from discovery.protocols.ldap.messages import (
    SEARCH_ENTRY,
    Entry,
    decode_entry,
    message_size,
    value_bounds,
)
from schemas.sentences.ldap import LdapSentence

_RECEIVE_OCTETS = 256 * 1024
_NOTICE_OF_DISCONNECTION = "1.3.6.1.4.1.1466.20036"
_FOLLOWED_BY_MORE = frozenset({"searchResEntry", "searchResRef", "intermediateResponse"})
_DECODING_ERRORS = (
    LDAPExceptionError,
    PyAsn1Error,
    ValueError,
    IndexError,
    KeyError,
    TypeError,
    AttributeError,
    RecursionError,
)


@dataclass(frozen=True, slots=True)
class Limits:
    """How long and how much one look at a directory may take.

    Attributes:
        connect_seconds: until the connection stands.
        answer_seconds: without any octet from the server.
        total_seconds: the whole look.
        entries: entries in one search.
        message_octets: one message.
        page_octets: all messages of one page.
    """

    connect_seconds: float = 5.0
    answer_seconds: float = 15.0
    total_seconds: float = 3600.0
    entries: int = 1_000_000
    message_octets: int = 32 * 1024 * 1024
    page_octets: int = 128 * 1024 * 1024


class AnswerReader:
    """The answers to one request after the other.

    Attributes:
        entries: the entries of the last answer.
        references: how many continuation references came; they are never followed.
    """

    def __init__(self, connection: Any, limits: Limits, deadline: float) -> None:
        self._connection = connection
        self._limits = limits
        self._deadline = deadline
        self._rest = b""
        self._selection: AttributeSelection | None = None
        self.entries: list[Entry] = []
        self.references = 0

    @property
    def has_unread(self) -> bool:
        """Whether octets came that belong to no request."""
        return bool(self._rest)

    def expect(self, selection: AttributeSelection | None) -> None:
        """Prepare for the next answer; without a selection no entry may come."""
        self._selection = selection
        self.entries = []

    def read(self, message_id: int, _timeout: float | None) -> list[Any]:
        """Read up to the message that ends the answer; the form is what ldap3 expects.

        Raises:
            DiscoveryError: the answer is late, cut short, too big or not LDAP.
        """
        buffer, position, octets = self._rest, 0, 0
        self._rest = b""
        while True:
            size = message_size(buffer, position)
            if size is not None:
                self._check_size(size, octets)
            have = len(buffer) - position
            if size is None or have < size:
                # Without a whole header, at least one more octet is needed to learn the size.
                buffer, position = self._receive(buffer[position:], size or have + 1), 0
                continue
            end = position + size
            octets += size
            try:
                result = self._take(buffer, position, end, message_id)
            except _DECODING_ERRORS as error:
                raise MalformedError(
                    LdapSentence.MALFORMED, reason="a message cannot be decoded"
                ) from error
            position = end
            if result is not None:
                self._rest = buffer[end:]
                return [result, RESPONSE_COMPLETE]

    def _check_size(self, size: int, octets: int) -> None:
        if size > self._limits.message_octets:
            raise TooMuchError(LdapSentence.LARGE_MESSAGE, count=size)
        if octets + size > self._limits.page_octets:
            raise TooMuchError(LdapSentence.LARGE_PAGE, limit=self._limits.page_octets)

    def _receive(self, rest: bytes, need: int) -> bytes:
        """Return what is left over and at least as many octets as are needed."""
        parts, have = [rest], len(rest)
        while have < need:
            data = self._receive_some()
            parts.append(data)
            have += len(data)
        return b"".join(parts)

    def _receive_some(self) -> bytes:
        connected: socket.socket | None = self._connection.socket
        remaining = self._deadline - monotonic()
        if connected is None:
            raise IncompleteError(LdapSentence.CLOSED)
        if remaining <= 0:
            raise TimeLimitError(LdapSentence.TOO_SLOW, seconds=self._limits.total_seconds)
        wait = min(self._limits.answer_seconds, remaining)
        try:
            connected.settimeout(wait)
            data = connected.recv(_RECEIVE_OCTETS)
        except TimeoutError:
            raise TimeLimitError(LdapSentence.SILENT, seconds=wait) from None
        except OSError as error:
            raise IncompleteError(
                LdapSentence.BROKEN, reason=error.strerror or "TLS error"
            ) from error
        if not data:
            raise IncompleteError(LdapSentence.CUT)
        return data

    def _take(self, buffer: bytes, position: int, end: int, message_id: int) -> Any | None:
        """Keep an entry, or return the decoded message that ends the answer."""
        start, _ = value_bounds(buffer, position)
        id_start, id_end = value_bounds(buffer, start)
        number = int.from_bytes(buffer[id_start:id_end], "big")
        if buffer[id_end] == SEARCH_ENTRY and number == message_id:
            self._keep_entry(buffer, id_end, end)
            return None
        decoded = self._connection.strategy.decode_response_fast(
            decode_message_fast(buffer[position:end])
        )
        if number == 0:
            raise IncompleteError(_notice(decoded))
        if number != message_id:
            raise MalformedError(
                LdapSentence.MALFORMED, reason="it answered a question that was not asked"
            )
        if decoded["type"] in _FOLLOWED_BY_MORE:
            self.references += decoded["type"] == "searchResRef"
            return None
        return decoded

    def _keep_entry(self, buffer: bytes, position: int, end: int) -> None:
        if self._selection is None:
            raise MalformedError(
                LdapSentence.MALFORMED, reason="it sent an entry although none was asked for"
            )
        start, stop = value_bounds(buffer, position)
        if stop > end:
            raise MalformedError(
                LdapSentence.MALFORMED, reason="an entry is longer than its message"
            )
        self.entries.append(decode_entry(buffer, start, stop, self._selection.canonical))
        if len(self.entries) > self._limits.entries:
            raise TooMuchError(LdapSentence.TOO_MANY_SENT, limit=self._limits.entries)


def _notice(decoded: Any) -> LdapSentence:
    if decoded.get("responseName") == _NOTICE_OF_DISCONNECTION:
        return LdapSentence.DISCONNECTED
    return LdapSentence.NOTICE

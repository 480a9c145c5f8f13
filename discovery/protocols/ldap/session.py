"""Search a directory page by page, so that a search is complete or ends in an error."""

import dataclasses
from collections.abc import Iterable, Iterator, Sequence
from time import monotonic
from types import TracebackType
from typing import Any, Self

import ldap3
from ldap3.core.exceptions import LDAPExceptionError

from discovery.errors import (
    DiscoveryError,
    IncompleteError,
    RefusedError,
    TimeLimitError,
    TooMuchError,
    UnreachableError,
    UnresolvedError,
)
from discovery.protocols.ldap import results
from discovery.protocols.ldap.attributes import AttributeSelection, split_range
from discovery.protocols.ldap.connection import Channel, DirectoryServer, check_bind, connect
from discovery.protocols.ldap.filters import Filter, Present
from discovery.protocols.ldap.messages import Entry
from discovery.protocols.ldap.names import parse_dn
from discovery.protocols.ldap.reader import Limits
from discovery.secrets import LdapBind
from schemas.messages import say
from schemas.sentences.ldap import LdapSentence

_PAGED_RESULTS = "1.2.840.113556.1.4.319"
_RANGE_ATTEMPTS = 3


class Session:
    """A signed-in look at one directory; read only, used by one thread at a time."""

    def __init__(self, channel: Channel, bind: LdapBind, limits: Limits) -> None:
        self._channel = channel
        self._bind = bind
        self._limits = limits

    def __repr__(self) -> str:
        return f"Session({self._channel.server}, {self._bind.bind_dn!r})"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def server(self) -> DirectoryServer:
        """The server that answered."""
        return self._channel.server

    def close(self) -> None:
        """End the session; never fails."""
        self._channel.close()

    def abort(self) -> None:
        """End the session at once, also from another thread."""
        self._channel.abort()

    def search(
        self, base: str, query: Filter, attributes: Iterable[str], *, page_size: int = 1000
    ) -> Iterator[list[Entry]]:
        """Yield the pages of a subtree; when the last one has come, everything has come.

        Raises:
            DiscoveryError: the search did not reach its end, which the text explains with the
                number of entries that had come.
        """
        parse_dn(base)
        selection = AttributeSelection(attributes)
        text = query.render()
        seen = 0
        cookie: bytes | None = None
        while True:
            try:
                page, cookie = self._page(base, text, selection, (page_size, cookie))
            except DiscoveryError as error:
                until_then = say(LdapSentence.UNTIL_THEN, count=seen)
                raise error.saying((*error.messages, until_then)) from error
            seen += len(page)
            if seen > self._limits.entries:
                raise TooMuchError(LdapSentence.TOO_MANY, base=base, limit=self._limits.entries)
            yield page
            if not cookie:
                return

    def read(self, dn: str, attributes: Iterable[str]) -> Entry | None:
        """Return one entry by its name, None when there is none.

        Raises:
            DiscoveryError: the directory cannot be asked or refuses.
        """
        selection = AttributeSelection(attributes)
        entry = self._read_entry(dn, selection, selection.names)
        return entry and self._complete(entry, selection)

    def verify_password(self, dn: str, password: str) -> bool:
        """Return whether this name signs in with this password, on a connection of its own.

        An empty password is never sent: a directory would call it success.

        Raises:
            DiscoveryError: the question could not be asked.
        """
        candidate = dataclasses.replace(self._bind, bind_dn=dn, password=password)
        try:
            check_bind(candidate)
            deadline = monotonic() + self._limits.connect_seconds + self._limits.answer_seconds
            channel = connect(self.server, candidate, self._limits, deadline)
        except RefusedError:
            return False
        channel.close()
        return True

    def _page(
        self,
        base: str,
        text: str,
        selection: AttributeSelection,
        paging: tuple[int, bytes | None],
    ) -> tuple[list[Entry], bytes]:
        size, cookie = paging
        result = self._ask(
            base,
            text,
            selection,
            attributes=list(selection.names),
            search_scope=ldap3.SUBTREE,
            paged_size=size,
            paged_criticality=True,
            paged_cookie=cookie,
        )
        if not results.is_success(result):
            raise results.search_error(result, base)
        control = (result.get("controls") or {}).get(_PAGED_RESULTS)
        if control is None:
            raise IncompleteError(LdapSentence.NO_PAGES)
        page = [self._complete(entry, selection) for entry in self._channel.reader.entries]
        return page, control["value"]["cookie"] or b""

    def _ask(
        self, base: str, text: str, selection: AttributeSelection, **request: Any
    ) -> dict[str, Any]:
        """Send one search request and return its result; the entries wait in the reader."""
        channel = self._channel
        channel.reader.expect(selection)
        try:
            channel.connection.search(base, text, dereference_aliases=ldap3.DEREF_NEVER, **request)
        except LDAPExceptionError as error:
            raise IncompleteError(LdapSentence.NOT_ASKED, error=type(error).__name__) from None
        return channel.connection.result

    def _read_entry(
        self, dn: str, selection: AttributeSelection, attributes: Sequence[str]
    ) -> Entry | None:
        parse_dn(dn)
        result = self._ask(
            dn,
            Present("objectClass").render(),
            selection,
            attributes=list(attributes),
            search_scope=ldap3.BASE,
        )
        if result["result"] == results.NO_SUCH_OBJECT:
            return None
        if not results.is_success(result):
            raise results.search_error(result, dn)
        return next(iter(self._channel.reader.entries), None)

    def _complete(self, entry: Entry, selection: AttributeSelection) -> Entry:
        """Return the entry with every range of values fetched (MS-ADTS 3.1.1.3.1.3.3)."""
        if not any(";" in name for name in entry.attributes):
            return entry
        attributes: dict[str, list[bytes]] = {}
        for name, values in entry.attributes.items():
            base = name.partition(";")[0]
            if base != name:
                attributes[base] = self._all_values(entry.dn, name, values, selection)
            elif values:
                attributes[base] = values
        return Entry(entry.dn, attributes)

    def _all_values(
        self, dn: str, name: str, values: list[bytes], selection: AttributeSelection
    ) -> list[bytes]:
        """Fetch the ranges that follow; start again when the list changed in between."""
        base = name.partition(";")[0]
        part: tuple[str, list[bytes]] | None = (name, values)
        for _ in range(_RANGE_ATTEMPTS):
            collected = part and self._follow_ranges(dn, part, selection)
            if collected is not None:
                return collected
            part = self._range(dn, f"{base};range=0-*", selection)
        raise IncompleteError(LdapSentence.CHANGED, attribute=base, name=dn)

    def _follow_ranges(
        self, dn: str, part: tuple[str, list[bytes]], selection: AttributeSelection
    ) -> list[bytes] | None:
        """Return all values from this first part on, None when the parts do not fit together."""
        collected: list[bytes] = []
        following: tuple[str, list[bytes]] | None = part
        while following is not None:
            name, values = following
            found = split_range(name)
            if found is None:
                return None if collected else values
            base, first, last = found
            if first != len(collected):
                return None
            collected += values
            if last is None:
                return collected
            if last + 1 != len(collected):
                return None
            following = self._range(dn, f"{base};range={last + 1}-*", selection)
        return None

    def _range(
        self, dn: str, name: str, selection: AttributeSelection
    ) -> tuple[str, list[bytes]] | None:
        """Return one range of values under the name that the server gives it."""
        entry = self._read_entry(dn, selection, [name])
        if entry is None:
            return None
        parts = [part for part in entry.attributes.items() if part[1]]
        return parts[0] if len(parts) == 1 else None


def open_session(
    servers: Sequence[DirectoryServer], bind: LdapBind, limits: Limits | None = None
) -> Session:
    """Return a session with the first server that answers.

    A server that is not there is passed over. One that refuses the account ends the attempt:
    trying the others would only lock it.

    Raises:
        DiscoveryError: no server could be reached, verified or signed in to.
    """
    limits = limits or Limits()
    deadline = monotonic() + limits.total_seconds
    errors: list[DiscoveryError] = []
    for server in servers:
        try:
            channel = connect(server, bind, limits, deadline)
        except (UnreachableError, UnresolvedError, TimeLimitError, IncompleteError) as error:
            errors.append(error)
        else:
            return Session(channel, bind, limits)
    if not errors:
        raise UnreachableError(LdapSentence.NO_SERVER)
    raise errors[-1].saying(one for error in errors for one in error.messages)

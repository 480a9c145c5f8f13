"""The fast engine: the Rust sockets of gufo-snmp, driven without its public iterators.

The public iterators hide error statuses, never retry and loop for ever on an agent that repeats
itself. Here the private sockets of gufo-snmp 0.13 are asked one request at a time: an answer to
GETBULK is read by `recv_get_many`, which neither filters nor advances anything, and `recv_get`
tells an error status (None) from the end of the view (NoSuchInstance).
"""

import asyncio
import os
import socket
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from gufo.snmp import _fast  # pyright: ignore[reportPrivateUsage] — see above, pinned to 0.13

from discovery.errors import (
    DiscoveryError,
    MalformedError,
    RefusedError,
    TimeLimitError,
    UnreachableError,
)
from discovery.protocols.snmp.gufo_socket import new_socket
from discovery.protocols.snmp.pdu import REPORT_REASONS, read_error_status, read_report
from discovery.protocols.snmp.seal import Seal
from discovery.protocols.snmp.users import engine_user, seal_of
from discovery.protocols.snmp.wire import UNKNOWN_STATUS, Endpoint, StatusError, Value
from discovery.secrets import SnmpCommunity, SnmpUser
from schemas.sentences.snmp import SnmpSentence

_GetIter: Any = _fast.GetIter
_AuthError: Any = _fast.SnmpAuthError
_SnmpError: Any = _fast.SnmpError
_NoSuchInstance: Any = _fast.NoSuchInstance
_TOLD = (_SnmpError, _AuthError, _NoSuchInstance, OSError)
_MAX_MESSAGE = 65_535
_SYS_UP_TIME = "1.3.6.1.2.1.1.3.0"


class _UnreadableError(Exception):
    """The library gave up over an answer in a way that is none of its own errors."""


def _guarded(receive: Callable[[], Any]) -> Any:
    """Read an answer; a panic of the Rust code, which is no `Exception`, becomes an error."""
    try:
        return receive()
    except (*_TOLD, KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:
        raise _UnreadableError(str(error)) from error


class GufoWire:
    """One gufo socket on the event loop: one reader for all requests, one future per request."""

    def __init__(self, endpoint: Endpoint, credential: SnmpCommunity | SnmpUser) -> None:
        self.endpoint = endpoint
        self.speaks_bulk = not (isinstance(credential, SnmpCommunity) and credential.version == "1")
        self._credential = credential
        self._loop = asyncio.get_running_loop()
        self._future: asyncio.Future[Any] | None = None
        self._receive: Callable[[], Any] | None = None
        self._peeker: socket.socket | None = None
        self._message = b""
        self._seal: Seal | None = None
        # Messages of v1 and v2c are in clear, those of v3 may be encrypted.
        self._is_readable = isinstance(credential, SnmpCommunity)
        self._may_renew = isinstance(credential, SnmpUser)
        self._connect()

    def _connect(self) -> None:
        self._socket: Any = new_socket(self.endpoint, self._credential)
        self._descriptor = self._socket.get_fd()
        self._loop.add_reader(self._descriptor, self._on_readable)

    async def open(self) -> None:
        """Find the engine and prove the user (RFC 3414, section 4); nothing to do before v3."""
        if not isinstance(self._credential, SnmpUser):
            return
        user = engine_user(self._credential)
        await self._refresh()
        self._socket.set_keys(
            user.name,
            user.get_auth_alg(),
            user.get_auth_key(),
            user.get_priv_alg(),
            user.get_priv_key(),
        )
        if user.require_auth():
            self._seal = seal_of(self._credential, self._socket.get_engine_id())
            self._start_peeking()
            try:
                await self._refresh()
            except TimeLimitError as error:
                # An agent that cannot decrypt is silent; that it is there the first answer showed.
                raise RefusedError(
                    SnmpSentence.NO_PRIVACY, endpoint=str(self.endpoint), user=user.name
                ) from error

    async def _refresh(self) -> None:
        # A method of the socket in the traceback of an error would keep the socket open.
        await self._exchange(self._send_refresh, self._receive_refresh)

    def _send_refresh(self) -> None:
        self._socket.send_refresh()

    def _receive_refresh(self) -> None:
        self._socket.recv_refresh()

    async def get(self, oids: list[str]) -> dict[str, Value]:
        """Return the values of instances in one request; what the agent lacks is left out."""
        found = await self._ask(lambda: self._socket.send_get_many(oids))
        if not found:
            await self._check_get(oids)
        return found

    async def after(
        self, oid: str, repetitions: int, attempts: int | None = None
    ) -> dict[str, Value]:
        """Return what follows an OID by one GETBULK, or one GETNEXT where `repetitions` is 0."""

        def send() -> None:
            if repetitions:
                self._socket.send_get_bulk(_GetIter(oid, repetitions))
            else:
                self._socket.send_get_next(_GetIter(oid))

        found = await self._ask(send, attempts)
        if not found:
            if self._is_readable:
                await self._check_message(send)
            else:
                await self._check_value(lambda: self._socket.send_get_next(_GetIter(oid)))
        return found

    async def _ask(self, send: Callable[[], None], attempts: int | None = None) -> dict[str, Value]:
        try:
            found = await self._exchange(send, self._receive_all, attempts)
        except TimeLimitError:
            if not self._may_renew:
                raise
            # An agent that got a new engine ID ignores the old one for good.
            self._may_renew = False
            self._disconnect()
            self._connect()
            await self.open()
            found = await self._exchange(send, self._receive_all, attempts)
        return found

    async def _check_get(self, oids: list[str]) -> None:
        """Raise the error status that emptied the answer to a GET, if it was one."""
        if self._is_readable:
            await self._check_message(lambda: self._socket.send_get_many(oids))
        elif len(oids) == 1:
            await self._check_value(lambda: self._socket.send_get(oids[0]))
        else:
            # Every agent has its uptime: without an error that at least comes back.
            again = [*oids, _SYS_UP_TIME]
            if not await self._ask(lambda: self._socket.send_get_many(again)):
                raise StatusError(UNKNOWN_STATUS)

    async def _check_message(self, send: Callable[[], None]) -> None:
        """Ask again and read the error status from the bytes that came, which v3 encrypts."""
        self._start_peeking()
        found = await self._exchange(send, self._receive_all)
        if status := read_error_status(self._message):
            raise StatusError(status)
        if found:
            raise MalformedError(SnmpSentence.TWO_ANSWERS)

    async def _check_value(self, send: Callable[[], None]) -> None:
        """Ask for one value again; `recv_get` tells an error status from a missing instance."""
        try:
            value = await self._exchange(send, self._receive_one)
        except _NoSuchInstance:
            return
        if value is None:
            raise StatusError(UNKNOWN_STATUS)
        raise MalformedError(SnmpSentence.TWO_ANSWERS)

    def _receive_all(self) -> dict[str, Value]:
        return self._socket.recv_get_many()

    def _receive_one(self) -> Value:
        return self._socket.recv_get()

    async def _exchange(
        self,
        send: Callable[[], None],
        receive: Callable[[], Any],
        attempts: int | None = None,
        *,
        is_last: bool = False,
    ) -> Any:
        """Send until an answer comes; an answer is whatever `receive` returns or raises."""
        failure: DiscoveryError | None = None
        for wait in self.endpoint.waits(attempts):
            try:
                return await self._once(send, receive, wait)
            except _AuthError:
                # The first request after a restart of the agent fails and brings its new clock;
                # a second failure is final, and then the report is read for the reason.
                if is_last:
                    raise self._refusal() from None
                self._start_peeking()
                return await self._exchange(send, receive, attempts, is_last=True)
            except TimeoutError as error:
                failure = self._silence(error)
            except OSError as error:
                raise UnreachableError(
                    SnmpSentence.UNREACHABLE, endpoint=str(self.endpoint), reason=str(error)
                ) from error
            except _NoSuchInstance:
                raise
            except (_SnmpError, _UnreadableError, ValueError) as error:
                # A ValueError: the OID to go on from, which the agent named, cannot be written.
                raise MalformedError(
                    SnmpSentence.MALFORMED, endpoint=str(self.endpoint), reason=str(error)
                ) from error
        raise failure or self._silence(TimeoutError())

    async def _once(self, send: Callable[[], None], receive: Callable[[], Any], wait: float) -> Any:
        future = self._loop.create_future()
        self._future, self._receive = future, receive
        timer = self._loop.call_later(wait, _expire, future)
        try:
            with suppress(BlockingIOError):
                # A full send buffer loses the packet as a network would; the next attempt follows.
                send()
            return await future
        finally:
            timer.cancel()
            self._future = None

    def _on_readable(self) -> None:
        if self._peeker is not None:
            with suppress(OSError):
                self._message = self._peeker.recv(_MAX_MESSAGE, socket.MSG_PEEK)
                if self._seal is not None and not self._seal.is_genuine(self._message):
                    self._peeker.recv(1)
                    return
        future = self._future
        if future is None or future.done() or self._receive is None:
            # A late answer to a request that was given up.
            with suppress(*_TOLD, _UnreadableError):
                _guarded(self._socket.recv_get_many)
            return
        try:
            result = _guarded(self._receive)
        except BlockingIOError:
            return
        except (*_TOLD, _UnreadableError) as error:
            future.set_exception(error)
        else:
            future.set_result(result)

    def _start_peeking(self) -> None:
        if self._peeker is None:
            self._peeker = socket.socket(fileno=os.dup(self._descriptor))

    def _refusal(self) -> RefusedError:
        report = read_report(self._message) if self._message else None
        reason = REPORT_REASONS.get(report or "", "unknown user, wrong password or wrong level")
        name = self._credential.user if isinstance(self._credential, SnmpUser) else ""
        return RefusedError(
            SnmpSentence.REFUSED, endpoint=str(self.endpoint), user=name, reason=reason
        )

    def _silence(self, error: TimeoutError) -> DiscoveryError:
        if error.args:
            return UnreachableError(SnmpSentence.CLOSED_PORT, endpoint=str(self.endpoint))
        return TimeLimitError(SnmpSentence.NO_ANSWER, endpoint=str(self.endpoint))

    def close(self) -> None:
        """Give back the socket."""
        self._disconnect()

    def _disconnect(self) -> None:
        self._loop.remove_reader(self._descriptor)
        if self._peeker is not None:
            self._peeker.close()
            self._peeker = None
        self._message, self._seal = b"", None
        self._socket = None


def _expire(future: asyncio.Future[Any]) -> None:
    if not future.done():
        future.set_exception(TimeoutError())

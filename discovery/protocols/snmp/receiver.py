"""Receives traps and informs of SNMP v2c and v3 and tells who sent them, never what they say."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from pysnmp.carrier.asyncio.dgram import udp, udp6
from pysnmp.entity import config
from pysnmp.entity.engine import SnmpEngine
from pysnmp.entity.rfc3413.ntfrcv import NotificationReceiver
from pysnmp.proto.api import v2c

from discovery.protocols.snmp.guarded import Guarded, GuardedUdp, GuardedUdp6
from discovery.protocols.snmp.pdu import read_engine_id
from discovery.protocols.snmp.pysnmp import auth_protocol, privacy_protocol
from discovery.ranges import read_address
from discovery.secrets import SnmpCommunity, SnmpUser

MAX_MESSAGE = 8192
MAX_ENGINES = 1024
"""Engines of senders that are listened to; each costs the keys of every user."""

MAX_ENGINES_OF_SENDER = 4
"""So that one sender cannot take the place of all others."""


_USM = 3
_NO_AUTH, _AUTH, _AUTH_PRIV = 1, 2, 3
"""Security model and levels (RFC 3411, SnmpSecurityModel and SnmpSecurityLevel)."""


class Receiver:
    """Listens on one UDP port of one address; that of `::` hears IPv4 and IPv6.

    Args:
        secrets: the communities (v2c) and users (v3) that are accepted.
        admits: whether a message of this sender is read at all; asked before it is decoded.
        accept: is called with the address of a sender whose community or user is right.
    """

    def __init__(
        self,
        secrets: Iterable[SnmpCommunity | SnmpUser],
        admits: Callable[[str], bool],
        accept: Callable[[str], object],
    ) -> None:
        self._secrets = tuple(secrets)
        self._admits = admits
        self._accept = accept
        self._engines: dict[bytes, str] = {}
        self._sender = ""
        self._engine = self._new_engine()

    async def start(self, address: str, port: int) -> int:
        """Open the port and return it; 0 takes a free one.

        Raises:
            OSError: the address or the port cannot be used.
        """
        loop = asyncio.get_running_loop()
        is_v6 = ":" in address
        make = _Socket6 if is_v6 else _Socket
        opened, protocol = await loop.create_datagram_endpoint(
            lambda: make(self._read), local_addr=(address, port)
        )
        domain = udp6.DOMAIN_NAME if is_v6 else udp.DOMAIN_NAME
        config.add_transport(self._engine, domain, protocol)
        return int(opened.get_extra_info("sockname")[1])

    def close(self) -> None:
        """Close the port."""
        self._engine.close_dispatcher()

    def _read(self, sender: str, message: bytes, hand_over: Callable[[], None]) -> None:
        if len(message) > MAX_MESSAGE or not self._admits(sender):
            return
        engine_id = read_engine_id(message)
        if engine_id:
            self._learn(engine_id, sender)
        self._sender = sender
        hand_over()

    def _learn(self, engine_id: bytes, sender: str) -> None:
        """Make the keys of all users for the engine of a sender (RFC 3414, 2.6)."""
        if engine_id in self._engines or len(self._engines) >= MAX_ENGINES:
            return
        if list(self._engines.values()).count(sender) >= MAX_ENGINES_OF_SENDER:
            return
        self._engines[engine_id] = sender
        for secret in self._secrets:
            if isinstance(secret, SnmpUser):
                _add_user(self._engine, secret, engine_id)

    def _new_engine(self) -> Any:
        engine = SnmpEngine()
        for number, secret in enumerate(self._secrets):
            if isinstance(secret, SnmpUser):
                _add_user(engine, secret, None)
            elif secret.version != "1":
                config.add_v1_system(engine, f"community-{number}", secret.community)
        levels = {one.user: _level(one) for one in self._secrets if isinstance(one, SnmpUser)}
        _Inbox(engine, levels, self._on_notification)
        return engine

    def _on_notification(self, *_: Any) -> None:
        self._accept(self._sender)


class _Inbox(NotificationReceiver):
    """Takes from a user of v3 only what is as well protected as the user can."""

    def __init__(self, engine: Any, levels: Mapping[str, int], accept: Callable[..., None]) -> None:
        super().__init__(engine, accept)
        self._levels = levels

    def process_pdu(self, *arguments: Any) -> None:  # pyright: ignore[reportIncompatibleMethodOverride] — pysnmp passes them by position
        """Drop what comes without the authentication or the privacy that its user has."""
        _, _, security_model, name, level, *_ = arguments
        if int(security_model) == _USM and int(level) < self._levels.get(str(name), _AUTH_PRIV):
            return
        super().process_pdu(*arguments)


class _Showing(Guarded):
    """Shows who sends before anything is decoded."""

    def __init__(self, read: Callable[[str, bytes, Callable[[], None]], None]) -> None:
        super().__init__()
        self._read_first = read

    def datagram_received(self, datagram: bytes, transportAddress: Any) -> None:  # noqa: N803 — pysnmp's name
        """Hand a message over where its sender is admitted."""
        hand_over = super().datagram_received
        # Behind the sign stands the interface of a link-local address (RFC 4007, section 11).
        sender = read_address(transportAddress[0].partition("%")[0])
        self._read_first(str(sender), datagram, lambda: hand_over(datagram, transportAddress))


class _Socket(_Showing, GuardedUdp):
    """A socket for IPv4."""


class _Socket6(_Showing, GuardedUdp6):
    """A socket for IPv6, and for IPv4 where it listens at every address."""


def _level(user: SnmpUser) -> int:
    if user.auth_protocol is None:
        return _NO_AUTH
    return _AUTH if user.privacy_protocol is None else _AUTH_PRIV


def _add_user(engine: Any, user: SnmpUser, engine_id: bytes | None) -> None:
    config.add_v3_user(
        engine,
        user.user,
        auth_protocol(user),
        user.auth_password,
        privacy_protocol(user),
        user.privacy_password,
        securityEngineId=None if engine_id is None else v2c.OctetString(engine_id),
    )

"""An agent of SNMP v3 with one user (SHA-1, no privacy) whose engine and clock a test may turn.

It may have contexts (RFC 3411, §3.3.1), as switches have one for each VLAN.
"""

import hmac
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha1

from discovery.secrets import SnmpUser
from tests.discovery.snmp.lying_agent import (
    Answer,
    LyingAgent,
    OverUdp,
    Plain,
    Request,
    encode,
    integer,
    numbers,
    parse_pdu,
    read,
    tlv,
)

USER = SnmpUser("reader", "sha1", "a long password")
REPORT = 0xA8
NOT_IN_TIME, UNKNOWN_ENGINE = "1.3.6.1.6.3.15.1.1.2.0", "1.3.6.1.6.3.15.1.1.4.0"
UNKNOWN_CONTEXT = "1.3.6.1.6.3.12.1.5.0"
_NO_CONTEXT = b"public"
_AUTH = 1
_WINDOW = 150
_DIGEST = 12


@dataclass(frozen=True)
class Envelope:
    """The head of a message: who asks whom, and what time he thinks it is there."""

    message_id: int
    flags: int
    engine_id: bytes
    boots: int
    time: int
    user: bytes
    context: bytes = b""


@dataclass
class LyingV3Agent(OverUdp):
    """Serves `values`; `turn` is called with the agent before each answer to a real question.

    `contexts` are what is to be seen inside a context instead.
    """

    values: dict[str, Plain]
    turn: Callable[["LyingV3Agent"], object] = lambda _: None
    engine_id: bytes = b"\x80\x00\x1f\x88\x04one"
    boots: int = 3
    time: int = 1000
    is_forging: bool = False
    messages: int = 0
    requests: list[Request] = field(default_factory=list)
    contexts: dict[bytes, dict[str, Plain]] = field(default_factory=dict)

    def __post_init__(self):
        self._inside = LyingAgent(self.values, others=self.contexts)

    def answers(self, message: bytes) -> list[bytes]:
        """Return what the agent sends back."""
        self.messages += 1
        head, request = _parse(message)
        if request.oids:
            self.requests.append(request)
            self.turn(self)
        if head.engine_id != self.engine_id:
            return [self._seal(self._report(request, UNKNOWN_ENGINE), head, 0)]
        is_late = (head.boots, abs(head.time - self.time) > _WINDOW) != (self.boots, False)
        if head.flags & _AUTH and is_late:
            return [self._seal(self._report(request, NOT_IN_TIME), head, _AUTH)]
        if head.context and head.context not in self.contexts:
            return [self._seal(self._report(request, UNKNOWN_CONTEXT), head, _AUTH)]
        return [self._seal(self._inside.answer(request).pdu(), head, head.flags & _AUTH)]

    def _report(self, request: Request, counter: str) -> bytes:
        return Answer(request, [(numbers(counter), encode(1))]).pdu(REPORT)

    def _seal(self, pdu: bytes, head: Envelope, flags: int) -> bytes:
        whole = self._message(pdu, head, flags, bytes(_DIGEST if flags else 0))
        if not flags:
            return whole
        key = b"wrong" if self.is_forging else _localised(USER.auth_password, self.engine_id)
        digest = hmac.new(key, whole, sha1).digest()[:_DIGEST]
        return self._message(pdu, head, flags, digest)

    def _message(self, pdu: bytes, head: Envelope, flags: int, digest: bytes) -> bytes:
        clock = integer(self.boots) + integer(self.time)
        security = tlv(4, self.engine_id) + clock + tlv(4, head.user) + tlv(4, digest)
        general = integer(head.message_id) + integer(65_507) + tlv(4, bytes([flags])) + integer(3)
        body = integer(3) + tlv(0x30, general) + tlv(4, tlv(0x30, security + tlv(4, b"")))
        return tlv(0x30, body + tlv(0x30, tlv(4, self.engine_id) + tlv(4, head.context) + pdu))


def _localised(password: str | None, engine_id: bytes) -> bytes:
    """Return the key of RFC 3414, A.2.2."""
    octets = (password or "").encode()
    master = sha1((octets * (2**20 // len(octets) + 1))[: 2**20], usedforsecurity=False).digest()
    return sha1(master + engine_id + master, usedforsecurity=False).digest()


def _parse(message: bytes) -> tuple[Envelope, Request]:
    _, body, _ = read(message, 0)
    _, _, at = read(body, 0)
    _, general, at = read(body, at)
    _, wrapped, at = read(body, at)
    _, scoped, _ = read(body, at)
    _, message_id, place = read(general, 0)
    _, _, place = read(general, place)
    _, flags, _ = read(general, place)
    _, security, _ = read(wrapped, 0)
    _, engine_id, place = read(security, 0)
    _, boots, place = read(security, place)
    _, time, place = read(security, place)
    _, user, _ = read(security, place)
    _, _, place = read(scoped, 0)
    _, context, place = read(scoped, place)
    kind, pdu, _ = read(scoped, place)
    clock = _number(boots), _number(time)
    head = Envelope(_number(message_id), flags[0], engine_id, *clock, user, context)
    return head, parse_pdu(3, context or _NO_CONTEXT, kind, pdu)


def _number(content: bytes) -> int:
    return int.from_bytes(content, "big", signed=True)

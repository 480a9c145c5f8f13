"""An SNMP agent in a thread that answers honestly, until a test tells it how to lie."""

import socket
import threading
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from ipaddress import IPv4Address

GET, GETNEXT, GETBULK, RESPONSE = 0xA0, 0xA1, 0xA5, 0xA2
TOO_BIG, NO_SUCH_NAME, GEN_ERR = 1, 2, 5
NO_SUCH_INSTANCE, END_OF_VIEW = b"\x81\x00", b"\x82\x00"
NULL = b"\x05\x00"


class Oid(str):
    """A value of the type OBJECT IDENTIFIER."""

    __slots__ = ()


Plain = int | bytes | Oid | IPv4Address


@dataclass(frozen=True)
class Request:
    version: int
    community: bytes
    kind: int
    id: int
    max_repetitions: int
    oids: tuple[tuple[int, ...], ...]

    @property
    def first(self) -> str:
        return ".".join(str(number) for number in self.oids[0])


@dataclass(frozen=True)
class Answer:
    request: Request
    bindings: list[tuple[tuple[int, ...], bytes]]
    status: int = 0
    id: int | None = None

    def encode(self) -> bytes:
        body = integer(self.request.version) + tlv(4, self.request.community)
        return tlv(0x30, body + self.pdu())

    def pdu(self, kind: int = RESPONSE) -> bytes:
        request_id = self.request.id if self.id is None else self.id
        bindings = b"".join(tlv(0x30, encode_oid(oid) + value) for oid, value in self.bindings)
        head = integer(request_id) + integer(self.status) + integer(1 if self.status else 0)
        return tlv(kind, head + tlv(0x30, bindings))


Lie = Callable[[Request, Answer], bytes | list[bytes] | None]


def honest(request: Request, answer: Answer) -> bytes:
    return answer.encode()


class OverUdp:
    """Answers on a loopback port, in a thread of its own."""

    def __enter__(self):
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
            last.sendto(b"", ("127.0.0.1", self.port))
        self._thread.join()
        self._socket.close()

    def _serve(self):
        while True:
            message, sender = self._socket.recvfrom(65_535)
            if not message:
                return
            for answer in self.answers(message):
                self._socket.sendto(answer, sender)

    def answers(self, message: bytes) -> list[bytes]:
        """Return what the agent sends back."""
        raise NotImplementedError


@dataclass
class LyingAgent(OverUdp):
    """Serves `values` (OID text to plain value) to the community `public`.

    `others` are what further communities see instead.
    """

    values: dict[str, Plain]
    lie: Lie = honest
    others: dict[bytes, dict[str, Plain]] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)

    def __post_init__(self):
        views = {b"public": self.values} | self.others
        self._rows = {
            community: sorted((numbers(oid), encode(value)) for oid, value in values.items())
            for community, values in views.items()
        }

    def answers(self, message: bytes) -> list[bytes]:
        """Return what the agent sends back."""
        request = _parse(message)
        if request.community not in self._rows:
            return []
        self.requests.append(request)
        answers = self.lie(request, self.answer(request))
        several = answers if isinstance(answers, list) else [answers]
        return [answer for answer in several if answer is not None]

    def answer(self, request: Request) -> Answer:
        is_v1 = request.version == 0
        bindings = []
        rows = self._rows[request.community]
        keys = [oid for oid, _ in rows]
        for oid in request.oids:
            if request.kind == GET:
                at = bisect_right(keys, oid) - 1
                is_there = at >= 0 and keys[at] == oid
                bindings.append(rows[at] if is_there else (oid, NO_SUCH_INSTANCE))
            else:
                count = request.max_repetitions if request.kind == GETBULK else 1
                at = bisect_right(keys, oid)
                bindings += rows[at : at + count] or [(oid, END_OF_VIEW)]
        if is_v1 and any(value in {NO_SUCH_INSTANCE, END_OF_VIEW} for _, value in bindings):
            return failure(request, NO_SUCH_NAME)
        return Answer(request, bindings)


def failure(request: Request, status: int) -> Answer:
    return Answer(request, [(oid, NULL) for oid in request.oids], status)


def renamed(answer: Answer, request_id: int) -> bytes:
    return replace(answer, id=request_id).encode()


def numbers(oid: str) -> tuple[int, ...]:
    return tuple(int(number) for number in oid.split("."))


def encode(value: Plain) -> bytes:
    if isinstance(value, IPv4Address):
        return tlv(0x40, value.packed)
    if isinstance(value, Oid):
        return encode_oid(numbers(value))
    return integer(value) if isinstance(value, int) else tlv(4, value)


def tlv(tag: int, content: bytes) -> bytes:
    size = len(content)
    if size < 0x80:
        return bytes([tag, size]) + content
    octets = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(octets)]) + octets + content


def integer(value: int) -> bytes:
    return tlv(2, value.to_bytes(value.bit_length() // 8 + 1, "big", signed=True))


def encode_oid(oid: tuple[int, ...]) -> bytes:
    content = b""
    for number in (oid[0] * 40 + oid[1], *oid[2:]):
        octets = [number & 0x7F]
        while number := number >> 7:
            octets.insert(0, number & 0x7F | 0x80)
        content += bytes(octets)
    return tlv(6, content)


def _parse(message: bytes) -> Request:
    _, body, _ = read(message, 0)
    _, version, at = read(body, 0)
    _, community, at = read(body, at)
    kind, pdu, _ = read(body, at)
    return parse_pdu(int.from_bytes(version, "big"), community, kind, pdu)


def parse_pdu(version: int, community: bytes, kind: int, pdu: bytes) -> Request:
    _, request_id, at = read(pdu, 0)
    _, _, at = read(pdu, at)
    _, repetitions, at = read(pdu, at)
    _, bindings, _ = read(pdu, at)
    oids, at = [], 0
    while at < len(bindings):
        _, binding, at = read(bindings, at)
        oids.append(_parse_oid(read(binding, 0)[1]))
    request_id, repetitions = (
        int.from_bytes(one, "big", signed=True) for one in (request_id, repetitions)
    )
    return Request(version, community, kind, request_id, repetitions, tuple(oids))


def read(data: bytes, at: int) -> tuple[int, bytes, int]:
    tag, size = data[at], data[at + 1]
    at += 2
    if size & 0x80:
        count = size & 0x7F
        size, at = int.from_bytes(data[at : at + count], "big"), at + count
    return tag, data[at : at + size], at + size


def _parse_oid(content: bytes) -> tuple[int, ...]:
    found, value = [], 0
    for octet in content:
        value = value << 7 | octet & 0x7F
        if not octet & 0x80:
            found.append(value)
            value = 0
    top = min(found[0] // 40, 2)
    return (top, found[0] - 40 * top, *found[1:])

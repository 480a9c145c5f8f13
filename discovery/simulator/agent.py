"""One simulated agent: a request's octets in, the answer's octets out (RFC 1157, RFC 3416)."""

from collections.abc import Callable

from discovery.simulator import ber
from discovery.simulator.recording import Recording

GET, GET_NEXT, RESPONSE, SET, GET_BULK = 0xA0, 0xA1, 0xA2, 0xA3, 0xA5
VERSION_1, VERSION_2C = b"\x00", b"\x01"
TOO_BIG, NO_SUCH_NAME, READ_ONLY, NOT_WRITABLE = 1, 2, 4, 17
MAX_REPETITIONS = 1000
MAX_CACHED_OCTETS = 512 * 1024
_ENVELOPE = 64
"""Octets kept free for everything of a message that is not a varbind or the community."""


class _RefusedError(Exception):
    """The answer is an error status instead of values."""

    def __init__(self, status: int, index: int) -> None:
        super().__init__(status, index)
        self.status = status
        self.index = index


class Agent:
    """Answers for one device; remembers answers, because discoveries repeat their questions.

    Args:
        recording: what the device says.
        accepts: whether a community is right; a wrong one gets no answer, as from real agents.
        max_size: the largest message sent, in octets.
    """

    def __init__(
        self, recording: Recording, accepts: Callable[[bytes], bool], max_size: int = 4000
    ) -> None:
        self._recording = recording
        self._accepts = accepts
        self._max_size = max_size
        self._answers: dict[bytes, tuple[bytes, bytes]] = {}
        self._cached = 0

    def answer(self, packet: bytes) -> bytes | None:
        """Return the answer to a packet, or nothing if a real agent would stay silent."""
        try:
            begin, end = _request_id(packet)
            question = packet[:begin] + packet[end:]
            known = self._answers.get(question)
            if known is None:
                known = self._reply(packet, begin, end)
                if known is None:
                    return None
                self._remember(question, known)
        except ber.BerError:
            return None
        return known[0] + packet[begin:end] + known[1]

    def _remember(self, question: bytes, answer: tuple[bytes, bytes]) -> None:
        if self._cached > MAX_CACHED_OCTETS:
            self._answers.clear()
            self._cached = 0
        self._answers[question] = answer
        self._cached += len(question) + len(answer[0]) + len(answer[1])

    def _reply(self, packet: bytes, begin: int, end: int) -> tuple[bytes, bytes] | None:
        """Return what stands before and after the request-id in the answer."""
        _, at, _ = ber.read_tlv(packet, 0)
        _, version_at, version_end = ber.read_tlv(packet, at)
        _, community_at, community_end = ber.read_tlv(packet, version_end)
        version, community = packet[version_at:version_end], packet[community_at:community_end]
        kind = packet[community_end]
        if version not in (VERSION_1, VERSION_2C) or not self._accepts(community):
            return None
        _, first_at, first_end = ber.read_tlv(packet, end)
        _, second_at, second_end = ber.read_tlv(packet, first_end)
        _, list_at, list_end = ber.read_tlv(packet, second_end)
        asked = packet[list_at:list_end]
        room = self._max_size - _ENVELOPE - len(community)
        bulk = (
            ber.decode_integer(packet[first_at:first_end]),
            ber.decode_integer(packet[second_at:second_end]),
        )
        try:
            values = self._values(kind, version, asked, (room, *bulk))
            status = index = 0
        except _RefusedError as refused:
            # RFC 3416 4.2.1: with tooBig the list is empty; version 1 returns what was asked.
            values = b"" if refused.status == TOO_BIG and version != VERSION_1 else asked
            status, index = refused.status, refused.index
        if values is None:
            return None
        tail = (
            ber.tlv(ber.INTEGER, ber.encode_integer(status))
            + ber.tlv(ber.INTEGER, ber.encode_integer(index))
            + ber.tlv(ber.SEQUENCE, values)
        )
        identifier = packet[begin:end]
        whole = ber.tlv(
            ber.SEQUENCE, packet[at:community_end] + ber.tlv(RESPONSE, identifier + tail)
        )
        return whole[: len(whole) - len(tail) - len(identifier)], tail

    def _values(
        self, kind: int, version: bytes, asked: bytes, limits: tuple[int, int, int]
    ) -> bytes | None:
        room, non_repeaters, repetitions = limits
        oids = _oids(asked)
        if kind == GET_BULK and version != VERSION_1:
            return self._bulk(oids, max(0, non_repeaters), max(0, repetitions), room)
        if kind == GET:
            found = [self._get(oid, version, n) for n, oid in enumerate(oids, 1)]
        elif kind == GET_NEXT:
            found = [self._next(oid, version, n) for n, oid in enumerate(oids, 1)]
        elif kind == SET:
            raise _RefusedError(READ_ONLY if version == VERSION_1 else NOT_WRITABLE, 1)
        else:
            return None
        values = b"".join(found)
        if len(values) > room:
            raise _RefusedError(TOO_BIG, 0)
        return values

    def _get(self, oid: bytes, version: bytes, index: int) -> bytes:
        key = ber.order_key(oid)
        varbind = self._recording.find(key)
        if version == VERSION_1:
            if varbind is None or _is_counter64(varbind):
                raise _RefusedError(NO_SUCH_NAME, index)
            return varbind
        if varbind is not None:
            return varbind
        parent = ber.order_key(ber.encode_oid(ber.decode_oid(oid)[:-1])) if len(oid) > 1 else b""
        missing = (
            ber.NO_SUCH_INSTANCE
            if parent and self._recording.has_under(parent)
            else ber.NO_SUCH_OBJECT
        )
        return _exception(oid, missing)

    def _next(self, oid: bytes, version: bytes, index: int) -> bytes:
        varbinds = self._recording.varbinds
        position = self._recording.after(ber.order_key(oid))
        if version == VERSION_1:
            # RFC 3584 4.2.2.1: version 1 does not know Counter64, so the agent steps over it.
            while position < len(varbinds) and _is_counter64(varbinds[position]):
                position += 1
            if position >= len(varbinds):
                raise _RefusedError(NO_SUCH_NAME, index)
        if position < len(varbinds):
            return varbinds[position]
        return _exception(oid, ber.END_OF_MIB_VIEW)

    def _bulk(self, oids: list[bytes], non_repeaters: int, repetitions: int, room: int) -> bytes:
        found: list[bytes] = []
        free = room
        for oid in oids[:non_repeaters]:
            found.append(self._next(oid, VERSION_2C, 0))
            free -= len(found[-1])
        if free < 0:
            raise _RefusedError(TOO_BIG, 0)
        rows = self._repetitions(oids[non_repeaters:], min(repetitions, MAX_REPETITIONS))
        for varbind in rows:
            free -= len(varbind)
            if free < 0:
                break
            found.append(varbind)
        if not found and oids and repetitions:
            raise _RefusedError(TOO_BIG, 0)
        return b"".join(found)

    def _repetitions(self, oids: list[bytes], repetitions: int) -> list[bytes]:
        """Return the varbinds of the repeating part, row by row, until every column has ended."""
        varbinds = self._recording.varbinds
        starts = [self._recording.after(ber.order_key(oid)) for oid in oids]
        rows: list[bytes] = []
        for step in range(repetitions):
            for oid, start in zip(oids, starts, strict=True):
                if start + step < len(varbinds):
                    rows.append(varbinds[start + step])
                else:
                    rows.append(_exception(self._last_name(oid, start), ber.END_OF_MIB_VIEW))
            if all(start + step >= len(varbinds) for start in starts):
                break
        return rows

    def _last_name(self, oid: bytes, start: int) -> bytes:
        """Return the name under which the end is told: the last of the view, or the asked one."""
        varbinds = self._recording.varbinds
        if start >= len(varbinds):
            return oid
        _, begin, _ = ber.read_tlv(varbinds[-1], 0)
        _, oid_begin, oid_end = ber.read_tlv(varbinds[-1], begin)
        return varbinds[-1][oid_begin:oid_end]


def _request_id(packet: bytes) -> tuple[int, int]:
    """Return where the request-id element begins and ends."""
    _, at, _ = ber.read_tlv(packet, 0)
    _, _, version_end = ber.read_tlv(packet, at)
    _, _, community_end = ber.read_tlv(packet, version_end)
    _, pdu_at, _ = ber.read_tlv(packet, community_end)
    tag, _, end = ber.read_tlv(packet, pdu_at)
    if tag != ber.INTEGER:
        raise ber.BerError("A request begins with its request-id.")
    return pdu_at, end


def _oids(asked: bytes) -> list[bytes]:
    oids: list[bytes] = []
    at = 0
    while at < len(asked):
        _, begin, at = ber.read_tlv(asked, at)
        tag, oid_begin, oid_end = ber.read_tlv(asked, begin)
        if tag != ber.OBJECT_ID:
            raise ber.BerError("A varbind begins with an object identifier.")
        oids.append(asked[oid_begin:oid_end])
    return oids


def _exception(oid: bytes, marker: bytes) -> bytes:
    return ber.tlv(ber.SEQUENCE, ber.tlv(ber.OBJECT_ID, oid) + marker)


def _is_counter64(varbind: bytes) -> bool:
    _, begin, _ = ber.read_tlv(varbind, 0)
    _, _, oid_end = ber.read_tlv(varbind, begin)
    return varbind[oid_end] == ber.COUNTER64

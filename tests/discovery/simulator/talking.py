"""Asks the simulator with packets put together by hand, and takes its answers apart."""

import socket
from dataclasses import dataclass

from discovery.simulator import ber

GET, GET_NEXT, SET, GET_BULK = 0xA0, 0xA1, 0xA3, 0xA5


@dataclass(frozen=True)
class Answer:
    request_id: int
    status: int
    index: int
    varbinds: list[tuple[str, int, bytes]]

    @property
    def oids(self):
        return [oid for oid, _, _ in self.varbinds]


def question(kind, *oids, version=1, community="public", numbers=(0, 0), request_id=77):
    names = [ber.tlv(ber.OBJECT_ID, ber.encode_oid(ber.parse_oid(oid))) for oid in oids]
    asked = b"".join(ber.tlv(ber.SEQUENCE, name + b"\x05\x00") for name in names)
    integers = [ber.tlv(ber.INTEGER, ber.encode_integer(n)) for n in (request_id, *numbers)]
    body = ber.tlv(kind, b"".join(integers) + ber.tlv(ber.SEQUENCE, asked))
    head = ber.tlv(ber.INTEGER, bytes([version])) + ber.tlv(ber.OCTETS, community.encode())
    return ber.tlv(ber.SEQUENCE, head + body)


def answer(packet):
    _, at, end = ber.read_tlv(packet, 0)
    assert end == len(packet)
    _, _, at = ber.read_tlv(packet, at)
    _, _, at = ber.read_tlv(packet, at)
    tag, at, _ = ber.read_tlv(packet, at)
    assert tag == 0xA2
    numbers = []
    for _ in range(3):
        _, begin, at = ber.read_tlv(packet, at)
        numbers.append(ber.decode_integer(packet[begin:at]))
    _, at, end = ber.read_tlv(packet, at)
    varbinds = []
    while at < end:
        _, begin, at = ber.read_tlv(packet, at)
        _, oid_begin, oid_end = ber.read_tlv(packet, begin)
        tag, value_begin, value_end = ber.read_tlv(packet, oid_end)
        oid = ".".join(map(str, ber.decode_oid(packet[oid_begin:oid_end])))
        varbinds.append((oid, tag, packet[value_begin:value_end]))
    return Answer(*numbers, varbinds)


def ask(address, port, packet, timeout=2.0):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        asking.settimeout(timeout)
        asking.connect((address, port))
        asking.send(packet)
        return answer(asking.recv(65_535))

"""Walks a real device and keeps what it says as a recording."""

from collections.abc import Iterator
from dataclasses import dataclass

from discovery.protocols.snmp.client import SnmpClient
from discovery.protocols.snmp.wire import Value
from discovery.simulator import ber
from discovery.simulator.anonymise import Anonymiser
from discovery.simulator.recording import Recording, Row, format_line

ROOTS = ("1.0.8802", "1.3.6.1.2.1", "1.3.6.1.4.1")
"""What is walked: LLDP, the standard MIBs and the makers' own."""

_IPV4_ARCS = 4
_OCTET_MAX = 255
_SIGNED_MAX, _UNSIGNED_MAX = 2**31 - 1, 2**32 - 1
_UP_TIME = "1.3.6.1.2.1.1.3.0"
_IF = "1.3.6.1.2.1.2.2.1."
_IFX = "1.3.6.1.2.1.31.1.1.1."
# The client tells numbers without their type; of the counted columns it is known (RFC 2863).
_COUNTER32 = tuple(f"{_IF}{column}." for column in (10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20))
_GAUGE32 = (f"{_IF}5.", f"{_IF}21.", f"{_IFX}15.")
_COUNTER64 = tuple(f"{_IFX}{column}." for column in range(6, 14))


@dataclass(frozen=True, slots=True)
class Recorded:
    """A recording of a device and why it may not be complete.

    Attributes:
        problems: one sentence for every root whose walk stopped early.
    """

    recording: Recording
    problems: tuple[str, ...]


async def record_device(client: SnmpClient, anonymiser: Anonymiser) -> Recorded:
    """Walk a device through an open client and return what it said, anonymised."""
    rows: list[Row] = []
    problems: list[str] = []
    for root in ROOTS:
        walk = await client.walk(root)
        rows.extend(_rows(walk.rows))
        if walk.failure is not None:
            problems.append(f"{root}: {walk.failure}")
    return Recorded(Recording.of(anonymiser.apply(rows)), tuple(problems))


def write_recording(recording: Recording) -> str:
    """Return the text of a `.snmprec` file."""
    return "".join(f"{format_line(row)}\n" for row in recording.rows())


def _rows(found: dict[str, Value]) -> Iterator[Row]:
    for oid, value in found.items():
        arcs = ber.parse_oid(oid)
        if isinstance(value, bytes):
            yield arcs, ber.OCTETS, value
        elif isinstance(value, int):
            yield arcs, _number_tag(oid, value), ber.encode_integer(value)
        elif isinstance(value, str):
            yield (arcs, *_dotted(value))
        else:
            yield arcs, ber.NULL, b""


def _dotted(value: str) -> tuple[int, bytes]:
    """Tell an IpAddress from an OBJECT IDENTIFIER: four numbers up to 255 are an address."""
    arcs = ber.parse_oid(value)
    if len(arcs) == _IPV4_ARCS and max(arcs) <= _OCTET_MAX:
        return ber.IP_ADDRESS, bytes(arcs)
    return ber.OBJECT_ID, ber.encode_oid(arcs)


def _number_tag(oid: str, number: int) -> int:
    if oid == _UP_TIME:
        return ber.TIME_TICKS
    if oid.startswith(_COUNTER64) or number > _UNSIGNED_MAX:
        return ber.COUNTER64
    if oid.startswith(_COUNTER32):
        return ber.COUNTER32
    if oid.startswith(_GAUGE32) or number > _SIGNED_MAX:
        return ber.GAUGE32
    return ber.INTEGER

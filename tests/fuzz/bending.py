"""Bends what devices say: their recordings, and the octets of single answers."""

from collections.abc import Iterable
from random import Random

from discovery.simulator.recording import Recording, Row

TAGS = (0x02, 0x04, 0x05, 0x06, 0x40, 0x41, 0x42, 0x43, 0x44, 0x46, 0x80, 0x81, 0x82, 0x30, 0x01)
ARCS = (0, 1, 2, 3, 4, 16, 127, 128, 255, 256, 65_535, 2**31, 2**32 - 1)
LENGTHS = (0x00, 0x01, 0x7F, 0x80, 0x81, 0x82, 0x84, 0xFF)
LARGEST = 65_000


def bend_recording(random: Random, rows: Iterable[Row]) -> Recording:
    """Return a device that says some things in another type, size or place, or not at all."""
    share = random.choice((0.0, 0.02, 0.1, 0.4))
    bent = (_bend_row(random, row) if random.random() < share else [row] for row in rows)
    return Recording.of(row for some in bent for row in some)


def _bend_row(random: Random, row: Row) -> list[Row]:
    arcs, tag, content = row
    noise = random.randbytes(random.choice((0, 1, 4, 6, 9, 300, 3000)))
    some_arcs = random.choices(ARCS, k=random.choice((1, 2, 17)))
    bends: tuple[list[Row], ...] = (
        [],
        [(arcs, random.choice(TAGS), content)],
        [(arcs, tag, noise)],
        [(arcs, tag, content[: random.randint(0, len(content))])],
        [((*arcs, *some_arcs), tag, content)],
        [((*arcs[: random.randint(2, len(arcs))], random.choice(ARCS)), tag, content)],
        [row, ((*arcs[:-1], random.choice(ARCS)), tag, content)],
        [(arcs, random.choice(TAGS), random.randbytes(random.randint(0, 12)))],
        # A floating-point number as net-snmp wraps it.
        [(arcs, 0x44, b"\x9f\x78\x04" + random.randbytes(4))],
    )
    return random.choice(bends)


def bend_message(random: Random, message: bytes) -> list[bytes]:
    """Return what arrives instead of a message: nothing, something else, or several things."""
    octets = bytearray(message)
    match random.randrange(9):
        case 0:
            return []
        case 1:
            return [message, message]
        case 2:
            return [message[: random.randint(0, len(message))]]
        case 3:
            return [random.randbytes(random.choice((1, 20, 200, 5000)))]
        case 4:
            return [message + random.randbytes(random.choice((1, 50, 4000)))]
        case 5:
            octets[random.randrange(min(len(octets), 40))] = random.choice(LENGTHS)
        case 6:
            at = random.randrange(len(octets))
            octets[at:at] = random.randbytes(random.randint(1, 8))
        case 7:
            at = random.randrange(len(octets))
            del octets[at : at + random.randint(1, 8)]
        case _:
            for _ in range(random.randint(1, 4)):
                octets[random.randrange(len(octets))] ^= 1 << random.randrange(8)
    return [bytes(octets[:LARGEST])]

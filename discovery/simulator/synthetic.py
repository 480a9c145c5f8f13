"""Recordings of invented devices, consistent over all the MIBs that discovery reads.

SNMPv2-MIB (RFC 3418), IF-MIB (RFC 2863), IP-MIB's ipAddrTable (RFC 4293), ENTITY-MIB (RFC 6933),
LLDP-MIB (IEEE 802.1AB-2005), BRIDGE-MIB (RFC 4188) and HOST-RESOURCES-MIB (RFC 2790).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from discovery.simulator import ber
from discovery.simulator.recording import Recording, Row
from discovery.simulator.templates import Device, Link, PortRange, invent_serial

_SYSTEM = (1, 3, 6, 1, 2, 1, 1)
_IF = (1, 3, 6, 1, 2, 1, 2, 2, 1)
_IFX = (1, 3, 6, 1, 2, 1, 31, 1, 1, 1)
_IP_ADDRESSES = (1, 3, 6, 1, 2, 1, 4, 20, 1)
_HOST = (1, 3, 6, 1, 2, 1, 25)
_ENTITY = (1, 3, 6, 1, 2, 1, 47, 1, 1, 1, 1)
_BRIDGE = (1, 3, 6, 1, 2, 1, 17)
_LLDP = (1, 0, 8802, 1, 1, 2, 1)
_PART_CLASSES = {"power_supply": 6, "fan": 7, "module": 9}
_CHASSIS_CLASS = 3
_UP, _DOWN = 1, 2
_FORWARDING = 5
_BRIDGE_PRIORITY = b"\x80\x00"
_MAX_GAUGE = 2**32 - 1
_MTU = 1500
_BLOCK = 4096

Find = Callable[[str], Device]
"""Finds a device by its name, for what a device says about its neighbours."""


@dataclass(frozen=True, slots=True)
class Port:
    """One port of a device: its ifIndex, its names, its speed in Mbit/s and its type."""

    index: int
    name: str
    short: str
    speed: int
    type: int


def ports_of(device: Device) -> tuple[Port, ...]:
    """Return the ports of a device in the order of its template."""
    return _ports(device.template.ports)


@cache
def _ports(ranges: tuple[PortRange, ...]) -> tuple[Port, ...]:
    return tuple(port for ports in ranges for port in _expand(ports))


def record_device(device: Device, find: Find) -> Recording:
    """Return the recording of an invented device; `find` knows the devices it is linked to."""
    return Recording.of(_rows(device, find))


def _expand(ports: PortRange) -> Iterator[Port]:
    for step in range(ports.count):
        number = ports.start + step
        yield Port(
            ports.index + step,
            ports.name.format(n=number),
            ports.short.format(n=number),
            ports.speed,
            ports.type,
        )


def _rows(device: Device, find: Find) -> Iterator[Row]:
    yield from _system(device)
    yield from _interfaces(device)
    yield from _addresses(device)
    yield from _entities(device)
    yield from _neighbours(device, find)
    yield from _bridge(device, find)
    yield from _spanning_tree(device, find)
    yield from _host(device)
    for oid, value in device.template.scalars.items():
        arcs = ber.parse_oid(oid)
        yield _text(arcs, device.fill(value)) if isinstance(value, str) else _number(arcs, value)


def _system(device: Device) -> Iterator[Row]:
    template = device.template
    yield _text((*_SYSTEM, 1, 0), device.fill(template.sys_descr))
    yield (*_SYSTEM, 2, 0), ber.OBJECT_ID, ber.encode_oid(ber.parse_oid(template.sys_object_id))
    yield (*_SYSTEM, 3, 0), ber.TIME_TICKS, ber.encode_integer(8_640_000 + device.number * 1000)
    yield _text((*_SYSTEM, 4, 0), "")
    yield _text((*_SYSTEM, 5, 0), device.name)
    yield _text((*_SYSTEM, 6, 0), device.location)
    yield _number((*_SYSTEM, 7, 0), template.services)


def _interfaces(device: Device) -> Iterator[Row]:
    ports = ports_of(device)
    cables = (*device.links, *device.attached, *device.trunks)
    linked = {link.port: link.label for link in cables}
    yield _number((*_IF[:-2], 1, 0), len(ports))
    for position, port in enumerate(ports):
        # Unlinked ports are partly in use, by end devices that nobody inventories.
        is_up = port.index in linked or (position * 7 + device.number) % 3 != 0
        alias = device.aliases.get(port.index, linked.get(port.index, ""))
        traffic = (device.number * 7919 + position * 104_729) * 1013
        for column, row in (
            (1, _integer(port.index)),
            (2, (ber.OCTETS, port.name.encode())),
            (3, _integer(port.type)),
            (4, _integer(_MTU)),
            (5, _gauge(min(port.speed * 1_000_000, _MAX_GAUGE))),
            (6, (ber.OCTETS, device.mac(position + 1))),
            (7, _integer(_UP)),
            (8, _integer(_UP if is_up else _DOWN)),
            (10, (ber.COUNTER32, ber.encode_integer(traffic % 2**32 if is_up else 0))),
            (16, (ber.COUNTER32, ber.encode_integer(traffic * 3 % 2**32 if is_up else 0))),
        ):
            yield (*_IF, column, port.index), *row
        for column, row in (
            (1, (ber.OCTETS, port.short.encode())),
            (6, (ber.COUNTER64, ber.encode_integer(traffic if is_up else 0))),
            (10, (ber.COUNTER64, ber.encode_integer(traffic * 3 if is_up else 0))),
            (15, _gauge(port.speed)),
            (18, (ber.OCTETS, alias.encode())),
        ):
            yield (*_IFX, column, port.index), *row


def _addresses(device: Device) -> Iterator[Row]:
    octets = tuple(int(part) for part in device.address.split("."))
    index = ports_of(device)[0].index
    yield (*_IP_ADDRESSES, 1, *octets), ber.IP_ADDRESS, bytes(octets)
    yield _number((*_IP_ADDRESSES, 2, *octets), index)
    yield (*_IP_ADDRESSES, 3, *octets), ber.IP_ADDRESS, bytes((255, 255, 255, 0))


def _entities(device: Device) -> Iterator[Row]:
    template, chassis = device.template, device.template.chassis
    if chassis is None:
        return
    yield from _entity(
        1,
        0,
        _CHASSIS_CLASS,
        {
            2: device.fill(chassis.description),
            7: chassis.name,
            10: device.fill(chassis.software),
            11: device.serial,
            12: chassis.maker or template.maker,
            13: chassis.model or template.model,
        },
    )
    for number, part in enumerate(template.parts, 2):
        serial = invent_serial(part.serial, f"{device.seed}/{device.name}/part/{number}")
        texts = {2: part.name, 7: part.name, 10: "", 11: serial, 12: template.maker, 13: part.model}
        yield from _entity(number, 1, _PART_CLASSES[part.kind], texts)


def _entity(index: int, parent: int, kind: int, texts: dict[int, str]) -> Iterator[Row]:
    yield _number((*_ENTITY, 4, index), parent)
    yield _number((*_ENTITY, 5, index), kind)
    yield _number((*_ENTITY, 16, index), 1)
    for column, text in texts.items():
        yield _text((*_ENTITY, column, index), text)


def _neighbours(device: Device, find: Find) -> Iterator[Row]:
    """Yield the local system and, per link, what the other end sends (MAC subtype 4, name 5)."""
    if not device.links:
        return
    yield _number((*_LLDP, 3, 1, 0), 4)
    yield (*_LLDP, 3, 2, 0), ber.OCTETS, device.mac()
    yield _text((*_LLDP, 3, 3, 0), device.name)
    yield _text((*_LLDP, 3, 4, 0), device.fill(device.template.sys_descr))
    names = {port.index: port.short for port in ports_of(device)}
    for number, link in enumerate(device.links, 1):
        other = find(link.other)
        other_port = next(port for port in ports_of(other) if port.index == link.other_port)
        yield _number((*_LLDP, 3, 7, 1, 2, link.port), 5)
        yield _text((*_LLDP, 3, 7, 1, 3, link.port), names[link.port])
        yield _text((*_LLDP, 3, 7, 1, 4, link.port), names[link.port])
        remote = (0, link.port, number)
        yield _number((*_LLDP, 4, 1, 1, 4, *remote), 4)
        yield (*_LLDP, 4, 1, 1, 5, *remote), ber.OCTETS, other.mac()
        yield _number((*_LLDP, 4, 1, 1, 6, *remote), 5)
        yield _text((*_LLDP, 4, 1, 1, 7, *remote), other_port.short)
        yield _text((*_LLDP, 4, 1, 1, 8, *remote), other_port.name)
        yield _text((*_LLDP, 4, 1, 1, 9, *remote), other.name)
        yield _text((*_LLDP, 4, 1, 1, 10, *remote), other.fill(other.template.sys_descr))
        address = tuple(int(part) for part in other.address.split("."))
        yield _number((*_LLDP, 4, 2, 1, 3, *remote, 1, 4, *address), 2)


def _bridge(device: Device, find: Find) -> Iterator[Row]:
    """Yield the bridge ports and, per attached device, the address learned from it (status 3)."""
    if not device.attached and not device.trunks:
        return
    numbers = _bridge_ports(device)
    yield (*_BRIDGE, 1, 1, 0), ber.OCTETS, device.mac()
    for index, number in numbers.items():
        yield _number((*_BRIDGE, 1, 4, 1, 2, number), index)
    for link in device.attached:
        other = find(link.other)
        positions = [port.index for port in ports_of(other)]
        mac = other.mac(positions.index(link.other_port) + 1)
        yield (*_BRIDGE, 4, 3, 1, 1, *mac), ber.OCTETS, mac
        yield _number((*_BRIDGE, 4, 3, 1, 2, *mac), numbers[link.port])
        yield _number((*_BRIDGE, 4, 3, 1, 3, *mac), 3)


def _spanning_tree(device: Device, find: Find) -> Iterator[Row]:
    """Yield who leads the segment at each trunk; the switch on top of all is the root."""
    if not device.trunks:
        return
    root = device
    while (uplink := _uplink(root)) is not None:
        root = find(uplink.other)
    numbers, uplink = _bridge_ports(device), _uplink(device)
    yield (*_BRIDGE, 2, 5, 0), ber.OCTETS, _BRIDGE_PRIORITY + root.mac()
    yield _number((*_BRIDGE, 2, 7, 0), numbers[uplink.port] if uplink else 0)
    for link in device.trunks:
        leader, port = device, link.port
        if link.is_uplink:
            leader, port = find(link.other), link.other_port
        entry, number = (*_BRIDGE, 2, 15, 1), numbers[link.port]
        yield _number((*entry, 3, number), _FORWARDING)
        yield (*entry, 8, number), ber.OCTETS, _BRIDGE_PRIORITY + leader.mac()
        yield (*entry, 9, number), ber.OCTETS, bytes((0x80, _bridge_ports(leader)[port]))


def _bridge_ports(device: Device) -> dict[int, int]:
    """Return ifIndex → number of the bridge port."""
    return {port.index: number for number, port in enumerate(ports_of(device), 1)}


def _uplink(device: Device) -> Link | None:
    return next((link for link in device.trunks if link.is_uplink), None)


def _host(device: Device) -> Iterator[Row]:
    host = device.template.host
    if host is None:
        return
    yield _number((*_HOST, 2, 2, 0), host.memory_mb * 1024)
    sizes = {"Physical memory": (2, host.memory_mb * 2**20)}
    sizes |= {name: (4, size * 2**30) for name, size in host.disks.items()}
    for index, (name, (kind, size)) in enumerate(sizes.items(), 1):
        storage = (*_HOST, 2, 3, 1)
        yield _number((*storage, 1, index), index)
        yield (*storage, 2, index), ber.OBJECT_ID, ber.encode_oid((*_HOST, 2, 1, kind))
        yield _text((*storage, 3, index), name)
        yield _number((*storage, 4, index), _BLOCK)
        yield _number((*storage, 5, index), size // _BLOCK)
        yield _number((*storage, 6, index), size // _BLOCK // 100 * (20 + device.number % 60))
    for index in range(196_608, 196_608 + host.processors):
        yield _number((*_HOST, 3, 2, 1, 1, index), index)
        yield (*_HOST, 3, 2, 1, 2, index), ber.OBJECT_ID, ber.encode_oid((*_HOST, 3, 1, 3))
        yield _text((*_HOST, 3, 2, 1, 3, index), host.processor)
        yield _number((*_HOST, 3, 3, 1, 2, index), (index * 13 + device.number) % 90)


def _text(arcs: tuple[int, ...], text: str) -> Row:
    return arcs, ber.OCTETS, text.encode()


def _number(arcs: tuple[int, ...], number: int) -> Row:
    return arcs, ber.INTEGER, ber.encode_integer(number)


def _integer(number: int) -> tuple[int, bytes]:
    return ber.INTEGER, ber.encode_integer(number)


def _gauge(number: int) -> tuple[int, bytes]:
    return ber.GAUGE32, ber.encode_integer(number)

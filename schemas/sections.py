"""The form of each section of a document, checked before anything is made of it.

Interfaces follow IF-MIB (RFC 2863), components ENTITY-MIB (RFC 6933), addresses IP-MIB (RFC 4293),
neighbours LLDP-MIB (IEEE 802.1AB), VLANs Q-BRIDGE-MIB (RFC 4363), host and software
HOST-RESOURCES-MIB (RFC 2790), printers Printer-MIB (RFC 3805), power UPS-MIB (RFC 1628).
"""

from typing import Any

from marshmallow import Schema, fields, validate

from schemas.base import WireSchema
from schemas.observation import MAX_SECTION_ROWS
from schemas.vocabulary import AccountType, LogonBucket, Section

MAX_SPEED = 10**15
MAX_SIZE = 2**63 - 1
MAX_VLAN = 2**31 - 1
"""VlanIndex (RFC 4363): numbers over 4094 mean something to one device only."""
MAX_VLAN_RANGES = 20_000


def _text(limit: int = 255) -> fields.Str:
    return fields.Str(allow_none=True, validate=validate.Length(max=limit))


def _number(maximum: int = MAX_SIZE) -> fields.Int:
    return fields.Int(strict=True, allow_none=True, validate=validate.Range(0, maximum))


class SystemSection(WireSchema):
    """The system group (RFC 3418) and the further scalars that identify a device.

    `evidence` holds OID → value (text or number) of whatever the device knowledge asked for.
    """

    sys_descr = _text(4096)
    sys_object_id = _text()
    sys_name = _text()
    sys_location = _text()
    sys_services = _number()
    evidence = fields.Dict(
        keys=fields.Str(validate=validate.Length(max=255)),
        values=fields.Raw(allow_none=True),
        validate=validate.Length(max=512),
    )


class ComponentRow(WireSchema):
    """One physical part: chassis, module, power supply, fan, disk, transceiver."""

    index = fields.Str(required=True, validate=validate.Length(1, 64))
    parent = _text(64)
    kind = fields.Str(required=True, validate=validate.Length(1, 32))
    name = _text()
    description = _text(1024)
    vendor = _text()
    model = _text()
    serial = _text()
    hardware_revision = _text()
    firmware_revision = _text()
    software_revision = _text()
    is_replaceable = fields.Bool(allow_none=True)


class InterfaceRow(WireSchema):
    """One interface; speed in bit/s, MAC as twelve hexadecimal digits with colons.

    `tagged_vlans` are ranges such as `1,10-19`; `aggregate_index` is the interface of the bundle
    that the port belongs to; the PoE class is that of IEEE 802.3, 0 to 8.
    """

    index = fields.Int(required=True, strict=True, validate=validate.Range(0, 2**32 - 1))
    name = fields.Str(required=True, validate=validate.Length(1, 255))
    description = _text(1024)
    alias = _text(1024)
    type = _text(64)
    mac = _text(32)
    speed = _number(MAX_SPEED)
    mtu = _number(2**32 - 1)
    admin_status = _text(32)
    oper_status = _text(32)
    duplex = _text(16)
    untagged_vlan = _number(MAX_VLAN)
    tagged_vlans = _text(MAX_VLAN_RANGES)
    aggregate_index = _number(2**32 - 1)
    poe_status = _text(32)
    poe_class = _number(8)


class VlanRow(WireSchema):
    """One VLAN that the device knows."""

    number = fields.Int(required=True, strict=True, validate=validate.Range(1, MAX_VLAN))
    name = _text()


class AddressRow(WireSchema):
    """One IPv4 or IPv6 address of the device itself."""

    address = fields.IP(required=True)
    prefix_length = fields.Int(strict=True, allow_none=True, validate=validate.Range(0, 128))
    interface_index = _number(2**32 - 1)


class NeighbourRow(WireSchema):
    """What the device says about the device at the other end of a link."""

    protocol = fields.Str(required=True, validate=validate.Length(1, 16))
    local_interface_index = _number(2**32 - 1)
    local_port = _text()
    remote_chassis_id = _text()
    remote_port = _text()
    remote_name = _text()
    remote_description = _text(1024)
    remote_address = _text(64)


class ForwardingRow(WireSchema):
    """An address that a port of a switch has learned, or about how many where there are many.

    `count` is a power of two and stands for as many up to twice as many; then there is no address.
    """

    interface_index = fields.Int(required=True, strict=True, validate=validate.Range(0, 2**32 - 1))
    mac = _text(32)
    vlan = _number(MAX_VLAN)
    count = _number(2**32 - 1)


class SpanningTreeRow(WireSchema):
    """Which port of which bridge leads the segment at a port that is in use.

    Bridges are told by their address without its priority, the designated port as the agent does.
    """

    interface_index = fields.Int(required=True, strict=True, validate=validate.Range(0, 2**32 - 1))
    designated_bridge = fields.Str(required=True, validate=validate.Length(1, 32))
    designated_port = fields.Str(required=True, validate=validate.Length(1, 16))
    root_bridge = _text(32)
    is_designated = fields.Bool(allow_none=True)
    is_root_port = fields.Bool(allow_none=True)


class ArpRow(WireSchema):
    """The hardware address of an IP address in a subnet of the device (ARP, or ND for IPv6)."""

    address = fields.Str(required=True, validate=validate.Length(1, 64))
    mac = fields.Str(required=True, validate=validate.Length(1, 32))
    interface_index = _number(2**32 - 1)


class StorageRow(WireSchema):
    """One disk, file system or memory of a server; size in bytes."""

    index = fields.Str(required=True, validate=validate.Length(1, 64))
    kind = fields.Str(required=True, validate=validate.Length(1, 32))
    name = _text(1024)
    size_bytes = _number()


class HostSection(WireSchema):
    """What a server says about itself (HOST-RESOURCES-MIB)."""

    memory_bytes = _number()
    processors = _number(65536)
    storages = fields.List(
        fields.Nested(StorageRow), validate=validate.Length(max=MAX_SECTION_ROWS)
    )


class AttachedRow(WireSchema):
    """An access point behind this controller, or a virtual machine of this hypervisor."""

    index = fields.Str(required=True, validate=validate.Length(1, 64))
    kind = fields.Str(required=True, validate=validate.Length(1, 32))
    name = _text()
    model = _text()
    serial = _text()
    mac = _text(32)
    address = _text(64)
    version = _text()
    system = _text()


class SupplyRow(WireSchema):
    """What a printer uses up, or a receptacle that fills; the level says what is left of either.

    `level_percent` is told in steps of ten, downwards: 30 stands for 30 to 39.
    """

    index = fields.Str(required=True, validate=validate.Length(1, 64))
    kind = fields.Str(required=True, validate=validate.Length(1, 32))
    name = _text()
    color = _text(64)
    is_receptacle = fields.Bool(allow_none=True)
    level_percent = _number(100)


class PrinterSection(WireSchema):
    """What a printer tells of itself (Printer-MIB); `pages` are whole thousands."""

    pages = _number()
    supplies = fields.List(fields.Nested(SupplyRow), validate=validate.Length(max=1000))


class PowerSection(WireSchema):
    """What a UPS tells of its battery; charge in steps of 10 percent, load in steps of 20."""

    battery_status = _text(32)
    charge_percent = _number(100)
    load_percent = _number(300)
    must_replace_battery = fields.Bool(allow_none=True)
    battery_replaced_on = _text(64)


class SoftwareRow(WireSchema):
    """One installed package, as the server names it; most names end in their version."""

    name = fields.Str(required=True, validate=validate.Length(1, 255))


class DirectorySection(WireSchema):
    """What a directory says about a computer."""

    name = fields.Str(required=True, validate=validate.Length(1, 255))
    dns_name = _text()
    sid = _text(200)
    operating_system = _text()
    operating_system_version = _text()
    org_unit = _text(1024)
    is_enabled = fields.Bool(allow_none=True)
    is_domain_controller = fields.Bool(allow_none=True)
    last_logon = fields.Enum(LogonBucket, by_value=True)
    created_on = fields.Date(allow_none=True)


class AccountSection(WireSchema):
    """The minimal attributes of an account; nothing else of a person leaves the directory."""

    name = fields.Str(required=True, validate=validate.Length(1, 255))
    type = fields.Enum(AccountType, by_value=True, required=True)
    is_enabled = fields.Bool(required=True)
    created_on = fields.Date(allow_none=True)
    expires_on = fields.Date(allow_none=True)
    last_logon = fields.Enum(LogonBucket, by_value=True)
    org_unit = _text(1024)
    is_privileged = fields.Bool(required=True)
    privileged_reason = _text()


class GroupSection(WireSchema):
    """A directory group: its name, its size and whether it gives privileges."""

    name = fields.Str(required=True, validate=validate.Length(1, 255))
    org_unit = _text(1024)
    member_count = _number(10_000_000)
    is_privileged = fields.Bool(required=True)


_ROWS: dict[Section, Schema] = {
    Section.COMPONENTS: ComponentRow(many=True),
    Section.INTERFACES: InterfaceRow(many=True),
    Section.ADDRESSES: AddressRow(many=True),
    Section.NEIGHBOURS: NeighbourRow(many=True),
    Section.FORWARDING: ForwardingRow(many=True),
    Section.SPANNING_TREE: SpanningTreeRow(many=True),
    Section.ARP: ArpRow(many=True),
    Section.VLANS: VlanRow(many=True),
    Section.ATTACHED: AttachedRow(many=True),
    Section.SOFTWARE: SoftwareRow(many=True),
}
_OBJECTS: dict[Section, Schema] = {
    Section.SYSTEM: SystemSection(),
    Section.HOST: HostSection(),
    Section.PRINTER: PrinterSection(),
    Section.POWER: PowerSection(),
    Section.DIRECTORY: DirectorySection(),
    Section.ACCOUNT: AccountSection(),
    Section.GROUP: GroupSection(),
}


def load_section(name: Section, content: Any) -> Any:
    """Validate the content of one section and return it with Python values.

    Raises:
        marshmallow.ValidationError: the content does not have the form of this section.
    """
    if name in _OBJECTS:
        return _OBJECTS[name].load(content)
    rows: Any = _ROWS[name].load(content)
    validate.Length(max=MAX_SECTION_ROWS)(rows)
    return rows

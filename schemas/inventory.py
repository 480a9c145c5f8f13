"""What devices tell of themselves beyond interfaces, addresses and parts, on the wire.

Numbers of interfaces are those of the item's interfaces (ifIndex).
"""

from marshmallow import fields

from schemas.base import WireSchema


class VlanSchema(WireSchema):
    """A VLAN that the device knows; numbers over 4094 mean something to that device only."""

    number = fields.Int(required=True)
    name = fields.Str(required=True)


class NeighbourSchema(WireSchema):
    """What the device says of the other end of a link, known to the house or not."""

    protocol = fields.Str(required=True, metadata={"description": "Such as `lldp` or `cdp`."})
    local_interface_index = fields.Int(required=True, allow_none=True)
    local_port = fields.Str(required=True)
    remote_chassis_id = fields.Str(required=True)
    remote_port = fields.Str(required=True)
    remote_name = fields.Str(required=True)
    remote_description = fields.Str(required=True)
    remote_address = fields.Str(required=True)


class AttachedDeviceSchema(WireSchema):
    """An access point behind a controller, or a virtual machine of a hypervisor."""

    index = fields.Str(required=True)
    kind = fields.Str(required=True, metadata={"description": "`accessPoint` or `virtualMachine`."})
    name = fields.Str(required=True)
    model = fields.Str(required=True)
    serial = fields.Str(required=True)
    mac = fields.Str(required=True)
    address = fields.Str(required=True)
    version = fields.Str(required=True)
    system = fields.Str(required=True)


class SupplySchema(WireSchema):
    """What a printer uses up, or a receptacle that fills (Printer-MIB, RFC 3805)."""

    index = fields.Str(required=True)
    kind = fields.Str(required=True)
    name = fields.Str(required=True)
    color = fields.Str(required=True)
    is_receptacle = fields.Bool(required=True)
    level_percent = fields.Int(
        required=True,
        allow_none=True,
        metadata={"description": "What is left, or free, in steps of ten percent."},
    )


class GaugeSchema(WireSchema):
    """A value that moves, told in steps: pages printed, charge and load of a battery."""

    origin = fields.Str(required=True, metadata={"description": "`printer` or `power`."})
    name = fields.Str(required=True)
    value = fields.Str(required=True)


class SoftwareSchema(WireSchema):
    """A package that is installed on a server (HOST-RESOURCES-MIB)."""

    name = fields.Str(required=True)


class ForwardingEntrySchema(WireSchema):
    """An address that a port of a switch has learned (BRIDGE-MIB, Q-BRIDGE-MIB).

    Where a port has learned many, `mac` is empty and a `count` of 8 stands for 8 to 15 of them.
    """

    interface_index = fields.Int(required=True)
    mac = fields.Str(required=True)
    vlan = fields.Int(required=True, allow_none=True)
    count = fields.Int(required=True, allow_none=True)


class SpanningTreePortSchema(WireSchema):
    """Which port of which bridge leads the segment at a port (BRIDGE-MIB, RFC 4188)."""

    interface_index = fields.Int(required=True)
    designated_bridge = fields.Str(required=True)
    designated_port = fields.Str(required=True)
    root_bridge = fields.Str(required=True)
    is_root_port = fields.Bool(required=True)
    is_designated = fields.Bool(required=True)


class ArpEntrySchema(WireSchema):
    """The hardware address that a router has resolved for an IP address (ARP or ND)."""

    address = fields.Str(required=True)
    mac = fields.Str(required=True)
    interface_index = fields.Int(required=True, allow_none=True)

"""Which interface is behind a bridge port? (BRIDGE-MIB, RFC 4188)."""

from collections.abc import Mapping
from functools import lru_cache

from discovery.collectors.snmp.inquiry import Inquiry
from discovery.collectors.snmp.tables import by_column
from discovery.protocols.snmp.client import SnmpClient, Walk

BASE_PORT_ENTRY = "1.3.6.1.2.1.17.1.4.1"
BASE_PORT_IF_INDEX = 2


_NOT_ASKED = Walk()


class BridgePorts:
    """Finds the ifIndex of a bridge port; without a table the two numbers are the same."""

    def __init__(self, walk: Walk = _NOT_ASKED) -> None:
        self.walk = walk
        column = by_column(walk, BASE_PORT_ENTRY).get(BASE_PORT_IF_INDEX, {})
        self._interfaces: Mapping[int, int] = {
            int(port): interface
            for port, interface in column.items()
            if port.isdigit() and isinstance(interface, int)
        }

    def interface(self, port: int) -> int:
        """Return the ifIndex of a bridge port."""
        return self._interfaces.get(port, port)

    def __contains__(self, port: int) -> bool:
        return port in self._interfaces


async def read_bridge_ports(inquiry: Inquiry) -> BridgePorts:
    """Read dot1dBasePortIfIndex; worth asking of what switches or tells its neighbours."""
    return await bridge_ports_of(inquiry.client)


async def bridge_ports_of(client: SnmpClient) -> BridgePorts:
    """Read dot1dBasePortIfIndex of one client, which may see a single VLAN of its device."""
    return BridgePorts(await client.walk(BASE_PORT_ENTRY, (BASE_PORT_IF_INDEX,), is_small=True))


@lru_cache(maxsize=1024)
def ports_of(bits: bytes, first: int = 1) -> tuple[int, ...]:
    """Return the numbers whose bits are set in a PortList (RFC 4363): the highest bit is first."""
    return tuple(
        8 * place + bit + first
        for place, octet in enumerate(bits)
        if octet
        for bit in range(8)
        if octet & (0x80 >> bit)
    )

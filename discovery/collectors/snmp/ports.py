"""What further tables tell of the interfaces: their VLANs, bundles and power over the cable."""

from typing import Any

from discovery.collectors.snmp import cisco_vlans
from discovery.collectors.snmp.aggregation import AGGREGATION_ROOTS, read_aggregation
from discovery.collectors.snmp.bridge import BridgePorts
from discovery.collectors.snmp.inquiry import Inquiry
from discovery.collectors.snmp.poe import POE_ROOTS, read_poe
from discovery.collectors.snmp.tables import Reading
from discovery.collectors.snmp.vlans import VLAN_ROOTS, Switching, read_switching

PORT_ROOTS = (*VLAN_ROOTS, *cisco_vlans.ROOTS, *AGGREGATION_ROOTS, *POE_ROOTS)


async def complete_interfaces(
    inquiry: Inquiry, interfaces: Reading, ports: BridgePorts
) -> tuple[Reading, Switching]:
    """Return the interfaces with what further tables tell of them, and the VLANs."""
    rows: list[dict[str, Any]] = interfaces.content
    switching = await read_switching(inquiry, ports)
    bundles, bundle_walk = await read_aggregation(inquiry, rows)
    feeding, feeding_walks = await read_poe(inquiry, rows)
    for row in rows:
        index = row["index"]
        row.update(switching.of_port(index) | feeding.get(index, {}))
        if index in bundles:
            row["aggregate_index"] = bundles[index]
    walks = (*switching.walks, bundle_walk, *feeding_walks)
    failures = (interfaces.failure, *(walk.failure for walk in walks))
    return Reading(rows, next(filter(None, failures), None)), switching

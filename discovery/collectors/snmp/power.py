"""How well does the battery stand behind this UPS? (UPS-MIB, RFC 1628, and makers' own)."""

from collections import defaultdict
from typing import Any

from discovery.collectors.snmp.inquiry import Inquiry
from discovery.collectors.snmp.steps import PERCENT, in_steps
from discovery.collectors.snmp.tables import Reading, compact, rows_of
from discovery.collectors.snmp.values import line
from discovery.protocols.snmp.client import Walk
from discovery.protocols.snmp.wire import Value

_CHARGE_STEP = 10
_LOAD_STEP = 20
_MAX_LOAD = 300


async def read_power(inquiry: Inquiry) -> Reading | None:
    """Return the section `power`, None for what is no UPS."""
    found: dict[str, list[Value]] = defaultdict(list)
    walks: list[Walk] = []
    for _, rows, walk in await inquiry.vendor_rows("power"):
        walks.append(walk)
        for row in rows:
            for name, value in row.cells.items():
                if value is not None:
                    found[name].append(value)
    if not walks:
        return None
    return Reading(_section(found), rows_of([], *walks).failure)


def _section(found: dict[str, list[Value]]) -> dict[str, Any]:
    charges = [in_steps(one, _CHARGE_STEP, PERCENT) for one in found["charge"]]
    loads = [in_steps(one, _LOAD_STEP, _MAX_LOAD) for one in found["load"]]
    # Of several tables the standard one is asked first; of several phases the fullest counts.
    return compact(
        {
            "battery_status": next((str(one) for one in found["status"]), None),
            "charge_percent": next((one for one in charges if one is not None), None),
            "load_percent": max((one for one in loads if one is not None), default=None),
            "must_replace_battery": any(found["must_replace"]) if found["must_replace"] else None,
            "battery_replaced_on": line(next(iter(found["replaced_on"]), None), 64),
        }
    )

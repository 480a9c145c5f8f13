"""Which software is installed on the server? (HOST-RESOURCES-MIB, RFC 2790, hrSWInstalled)."""

from typing import Final

from discovery.collectors.snmp.inquiry import Inquiry
from discovery.collectors.snmp.tables import Reading, by_column, rows_of
from discovery.collectors.snmp.values import line

_ENTRY = "1.3.6.1.2.1.25.6.3.1"
_NAME = 2
MAX_PACKAGES = 5_000

SOFTWARE_ROOTS: Final = (f"{_ENTRY}.{_NAME}",)


async def read_software(inquiry: Inquiry) -> Reading | None:
    """Return the rows of the section `software` by name, None where the device lists none."""
    if not inquiry.has(SOFTWARE_ROOTS[0]):
        return None
    walk = await inquiry.client.walk(_ENTRY, (_NAME,))
    names = {line(value) for value in by_column(walk, _ENTRY).get(_NAME, {}).values()}
    rows = [{"name": name} for name in sorted(name for name in names if name)]
    return rows_of(rows[:MAX_PACKAGES], walk)

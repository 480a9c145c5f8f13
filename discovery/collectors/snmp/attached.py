"""What hangs on the device: access points of a controller, virtual machines of a hypervisor."""

from typing import Any

from discovery.collectors.snmp.inquiry import Inquiry
from discovery.collectors.snmp.tables import Reading, compact, rows_of
from discovery.collectors.snmp.values import address, line, mac, text
from discovery.collectors.snmp.vendor_tables import VendorRow
from discovery.protocols.snmp.client import Walk
from discovery.protocols.snmp.wire import Value


async def read_attached(inquiry: Inquiry) -> Reading | None:
    """Return the rows of the section `attached`, None where the device lists nothing."""
    rows: list[dict[str, Any]] = []
    walks: list[Walk] = []
    for table, vendor_rows, walk in await inquiry.vendor_rows("attached"):
        walks.append(walk)
        rows += [_row(f"{table.entry}:{row.index}", row) for row in vendor_rows]
    return rows_of(rows, *walks) if walks else None


def _row(index: str, row: VendorRow) -> dict[str, Any]:
    words = ("name", "model", "serial", "version", "system")
    return compact(
        {
            "index": index[-64:],
            "kind": row.get("kind"),
            "mac": _mac(row.get("mac")),
            "address": _address(row.get("address")),
        }
        | {name: line(row.get(name)) for name in words}
    )


def _mac(value: Value) -> str | None:
    """Return a MAC address from octets, or from the numbers of an index."""
    numbers = str(value).split(".")
    if all(one.isdigit() and int(one) < 256 for one in numbers):  # noqa: PLR2004 — an octet
        return mac(bytes(int(one) for one in numbers))
    return mac(value)


def _address(value: Value) -> str | None:
    return address(value) if isinstance(value, bytes) else text(value, 64)

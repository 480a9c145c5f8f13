"""What the section readers share about the device they ask."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Self

from discovery.collectors.snmp.survey import take_survey
from discovery.collectors.snmp.vendor_tables import (
    VendorRow,
    VendorTable,
    load_tables,
    read_vendor_table,
)
from discovery.protocols.snmp.client import SnmpClient, Walk

_NOTHING = Walk()
KINDS = ("addresses", "attached", "modules", "neighbours", "power", "vlans")
"""The kinds of makers' own tables."""
IF_X_ENTRY = "1.3.6.1.2.1.31.1.1.1"
IP_ADDR_ENTRY = "1.3.6.1.2.1.4.20.1"
ENT_PHYSICAL_ENTRY = "1.3.6.1.2.1.47.1.1.1.1"
EXPECTED = (IF_X_ENTRY, IP_ADDR_ENTRY, ENT_PHYSICAL_ENTRY)
"""The tables that nearly every device has (IF-MIB, IP-MIB, ENTITY-MIB)."""


class Inquiry:
    """One open client, and which of the tables that not every device has this one has."""

    def __init__(self, client: SnmpClient, sys_object_id: str, present: frozenset[str]) -> None:
        self.client = client
        self.sys_object_id = sys_object_id
        self._present = present

    @classmethod
    async def begin(cls, client: SnmpClient, sys_object_id: str, roots: Iterable[str]) -> Self:
        """Find out which of these OIDs and of the maker's own tables the device has."""
        own = [table.entry for kind in KINDS for table in _asked(kind, sys_object_id)]
        present = await take_survey(client, [*roots, *own], EXPECTED)
        return cls(client, sys_object_id, present)

    def has(self, root: str) -> bool:
        """Tell whether the device has something below an OID that was asked about."""
        return root in self._present

    async def walk(self, entry: str, columns: tuple[int, ...], *, is_small: bool = False) -> Walk:
        """Walk columns of a table, where the device has the first of them; else nothing."""
        if not self.has(f"{entry}.{columns[0]}"):
            return _NOTHING
        return await self.client.walk(entry, columns, is_small=is_small)

    async def walk_expected(self, entry: str, columns: tuple[int, ...]) -> Walk:
        """Walk columns of one of the `EXPECTED` tables.

        A device that seems to lack it is asked once more: an inventory must not lose all its parts
        by one wrong answer.
        """
        if not self.has(entry) and not await take_survey(self.client, [entry]):
            return _NOTHING
        return await self.client.walk(entry, columns)

    async def vendor_rows(self, kind: str) -> list[tuple[VendorTable, list[VendorRow], Walk]]:
        """Return the rows of the maker's own tables of one kind that the device has."""
        return [
            (table, *await read_vendor_table(self.client, table))
            for table in _asked(kind, self.sys_object_id)
            if self.has(table.entry)
        ]


@lru_cache(maxsize=1024)
def _asked(kind: str, sys_object_id: str) -> tuple[VendorTable, ...]:
    return tuple(table for table in load_tables(kind) if table.concerns(sys_object_id))


def find_table_name(oid: str) -> str | None:
    """Return what the maker's own table around an OID is called, with the rest in numbers."""
    asked = f"{oid}."
    for table in (one for kind in KINDS for one in load_tables(kind)):
        if asked.startswith(f"{table.entry}."):
            return f"{table.name}{asked[len(table.entry) : -1]}"
    return None

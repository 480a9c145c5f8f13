"""Which part of an agent a walk wants, and where to go on after each answer."""

from dataclasses import dataclass

from discovery.protocols.snmp.wire import Value


@dataclass(frozen=True, slots=True)
class Region:
    """Everything below an OID, or some columns of a table.

    Attributes:
        root: the OID of a subtree, or of the entry of a table.
        columns: the columns wanted, rising; none means all.
    """

    root: str
    columns: tuple[int, ...] = ()

    @property
    def start(self) -> str:
        """The OID to ask first."""
        return f"{self.root}.{self.columns[0]}" if self.columns else self.root

    def pick(self, batch: dict[str, Value]) -> dict[str, Value]:
        """Return the part of an answer that lies in the region."""
        begins = tuple(f"{self.root}.{column}." for column in self.columns) or f"{self.root}."
        return {oid: value for oid, value in batch.items() if oid.startswith(begins)}

    def next_position(self, last: str) -> str | None:
        """Return the OID to ask after `last`, None where the region ends.

        Columns that nobody wants are leapt over.
        """
        column = self._column(last)
        if column is None:
            return None
        if not self.columns or column in self.columns:
            return last
        following = next((one for one in self.columns if one > column), None)
        return None if following is None else f"{self.root}.{following}"

    def _column(self, oid: str) -> int | None:
        length = len(self.root) + 1
        if not oid.startswith(self.root + "."):
            return None
        return int(oid[length:].split(".", 1)[0])


def is_greater(oid: str, other: str) -> bool:
    """Say whether an OID comes after another in the order of SNMP."""
    return _numbers(oid) > _numbers(other)


def _numbers(oid: str) -> list[int]:
    return [int(number) for number in oid.split(".")]

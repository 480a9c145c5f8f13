"""What a rule is once it is loaded: when it applies, and where each value is found."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

MIN_ARCS = 6
"""A sysObjectID with fewer arcs names no product, so nothing is asked below it."""


class Origin(StrEnum):
    """Where a value comes from."""

    OID = "oid"
    BELOW = "below"
    COLUMN = "column"
    SYS_DESCR = "sys_descr"
    SYS_NAME = "sys_name"
    SYS_OBJECT_ID = "sys_object_id"
    COMPONENT = "component"
    TEXT = "text"
    DESCRIBED = "described"
    PRIVATE = "private"


@dataclass(frozen=True, slots=True)
class Source:
    """One place where a value may be found, and how it is cut out of the text there.

    Attributes:
        keys: instance OIDs, one column OID, the end of an OID, or the field of the chassis,
            depending on `origin`.
        up: for an OID below the device's own sysObjectID, how many arcs above it the OID begins.
        pattern: must be found in the text; its first group (or the whole match) is the value.
        format: builds the value from the groups of the pattern or from several OIDs: `{1}.{2}`.
        values: translates what was found, for enumerations and product numbers.
    """

    origin: Origin
    keys: tuple[str, ...] = ()
    pattern: re.Pattern[str] | None = None
    format: str | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    up: int = 0

    def oids(self, sys_object_id: str) -> tuple[str, ...]:
        """Return the instance OIDs this source reads; none if it reads no instances."""
        if self.origin is Origin.OID:
            return self.keys
        if self.origin is Origin.BELOW and sys_object_id.count(".") > MIN_ARCS:
            base = sys_object_id.rsplit(".", self.up)[0]
            return tuple(f"{base}.{key}" for key in self.keys)
        return ()


@dataclass(frozen=True, slots=True)
class EvidenceCondition:
    """An OID that the device must have answered, and what the answer must look like."""

    oid: str
    pattern: re.Pattern[str] | None = None


@dataclass(frozen=True, slots=True)
class ClassChoice:
    """A class that holds when its patterns are found; without patterns it always holds.

    Attributes:
        answers: instances or columns of which the device must have answered one.
    """

    name: str
    model: re.Pattern[str] | None = None
    sys_descr: re.Pattern[str] | None = None
    sys_object_id: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()

    @property
    def is_unconditional(self) -> bool:
        """Whether the class holds whatever the device says."""
        return not (self.model or self.sys_descr or self.sys_object_id or self.answers)


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """One rule of the knowledge: a device, or a family of devices, that is recognised together.

    Attributes:
        prefixes: sysObjectID prefixes, any of which must hold; empty means any sysObjectID.
        is_agent: the sysObjectID names the agent software, so rules about the device go first.
        maker: where the vendor is found if nothing else tells it.
    """

    name: str
    file: str
    vendor: str | None
    proof: str
    prefixes: tuple[str, ...] = ()
    sys_descr: re.Pattern[str] | None = None
    evidence: tuple[EvidenceCondition, ...] = ()
    is_agent: bool = False
    classes: tuple[ClassChoice, ...] = ()
    model: tuple[Source, ...] = ()
    version: tuple[Source, ...] = ()
    serial: tuple[Source, ...] = ()
    maker: tuple[Source, ...] = ()

    @property
    def is_general(self) -> bool:
        """Whether the rule has no condition at all and so knows the least of any device."""
        return not (self.prefixes or self.sys_descr or self.evidence)

    @property
    def conditions(self) -> int:
        """How much a device must fulfil beside its sysObjectID; evidence counts double."""
        return 2 * len(self.evidence) + (self.sys_descr is not None)

    def precedence(self, sys_object_id: str) -> tuple[bool, int, int]:
        """Return what decides who speaks first: two rules with the same are equally specific."""
        arcs = [one.count(".") for one in self.prefixes if is_under(sys_object_id, one)]
        return not self.is_agent, max(arcs, default=0), self.conditions

    @property
    def sources(self) -> tuple[Source, ...]:
        """Every source of the rule, the ones of the identifying values first."""
        return self.model + self.serial + self.version + self.maker


def is_under(oid: str, prefix: str) -> bool:
    """Return whether an OID is a prefix's own or lies below it in the tree."""
    return oid == prefix or oid.startswith(prefix + ".")

"""Templates of invented devices (`config/demo/devices.toml`), and devices made from them."""

import random
import tomllib
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

_ETHERNET = 6


MAC_AS_SERIAL = "{mac}"
"""Some makers number their devices by the MAC address of the first port."""


@dataclass(frozen=True, slots=True)
class PortRange:
    """Ports of one kind; `{n}` in the names is their number.

    Attributes:
        speed: in Mbit/s; 0 if the port tells none.
        index: the ifIndex of the first port, the others follow.
        type: the number of the IANAifType.
    """

    name: str
    short: str
    count: int
    speed: int
    index: int
    start: int = 1
    type: int = _ETHERNET


@dataclass(frozen=True, slots=True)
class Part:
    """A part in the chassis: power supply, fan, module."""

    kind: str
    name: str
    model: str
    serial: str


@dataclass(frozen=True, slots=True)
class Chassis:
    """What ENTITY-MIB says of the whole device; model and maker default to the template's."""

    name: str
    description: str
    software: str
    model: str = ""
    maker: str = ""


@dataclass(frozen=True, slots=True)
class Host:
    """What HOST-RESOURCES-MIB says; disks are name → size in GB."""

    memory_mb: int
    processors: int
    processor: str
    disks: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Template:
    """A kind of device, with everything that all devices of the kind have in common.

    Attributes:
        maker: empty where devices of the kind do not tell it, as computers mostly do not.
        mute_every: every so many of them do not speak LLDP; 0 for none.
    """

    key: str
    role: str
    maker: str
    model: str
    oui: str
    versions: tuple[str, ...]
    sys_object_id: str
    sys_descr: str
    services: int
    ports: tuple[PortRange, ...]
    serial: str = ""
    chassis: Chassis | None = None
    parts: tuple[Part, ...] = ()
    scalars: Mapping[str, str | int] = field(default_factory=dict)
    host: Host | None = None
    mute_every: int = 0


@dataclass(frozen=True, slots=True)
class Link:
    """A cable seen from one end; the other end is a port of another device."""

    port: int
    other: str
    other_port: int
    label: str
    is_uplink: bool = False


@dataclass(frozen=True, slots=True)
class Device:
    """One invented device.

    Attributes:
        address: the address it gives in IP-MIB.
        generation: grows with every change; the serial number depends on it.
        links: cables at both ends of which LLDP is spoken.
        attached: cables to other devices, whose addresses a switch learns.
        trunks: cables between switches, of which the spanning tree tells.
        aliases: ifIndex → ifAlias of ports that somebody named.
    """

    template: Template
    name: str
    location: str
    address: str
    seed: int = 0
    number: int = 1
    generation: int = 0
    links: tuple[Link, ...] = ()
    attached: tuple[Link, ...] = ()
    trunks: tuple[Link, ...] = ()
    aliases: Mapping[int, str] = field(default_factory=dict)

    @property
    def version(self) -> str:
        """The version of its operating system or firmware."""
        versions = self.template.versions
        return versions[_stable(f"{self.seed}/{self.name}/version") % len(versions)]

    @property
    def serial(self) -> str:
        """The invented serial number, in the maker's form; empty for devices that tell none."""
        if self.template.serial == MAC_AS_SERIAL:
            return self.mac(1).hex()
        return invent_serial(self.template.serial, f"{self.seed}/{self.name}/{self.generation}")

    def mac(self, index: int = 0) -> bytes:
        """Return the six octets of the MAC address of a port, or of the device itself."""
        base = _stable(f"{self.seed}/{self.name}/{self.generation}/mac") & 0xFFFF00
        octets = bytes.fromhex(self.template.oui.replace(":", ""))
        return octets + ((base + index) & 0xFFFFFF).to_bytes(3, "big")

    def fill(self, text: str) -> str:
        """Return a text of the template with this device's values in it."""
        return text.format(
            name=self.name, version=self.version, serial=self.serial, number=self.number
        )


def invent_serial(pattern: str, key: str) -> str:
    """Return the serial number of a key in a form that `config/demo/devices.toml` explains."""
    source = random.Random(key)  # noqa: S311 — invented values, the same in every run
    letters, digits = "ABCDEFGHJKLMNPQRSTUVWXYZ", "0123456789"
    choices = {"9": digits, "A": letters, "X": digits + letters}
    result: list[str] = []
    marks = iter(pattern)
    for mark in marks:
        if mark == "\\":
            result.append(next(marks, ""))
        else:
            result.append(source.choice(choices.get(mark, mark)))
    return "".join(result)


@cache
def load_templates() -> Mapping[str, Template]:
    """Return the packaged templates by their key."""
    text = files("config").joinpath("demo", "devices.toml").read_text("utf-8")
    return {entry["key"]: _template(entry) for entry in tomllib.loads(text)["template"]}


def _template(entry: Mapping[str, Any]) -> Template:
    values = dict(entry)
    values["versions"] = tuple(entry["versions"])
    values["ports"] = tuple(PortRange(**ports) for ports in entry["ports"])
    values["parts"] = tuple(Part(**part) for part in entry.get("parts", ()))
    values["chassis"] = Chassis(**entry["chassis"]) if "chassis" in entry else None
    values["host"] = Host(**entry["host"]) if "host" in entry else None
    return Template(**values)


def _stable(text: str) -> int:
    # The built-in hash differs from process to process.
    return zlib.crc32(text.encode())

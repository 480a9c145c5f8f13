"""Leads through one look at one device: open, probe, read section after section, report."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from discovery.collectors.base import CollectorContext
from discovery.collectors.snmp.access import Access, open_device
from discovery.collectors.snmp.addresses import ADDRESS_ROOTS, read_addresses
from discovery.collectors.snmp.arp import ARP_ROOTS, is_router, read_arp
from discovery.collectors.snmp.attached import read_attached
from discovery.collectors.snmp.bridge import BridgePorts, read_bridge_ports
from discovery.collectors.snmp.components import read_components
from discovery.collectors.snmp.credentials import secrets_for
from discovery.collectors.snmp.forwarding import FORWARDING_ROOTS, read_forwarding
from discovery.collectors.snmp.host import is_host, read_host
from discovery.collectors.snmp.inquiry import Inquiry
from discovery.collectors.snmp.interfaces import INTERFACE_ROOTS, read_interfaces
from discovery.collectors.snmp.lldp import LLDP_ROOTS
from discovery.collectors.snmp.neighbours import read_neighbours
from discovery.collectors.snmp.options import SnmpOptions, SnmpOptionsSchema
from discovery.collectors.snmp.ports import PORT_ROOTS, complete_interfaces
from discovery.collectors.snmp.power import read_power
from discovery.collectors.snmp.printer import PRINTER_ROOTS, read_printer
from discovery.collectors.snmp.software import SOFTWARE_ROOTS, read_software
from discovery.collectors.snmp.spanning_tree import SPANNING_TREE_ROOTS, read_spanning_tree
from discovery.collectors.snmp.system import read_system
from discovery.collectors.snmp.tables import Reading
from discovery.collectors.snmp.translation import outside_address
from discovery.collectors.snmp.uptime import SYS_UP_TIME, has_started_anew
from discovery.collectors.snmp.vlans import VLAN_ROOTS, Switching
from discovery.errors import DiscoveryError, IncompleteError, RefusedError
from discovery.ranges import expand_range
from schemas.observation import Document, Problem, TargetReport
from schemas.sentences.snmp import SnmpSentence
from schemas.vocabulary import Section, Source, Step, SubjectKind

_SNMP_PORT = 161


class SnmpCollector:
    """Reads network devices, servers and whatever else speaks SNMP."""

    name = "snmp"

    def check_options(self, options: dict[str, Any]) -> dict[str, Any]:
        """Return the options with defaults filled in."""
        checked: Any = SnmpOptionsSchema().load(options)
        return asdict(checked)

    def expand(self, target: str, exclusions: tuple[str, ...]) -> list[str]:
        """Return the addresses of a range, or the one address or host name itself."""
        return expand_range(target, exclusions)

    async def collect(
        self, target: str, context: CollectorContext
    ) -> AsyncIterator[Document | TargetReport]:
        """Look at one address; never raises for what the device does."""
        options = SnmpOptions(**context.options)
        names = secrets_for(target, options.credentials_by_range, context.credentials)
        context = replace(context, credentials=names)
        try:
            access = await open_device(outside_address(target, options.translate), context, options)
        except DiscoveryError as error:
            yield TargetReport(target, _step_before(error), error.as_problem())
            return
        loop = asyncio.get_running_loop()
        begun, uptime = loop.time(), access.probe.get(SYS_UP_TIME)
        try:
            look = await _look(access)
            if await has_started_anew(access.client, uptime, loop.time() - begun):
                look.keep_system_only()
        finally:
            access.close()
        yield _document(_key(target, options), target, look, access, context)
        yield TargetReport(target, Step.AUTHENTICATED, documents=1)


@dataclass(slots=True)
class _Look:
    """The sections read so far and what was wrong with them."""

    sections: dict[Section, Any] = field(default_factory=dict[Section, Any])
    incomplete: list[Section] = field(default_factory=list[Section])
    problems: list[Problem] = field(default_factory=list[Problem])

    def take(self, section: Section, reading: Reading) -> None:
        """Take in one section, complete or not."""
        self.sections[section] = reading.content
        if reading.failure is not None:
            self.incomplete.append(section)
            self.problems.append(reading.failure.as_problem(section))

    def keep_system_only(self) -> None:
        """Drop what was read around a new start of the agent: numbers may mean other ports now."""
        self.sections = {Section.SYSTEM: self.sections[Section.SYSTEM]}
        self.incomplete = [one for one in self.incomplete if one in self.sections]
        self.problems = [IncompleteError(SnmpSentence.STARTED_ANEW).as_problem()]

    def take_if_any(self, section: Section, reading: Reading | None) -> None:
        """Take in a section that only some kinds of devices have."""
        if reading is not None:
            self.take(section, reading)


async def _look(access: Access) -> _Look:
    client, look = access.client, _Look()
    look.take(Section.SYSTEM, await read_system(client, access.probe))
    sys_object_id = look.sections[Section.SYSTEM].get("sys_object_id") or ""
    roots = (
        *_ROOTS,
        *(SOFTWARE_ROOTS if is_host(access.probe) else ()),
        *(ARP_ROOTS if is_router(access.probe) else ()),
    )
    inquiry = await Inquiry.begin(client, sys_object_id, roots)
    is_linked = any(inquiry.has(root) for root in (*VLAN_ROOTS, *LLDP_ROOTS, *_BRIDGE_ROOTS))
    ports = await read_bridge_ports(inquiry) if is_linked else BridgePorts()
    interfaces, switching = await complete_interfaces(
        inquiry, await read_interfaces(inquiry), ports
    )
    look.take(Section.INTERFACES, interfaces)
    look.take(Section.COMPONENTS, await read_components(inquiry))
    look.take(Section.ADDRESSES, await read_addresses(inquiry))
    look.take(Section.NEIGHBOURS, await read_neighbours(inquiry, interfaces.content, ports))
    if switching.names:
        look.take(Section.VLANS, switching.section())
    if is_host(access.probe):
        look.take(Section.HOST, await read_host(client, access.probe))
        look.take_if_any(Section.SOFTWARE, await read_software(inquiry))
    await _take_topology(look, access, inquiry, switching, ports)
    look.take_if_any(Section.ATTACHED, await read_attached(inquiry))
    look.take_if_any(Section.PRINTER, await read_printer(inquiry))
    look.take_if_any(Section.POWER, await read_power(inquiry))
    return look


async def _take_topology(
    look: _Look, access: Access, inquiry: Inquiry, switching: Switching, ports: BridgePorts
) -> None:
    """Take in what tells behind which port other devices are."""
    interfaces, addresses = (look.sections[one] for one in (Section.INTERFACES, Section.ADDRESSES))
    forwarding = await read_forwarding(inquiry, interfaces, switching, ports, access.in_vlan)
    look.take_if_any(Section.FORWARDING, forwarding)
    look.take_if_any(Section.SPANNING_TREE, await read_spanning_tree(inquiry, interfaces, ports))
    look.take_if_any(Section.ARP, await read_arp(inquiry, interfaces, addresses))


_BRIDGE_ROOTS = (*FORWARDING_ROOTS, *SPANNING_TREE_ROOTS)
_ROOTS = (
    *_BRIDGE_ROOTS,
    *LLDP_ROOTS,
    *ADDRESS_ROOTS,
    *INTERFACE_ROOTS,
    *PORT_ROOTS,
    *PRINTER_ROOTS,
)


def _key(target: str, options: SnmpOptions) -> str:
    """Return what tells the device from others: its address, with the port where it is unusual.

    Behind an address translation the port belongs to the way there, not to the device.
    """
    if options.port == _SNMP_PORT or outside_address(target, options.translate) != target:
        return target
    host = f"[{target}]" if ":" in target else target
    return f"{host}:{options.port}"


def _document(
    key: str, target: str, look: _Look, access: Access, context: CollectorContext
) -> Document:
    return Document(
        kind=SubjectKind.DEVICE,
        key=key,
        target=target,
        source=Source.SNMP,
        observed_at=context.now(),
        sections=look.sections,
        incomplete=tuple(look.incomplete),
        problems=tuple(look.problems),
        credential=access.credential,
    )


def _step_before(error: DiscoveryError) -> Step:
    return Step.REACHED if isinstance(error, RefusedError) else Step.ASKED

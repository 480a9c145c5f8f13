"""Leads through one look at one device: open, probe, read section after section, report."""

from collections.abc import AsyncIterator, Awaitable
from dataclasses import asdict, dataclass, field
from typing import Any

from discovery.collectors.base import CollectorContext
from discovery.collectors.snmp.access import Access, open_device
from discovery.collectors.snmp.addresses import read_addresses
from discovery.collectors.snmp.components import read_components
from discovery.collectors.snmp.host import is_host, read_host
from discovery.collectors.snmp.interfaces import read_interfaces
from discovery.collectors.snmp.neighbours import read_neighbours
from discovery.collectors.snmp.options import SnmpOptions, SnmpOptionsSchema
from discovery.collectors.snmp.system import read_system
from discovery.collectors.snmp.tables import Reading
from discovery.collectors.snmp.translation import outside_address
from discovery.errors import DiscoveryError, RefusedError
from discovery.ranges import expand_range
from schemas.observation import Document, Problem, TargetReport
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
        try:
            access = await open_device(outside_address(target, options.translate), context, options)
        except DiscoveryError as error:
            yield TargetReport(target, _step_before(error), error.as_problem())
            return
        try:
            look = await _look(access)
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

    async def read(self, section: Section, reading: Awaitable[Reading]) -> None:
        """Take in one section, complete or not."""
        result = await reading
        self.sections[section] = result.content
        if result.failure is not None:
            self.incomplete.append(section)
            self.problems.append(result.failure.as_problem(section))


async def _look(access: Access) -> _Look:
    client, look = access.client, _Look()
    await look.read(Section.SYSTEM, read_system(client, access.probe))
    await look.read(Section.INTERFACES, read_interfaces(client))
    await look.read(Section.COMPONENTS, read_components(client))
    await look.read(Section.ADDRESSES, read_addresses(client))
    interfaces = look.sections[Section.INTERFACES]
    await look.read(Section.NEIGHBOURS, read_neighbours(client, interfaces))
    if is_host(access.probe):
        await look.read(Section.HOST, read_host(client, access.probe))
    return look


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

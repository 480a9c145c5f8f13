"""The demo's invented network: partners, sites, devices and the cables between them.

A partner's devices answer at loopback addresses (`served` prefix) and call themselves by addresses
of the partner's own network (`inside` prefix), as devices behind a collector do.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from discovery.simulator.recording import Recording
from discovery.simulator.synthetic import ports_of, record_device
from discovery.simulator.templates import Device, Link, load_templates

HOSTS_PER_BLOCK = 250
_CODES = {
    "core": "co",
    "distribution": "ds",
    "access": "sw",
    "router": "rt",
    "firewall": "fw",
    "access_point": "ap",
    "hypervisor": "hv",
    "server": "srv",
    "storage": "nas",
    "printer": "prn",
    "ups": "ups",
    "pdu": "pdu",
    "camera": "cam",
}
_SWITCHING = ("core", "distribution", "access")
_CHAIN = ("router", "firewall", *_SWITCHING)
_SPEAKS_LLDP = {*_CHAIN, "access_point", "hypervisor"}
_IN_SERVER_ROOM = {"hypervisor", "server", "storage"}


@dataclass(frozen=True, slots=True)
class DemoSite:
    """A building; `counts` says how many devices of which template stand in it."""

    key: str
    name: str
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class DemoPartner:
    """A partner with the first two octets of its loopback and of its own network."""

    key: str
    name: str
    served: str
    inside: str
    sites: Sequence[DemoSite]


@dataclass(slots=True)
class _Draft:
    """A device while its cables are being laid."""

    device: Device
    site: str
    links: list[Link] = field(default_factory=list)
    attached: list[Link] = field(default_factory=list)
    trunks: list[Link] = field(default_factory=list)
    aliases: dict[int, str] = field(default_factory=dict)
    used: set[int] = field(default_factory=set)

    @property
    def role(self) -> str:
        """What the device is for."""
        return self.device.template.role

    @property
    def speaks_lldp(self) -> bool:
        """Whether it tells its neighbours about itself."""
        every = self.device.template.mute_every
        return self.role in _SPEAKS_LLDP and not (every and self.device.number % every == 0)

    def free_port(self, *, from_end: bool = False) -> int | None:
        """Return a port that no cable uses; uplinks take the last ones."""
        ports = ports_of(self.device)
        free = (
            port.index
            for port in (reversed(ports) if from_end else ports)
            if port.index not in self.used
        )
        return next(free, None)


class DemoNetwork(Mapping[str, Recording]):
    """Address → recording of every device; recordings are built when they are asked for.

    Args:
        partners: whose networks to invent.
        seed: the same seed gives the same network.
    """

    def __init__(self, partners: Sequence[DemoPartner], seed: int = 1) -> None:
        self._devices: dict[str, Device] = {}
        self._addresses: dict[str, str] = {}
        self._of_partner: dict[str, list[str]] = {}
        for partner in partners:
            drafts = dict(_place(partner, seed))
            _connect(list(drafts.values()))
            for address, draft in drafts.items():
                device = replace(
                    draft.device,
                    links=tuple(draft.links),
                    attached=tuple(draft.attached),
                    trunks=tuple(draft.trunks),
                    aliases=dict(draft.aliases),
                )
                self._devices[address] = device
                self._addresses[device.name] = address
                self._of_partner.setdefault(partner.key, []).append(address)

    def __getitem__(self, address: str) -> Recording:
        return record_device(self._devices[address], self.find)

    def __iter__(self) -> Iterator[str]:
        return iter(self._devices)

    def __len__(self) -> int:
        return len(self._devices)

    def device(self, address: str) -> Device:
        """Return the device at a loopback address; KeyError if there is none."""
        return self._devices[address]

    def find(self, name: str) -> Device:
        """Return the device of a name; KeyError if there is none."""
        return self._devices[self._addresses[name]]

    def addresses_of(self, partner: str) -> tuple[str, ...]:
        """Return the loopback addresses of a partner's devices."""
        return tuple(self._of_partner.get(partner, ()))

    def changed(self, address: str) -> Recording:
        """Let a device be exchanged for another of its kind and return what it says from now on.

        Its serial number and MAC addresses are new and its first port has another name. Pass the
        recording to `Simulator.replace`; its neighbours notice when they are built anew.
        """
        device = self._devices[address]
        first = ports_of(device)[0].index
        generation = device.generation + 1
        aliases = {**device.aliases, first: f"Umbau {generation}"}
        self._devices[address] = replace(device, generation=generation, aliases=aliases)
        return self[address]


def _place(partner: DemoPartner, seed: int) -> Iterator[tuple[str, _Draft]]:
    """Yield every device of a partner with its loopback address."""
    templates = load_templates()
    block = 0
    for site in partner.sites:
        block, host = block + 1, 0
        numbers: dict[str, int] = {}
        for key, count in site.counts.items():
            role = templates[key].role
            for _ in range(count):
                if host == HOSTS_PER_BLOCK:
                    block, host = block + 1, 0
                host += 1
                number = numbers[role] = numbers.get(role, 0) + 1
                device = Device(
                    template=templates[key],
                    name=f"{_CODES[role]}-{partner.key}-{site.key}-{number:02d}",
                    location=f"{partner.name}, {site.name}",
                    address=f"{partner.inside}.{block}.{host}",
                    seed=seed,
                    number=number,
                )
                yield f"{partner.served}.{block}.{host}", _Draft(device, site.key)


def _connect(drafts: Sequence[_Draft]) -> None:
    """Lay the cables: within each site from the edge to the top, and from site to site."""
    sites: dict[str, dict[str, list[_Draft]]] = {}
    for draft in drafts:
        roles = sites.setdefault(draft.site, {})
        roles.setdefault(draft.role, []).append(draft)
    tops = [_connect_site(roles) for roles in sites.values()]
    for top in tops[1:]:
        if tops[0] is not None and top is not None:
            _cable(top, tops[0])


def _connect_site(roles: Mapping[str, list[_Draft]]) -> _Draft | None:
    """Connect the devices of one site and return the one that leads out of it."""
    levels = [roles[role] for role in _CHAIN if role in roles]
    for upper, lower in pairwise(levels):
        for number, draft in enumerate(lower):
            _cable(draft, upper[number % len(upper)])
    switches = [roles[role] for role in _SWITCHING if role in roles]
    if switches:
        for role, ends in roles.items():
            if role in _CHAIN:
                continue
            level = switches[0] if role in _IN_SERVER_ROOM else switches[-1]
            for number, draft in enumerate(ends):
                _cable(draft, level[number % len(level)])
    return levels[0][0] if levels else None


def _cable(lower: _Draft, upper: _Draft) -> None:
    """Connect two devices; who tells of it depends on what they speak."""
    own, other = lower.free_port(from_end=lower.role in _CHAIN), upper.free_port()
    if own is None or other is None:
        return
    lower.used.add(own)
    upper.used.add(other)
    name = upper.device.name
    up = Link(own, name, other, f"Uplink {name}", is_uplink=True)
    down = Link(other, lower.device.name, own, lower.device.name)
    is_trunk = {lower.role, upper.role} <= set(_SWITCHING)
    if is_trunk:
        lower.trunks.append(up)
        upper.trunks.append(down)
    if lower.speaks_lldp and upper.speaks_lldp:
        lower.links.append(up)
        upper.links.append(down)
    elif not is_trunk:
        upper.attached.append(down)
        upper.aliases[other] = lower.device.name

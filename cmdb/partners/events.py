"""What happens to partners and what belongs to them."""

from dataclasses import dataclass

from cmdb.kernel.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationCreated(Event):
    """An organisation was added."""

    name: str
    roles: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationChanged(Event):
    """What is written about an organisation was changed; `fields` names what."""

    fields: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class MunicipalitiesImported(Event):
    """A list of municipalities was brought in."""

    created: int
    changed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteSaved(Event):
    """A site was added or changed."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactSaved(Event):
    """A contact was added or changed."""

    function: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactRemoved(Event):
    """A contact is no longer to be called."""

    function: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RoutingDomainCreated(Event):
    """An address space of its own was added for a partner."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupSaved(Event):
    """A group of organisations was added or its members were changed."""

    slug: str
    members: int

"""What happens to services and prices."""

from dataclasses import dataclass

from cmdb.kernel.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceCreated(Event):
    """A service was added to the catalogue."""

    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceChanged(Event):
    """The description of a service was changed; `fields` names what."""

    code: str
    fields: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceReleased(Event):
    """A price was released; `valid_from` is its first day in ISO form."""

    code: str
    valid_from: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceStateChanged(Event):
    """A service moved on in its life."""

    code: str
    before: str
    after: str

"""What happens to configuration items, their classes and relations."""

from dataclasses import dataclass

from cmdb.kernel.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemCreated(Event):
    """A person declared a new item."""

    name: str
    class_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemChanged(Event):
    """An item was changed; `fields` names what, the revision says how."""

    fields: list[str]
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemDeleted(Event):
    """A planned item that never came into being was deleted."""

    name: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RelationAdded(Event):
    """A person declared how the item stands to another one."""

    target_id: str
    type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RelationRemoved(Event):
    """A declared relation of the item was withdrawn."""

    target_id: str
    type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassCreated(Event):
    """A class of items was added at run time."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AttributeAdded(Event):
    """A class got a further attribute."""

    class_name: str
    attribute: str

"""How a change of an item is worked out before anything is written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session
from sqlalchemy.orm.util import identity_key

from cmdb.history.commands import Claim
from cmdb.history.precedence import believed_value
from cmdb.history.rules import FactKey, Said
from cmdb.items import rules
from cmdb.items.classes import read_definitions
from cmdb.items.models import ConfigurationItem
from cmdb.kernel.errors import N_, InvalidError
from cmdb.kernel.viewer import Viewer
from schemas.vocabulary import Lifecycle, Source

_KEYS: Final = (*rules.PARTNER_COLUMNS, "site_id")


@dataclass(frozen=True, slots=True)
class ItemPatch:
    """What is to become of one item: columns and attributes by name.

    Attributes:
        expected_version: the version that was read; None changes whatever is there.
    """

    item_id: UUID
    changes: Mapping[str, Any]
    expected_version: int | None = None


@dataclass(frozen=True, slots=True)
class NewItem:
    """An item as a person declares it.

    Attributes:
        values: further columns and attributes of the class by name.
    """

    class_name: str
    name: str
    partner_id: UUID
    lifecycle: Lifecycle = Lifecycle.IN_OPERATION
    values: Mapping[str, Any] = field(default_factory=dict[str, Any])


class Present(NamedTuple):
    """An item as it is before a change."""

    id: UUID
    version: int
    class_name: str
    name: str
    lifecycle: Lifecycle
    partner_id: UUID
    user_partner_id: UUID | None
    operator_id: UUID | None
    site_id: UUID | None
    vendor: str
    model: str
    serial: str
    os_version: str
    address: str
    attributes: dict[str, Any]

    def value_of(self, name: str) -> Any:
        """Return a column or attribute as plain JSON; None stands for nothing."""
        if name not in rules.COLUMNS:
            return self.attributes.get(name)
        value = getattr(self, name)
        return str(value) if value else None


COLUMNS: Final = tuple(getattr(ConfigurationItem, name) for name in Present._fields)


@dataclass(frozen=True, slots=True)
class Changed:
    """A change as it was written.

    Attributes:
        version: of the item after the change.
        said: what all sources say now of each attribute that was changed.
        subjects: what was seen, where discovery speaks of such an attribute.
    """

    item_id: UUID
    partner_id: UUID
    version: int
    said: Mapping[str, Said] = field(default_factory=dict[str, Said])
    subjects: Mapping[FactKey, UUID] = field(default_factory=dict[FactKey, UUID])


@dataclass(frozen=True, slots=True)
class Draft:
    """A change that is in order: only what differs from what is believed.

    Attributes:
        partner_id: whose the item is after the change.
    """

    item: Present
    values: dict[str, Any]
    partner_id: UUID
    definitions: rules.Definitions = field(default_factory=dict[str, rules.AttributeDefinition])

    @property
    def item_id(self) -> UUID:
        """The item to change."""
        return self.item.id

    def differences(self, after: Mapping[str, Any]) -> dict[str, list[Any]]:
        """Return before and after of what really changes, as a revision keeps it."""
        before = {name: self.item.value_of(name) for name in after}
        return {
            name: [before[name], value] for name, value in after.items() if before[name] != value
        }

    def row_of(self, after: Mapping[str, Any]) -> dict[str, Any]:
        """Return all columns of the item as they are after the change."""
        attributes = {**self.item.attributes, **_attributes(after)}
        columns = as_columns({name: after[name] for name in after if name in rules.COLUMNS})
        kept = {name: value for name, value in attributes.items() if value is not None}
        return {**self.item._asdict(), **columns, "attributes": kept}


def declared_values(new: NewItem, definitions: rules.Definitions) -> dict[str, Any]:
    """Return what a person says of a new item, as plain JSON; what is not said is left out.

    Raises:
        InvalidError: with a complaint for each value that is not in order.
    """
    base = {
        "class_name": new.class_name,
        "name": new.name,
        "partner_id": str(new.partner_id),
        "lifecycle": new.lifecycle,
    }
    cleaned = rules.clean_changes({**new.values, **base}, definitions)
    values = {name: value for name, value in cleaned.items() if value is not None}
    rules.check_required(_attributes(values), definitions)
    return values


def new_row(item_id: UUID, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return all columns of a new item; the same for all, so that they are written at once."""
    columns = as_columns({name: values.get(name) for name in rules.COLUMNS})
    return {**columns, "attributes": _attributes(values), "id": item_id}


def classes_of(item: Present, patch: ItemPatch) -> set[str]:
    """Return the class whose attributes decide about a patch, none where it is of columns only."""
    if "class_name" not in patch.changes and patch.changes.keys() <= set(rules.COLUMNS):
        return set()
    return {patch.changes.get("class_name") or item.class_name}


def draft_of(
    item: Present, patch: ItemPatch, definitions: Mapping[str, rules.Definitions]
) -> Draft:
    """Return what a patch would change of an item.

    Raises:
        InvalidError: with a complaint for each value that is not in order.
    """
    known = definitions.get(patch.changes.get("class_name") or item.class_name, {})
    cleaned = rules.clean_changes(patch.changes, known)
    values = {name: value for name, value in cleaned.items() if item.value_of(name) != value}
    if "partner_id" in values and "site_id" not in cleaned and item.site_id is not None:
        values["site_id"] = None
    attributes = _attributes(values)
    if attributes or "class_name" in values:
        rules.check_required({**item.attributes, **attributes}, known)
    return Draft(item, values, UUID(values.get("partner_id") or str(item.partner_id)), known)


def said_of(draft: Draft, open_values: Mapping[FactKey, Any]) -> dict[str, Said]:
    """Return what the sources say of each attribute that a draft changes."""
    return {
        name: {
            source: open_values[draft.item_id, name, source]
            for source in Source
            if (draft.item_id, name, source) in open_values
        }
        for name in draft.values
    }


def believed(said: Mapping[str, Said]) -> dict[str, Any]:
    """Return the values after a change: the word of the first source in the order of belief.

    A declaration that is withdrawn gives way to what discovery says; one that discovery overrules
    is kept as a fact, not as the value.
    """
    return {name: believed_value(name, values) for name, values in said.items()}


def declared_of(draft: Draft, open_values: Mapping[FactKey, Any]) -> dict[str, Any]:
    """Return what people said before of what is changed, and of discovery only what differs."""
    declared: dict[str, Any] = {}
    for name, said in said_of(draft, open_values).items():
        value = said.get(Source.DECLARED)
        discovered = (word for source, word in said.items() if source is not Source.DECLARED)
        if value not in discovered:
            declared[name] = value
    return declared


def claims_of(actor: Viewer, item_id: UUID, values: Mapping[str, Any]) -> list[Claim]:
    """Return what a person says by changing these values."""
    return [
        Claim(item_id, name, Source.DECLARED, value, actor_name=actor.name)
        for name, value in values.items()
    ]


def as_columns(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return plain JSON values in the form in which the table keeps them."""
    columns: dict[str, Any] = {}
    for name, value in values.items():
        if name in _KEYS:
            columns[name] = UUID(value) if value else None
        elif name == "lifecycle":
            columns[name] = Lifecycle(value)
        else:
            columns[name] = value or ""
    return columns


def get_definitions(session: Session, names: set[str]) -> dict[str, rules.Definitions]:
    """Return the attributes of the classes, without a statement where there are none.

    Raises:
        InvalidError: one of the classes does not exist.
    """
    definitions = read_definitions(session, names) if names else {}
    for name in names - definitions.keys():
        complaint = N_("There is no such class.")
        raise InvalidError(
            "item.class",
            N_("There is no class «{name}»."),
            errors={"class_name": complaint},
            name=name,
        )
    return definitions


def forget(session: Session, drafts: Sequence[Draft]) -> None:
    """Let the session read the changed items again where it holds them as objects."""
    for one in drafts:
        held = session.identity_map.get(identity_key(ConfigurationItem, one.item_id))
        if held is not None:
            session.expire(held)


def _attributes(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name not in rules.COLUMNS}

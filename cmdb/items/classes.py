"""The classes of items: those that ship and those that are added at run time."""

import tomllib
from collections.abc import Iterable, Sequence
from importlib import resources
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cmdb.items import rules
from cmdb.items.events import AttributeAdded, ClassCreated
from cmdb.items.models import CiClass
from cmdb.kernel.errors import N_, ConflictError, InvalidError, NotFoundError
from cmdb.kernel.events import record
from cmdb.kernel.viewer import Viewer, permit

ADMINISTER = "admin.classes"


def shipped_classes() -> list[CiClass]:
    """Return the classes of `config/ci_classes.toml`, not yet part of any session."""
    text = resources.files("config").joinpath("ci_classes.toml").read_text("utf-8")
    return [_shipped(name, entry) for name, entry in tomllib.loads(text)["class"].items()]


def seed_classes(session: Session, actor: Viewer) -> None:
    """Bring the shipped classes up to date; what was added at run time stays."""
    permit(actor, ADMINISTER, None)
    known = {one.name: one for one in session.scalars(sa.select(CiClass))}
    for shipped in shipped_classes():
        present = known.get(shipped.name)
        if present is None:
            session.add(shipped)
            continue
        names = {entry["name"] for entry in shipped.attributes}
        own = [entry for entry in present.attributes if entry["name"] not in names]
        present.label_de, present.label_en = shipped.label_de, shipped.label_en
        present.icon, present.is_shipped = shipped.icon, True
        if present.attributes != shipped.attributes + own:
            present.attributes = shipped.attributes + own


def create_class(
    session: Session, actor: Viewer, name: str, labels: tuple[str, str], *, icon: str = "box"
) -> CiClass:
    """Add a class; it has the attributes of the more general class that its name begins with.

    Raises:
        InvalidError: the name or a label is not in order.
        ConflictError: there is a class of this name.
    """
    permit(actor, ADMINISTER, None)
    if not rules.CLASS_NAME.fullmatch(name) or not all(labels):
        raise InvalidError(
            "class.name", N_("A class needs a name such as «network.switch» and two labels.")
        )
    *above, _own = rules.classes_above(name)
    if above and session.get(CiClass, above[-1]) is None:
        raise InvalidError(
            "class.parent", N_("There is no class «{name}» to belong to."), name=above[-1]
        )
    if session.get(CiClass, name) is not None:
        raise ConflictError("class.exists", N_("There is a class «{name}» already."), name=name)
    created = CiClass(name=name, label_de=labels[0], label_en=labels[1], icon=icon, attributes=[])
    session.add(created)
    record(session, actor, ClassCreated(subject_id=None, partner_id=None, name=name))
    return created


def add_attribute(
    session: Session, actor: Viewer, class_name: str, definition: rules.AttributeDefinition
) -> CiClass:
    """Give a class a further attribute.

    A required one binds the next change of an item, not the items that are there already.

    Raises:
        NotFoundError: there is no such class.
        ConflictError: the class, or one above or below it, has an attribute of this name.
    """
    permit(actor, ADMINISTER, None)
    rules.read_definition(definition.as_entry())
    changed = session.get(CiClass, class_name)
    if changed is None:
        raise NotFoundError("class.not-found", N_("There is no class «{name}»."), name=class_name)
    related = CiClass.name.startswith(f"{class_name}.", autoescape=True)
    family = session.scalars(
        sa.select(CiClass).where(related | CiClass.name.in_(rules.classes_above(class_name)))
    )
    if any(definition.name == one["name"] for part in family for one in part.attributes):
        raise ConflictError(
            "class.attribute-exists",
            N_("There is an attribute «{name}» already."),
            name=definition.name,
        )
    changed.attributes = [*changed.attributes, definition.as_entry()]
    told = AttributeAdded(
        subject_id=None, partner_id=None, class_name=class_name, attribute=definition.name
    )
    record(session, actor, told)
    return changed


def read_definitions(session: Session, names: Iterable[str]) -> dict[str, rules.Definitions]:
    """Return the attributes of these classes, in one statement; unknown classes are left out."""
    wanted = set(names)
    above = {part for name in wanted for part in rules.classes_above(name)}
    rows = session.execute(
        sa.select(CiClass.name, CiClass.attributes).where(CiClass.name.in_(above))
    ).all()
    entries: dict[str, Sequence[dict[str, Any]]] = {row.name: row.attributes for row in rows}
    return {name: rules.definitions_of(name, entries) for name in wanted if name in entries}


def _shipped(name: str, entry: dict[str, Any]) -> CiClass:
    attributes = [rules.read_definition(one).as_entry() for one in entry.get("attributes", ())]
    label_de, label_en = entry["labels"]
    return CiClass(
        name=name,
        label_de=label_de,
        label_en=label_en,
        icon=entry["icon"],
        attributes=attributes,
        is_shipped=True,
    )

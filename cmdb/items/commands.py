"""What people do to items: declare, change, retire and delete them.

Single values are changed through `reconcile.declarations`, which asks about contradictions.

What discovery changes goes through `reconcile`; both write the same facts and revisions.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cmdb.history.commands import (
    Claim,
    Revision,
    record_facts,
    record_revisions,
)
from cmdb.history.models import CiFact, CiRevision
from cmdb.history.rules import FactKey
from cmdb.items import changes as change
from cmdb.items import rules
from cmdb.items.changes import Changed, ItemPatch, NewItem
from cmdb.items.events import ItemChanged, ItemCreated, ItemDeleted
from cmdb.items.identifiers import declare_identifiers
from cmdb.items.models import ConfigurationItem, Relation
from cmdb.items.references import check_references
from cmdb.items.visibility import WRITE, seen_by
from cmdb.kernel.clock import now
from cmdb.kernel.errors import N_, InvalidError, NotFoundError, StaleError, WrongStateError
from cmdb.kernel.events import record
from cmdb.kernel.ids import new_key
from cmdb.kernel.viewer import Viewer, permit
from schemas.vocabulary import Lifecycle, Source

MAX_BULK: Final = 1_000


@dataclass(slots=True)
class _Loaded:
    """Items before a change, what sources say of what is to change, and where they saw it."""

    items: dict[UUID, change.Present] = field(default_factory=dict[UUID, change.Present])
    said: dict[FactKey, Any] = field(default_factory=dict[FactKey, Any])
    subjects: dict[FactKey, UUID] = field(default_factory=dict[FactKey, UUID])


def create_item(session: Session, actor: Viewer, new: NewItem, *, reason: str = "") -> UUID:
    """Declare an item and return its key.

    Raises:
        InvalidError: with a complaint for each value that is not in order.
    """
    return bulk_create(session, actor, [new], reason=reason)[0]


def bulk_create(
    session: Session, actor: Viewer, news: Sequence[NewItem], *, reason: str = ""
) -> list[UUID]:
    """Declare several items, all or none, in a fixed number of statements; return their keys.

    Raises:
        InvalidError: too many items, or with a complaint for each value that is not in order; of
            several items the complaints are found under the number of the item.
    """
    for partner_id in {new.partner_id for new in news}:
        permit(actor, WRITE, partner_id)
    if len(news) > MAX_BULK:
        raise InvalidError(
            "item.bulk-create", N_("Declare at most {limit} items at once."), limit=MAX_BULK
        )
    definitions = change.get_definitions(session, {new.class_name for new in news})
    declared: dict[UUID, tuple[NewItem, dict[str, Any]]] = {}
    for number, new in enumerate(news):
        try:
            values = change.declared_values(new, definitions[new.class_name])
        except InvalidError as error:
            if len(news) > 1:
                error.errors = {str(number): error.errors}
            raise
        declared[new_key()] = new, values
    wanted = [(values, definitions[new.class_name]) for new, values in declared.values()]
    check_references(session, actor, wanted)
    _insert(session, actor, declared, reason)
    return list(declared)


def change_items(
    session: Session, actor: Viewer, patches: Sequence[ItemPatch], *, reason: str = ""
) -> list[Changed]:
    """Change several items, all or none, in a fixed number of statements.

    The step of `reconcile.declarations`, which asks what contradicts discovery afterwards.

    Raises:
        NotFoundError: one of the items does not exist for the actor.
        ForbiddenError: the actor may not change one of them.
        StaleError: somebody else changed one since its expected version was read.
        InvalidError: too many items, one of them twice, or a value is not in order.
    """
    found = _load(session, actor, patches)
    items = found.items
    classes = set[str]().union(
        *(change.classes_of(items[patch.item_id], patch) for patch in patches)
    )
    definitions = change.get_definitions(session, classes)
    drafts = [change.draft_of(items[patch.item_id], patch, definitions) for patch in patches]
    check_references(session, actor, [(one.values, one.definitions) for one in drafts])
    for partner_id in {one.partner_id for one in drafts}:
        permit(actor, WRITE, partner_id)
    changed = [one for one in drafts if one.values]
    same = [
        Changed(one.item_id, one.partner_id, one.item.version) for one in drafts if not one.values
    ]
    return same + (_apply(session, actor, changed, found, reason) if changed else [])


def retire_item(
    session: Session,
    actor: Viewer,
    item_id: UUID,
    *,
    expected_version: int | None = None,
    reason: str = "",
) -> int:
    """Take an item out of operation; it stays readable with its whole history."""
    patch = ItemPatch(item_id, {"lifecycle": Lifecycle.RETIRED}, expected_version)
    return change_items(session, actor, [patch], reason=reason)[0].version


def delete_item(
    session: Session,
    actor: Viewer,
    item_id: UUID,
    *,
    expected_version: int | None,
    reason: str = "",
) -> bool:
    """Delete an item that was only planned, retire any other; tell whether it was deleted.

    Raises:
        WrongStateError: the item is retired already.
    """
    patch = ItemPatch(item_id, {}, expected_version)
    item = _load(session, actor, [patch]).items[item_id]
    if item.lifecycle == Lifecycle.RETIRED:
        raise WrongStateError("item.retired", N_("This item is retired already."))
    if rules.must_keep(item.lifecycle, is_referred_to=_is_referred_to(session, item_id)):
        retire_item(session, actor, item_id, reason=reason)
        return False
    for table in (CiFact, CiRevision):
        session.execute(sa.delete(table).where(table.item_id == item_id))
    session.execute(sa.delete(ConfigurationItem).where(ConfigurationItem.id == item_id))
    told = ItemDeleted(
        subject_id=item_id, partner_id=item.partner_id, name=item.name, reason=reason
    )
    record(session, actor, told)
    return True


def _load(session: Session, actor: Viewer, patches: Sequence[ItemPatch]) -> _Loaded:
    """Read the items for writing, and what is said of the attributes to change.

    Refuses what may not be changed, or not in this version.
    """
    wanted = {patch.item_id: patch for patch in patches}
    if len(patches) > MAX_BULK or len(wanted) < len(patches):
        raise InvalidError(
            "item.bulk",
            N_("Change at most {limit} items at once, each of them once."),
            limit=MAX_BULK,
        )
    names = {name for patch in patches for name in patch.changes}
    if "partner_id" in names:
        names.add("site_id")  # goes with the owner
    is_said = sa.and_(
        CiFact.item_id == ConfigurationItem.id,
        CiFact.until_at.is_(None),
        CiFact.attribute.in_(names),
    )
    statement = (
        sa.select(*change.COLUMNS, CiFact.attribute, CiFact.source, CiFact.value, CiFact.subject_id)
        .outerjoin(CiFact, is_said)
        .where(ConfigurationItem.id.in_(wanted), seen_by(actor))
        .with_for_update(of=ConfigurationItem)
    )
    found = _Loaded()
    for *columns, attribute, source, value, subject_id in session.execute(statement):
        item = change.Present(*columns)
        found.items[item.id] = item
        if attribute is None or source is None:
            continue
        found.said[item.id, attribute, source] = value
        if subject_id is not None:
            found.subjects[item.id, attribute, source] = subject_id
    _check(actor, wanted, found.items)
    return found


def _check(
    actor: Viewer, wanted: Mapping[UUID, ItemPatch], items: Mapping[UUID, change.Present]
) -> None:
    if len(items) < len(wanted):
        raise NotFoundError("item.not-found", N_("There is no such item."))
    for partner_id in {item.partner_id for item in items.values()}:
        permit(actor, WRITE, partner_id)
    for item in items.values():
        if wanted[item.id].expected_version not in (None, item.version):
            raise StaleError(
                "item.stale", N_("Somebody else changed «{name}» in the meantime."), name=item.name
            )


def _insert(
    session: Session,
    actor: Viewer,
    declared: Mapping[UUID, tuple[NewItem, dict[str, Any]]],
    reason: str,
) -> None:
    at = now()
    rows: list[dict[str, Any]] = []
    claims: list[Claim] = []
    revisions: list[Revision] = []
    for item_id, (new, values) in declared.items():
        rows.append(change.new_row(item_id, values) | {"created_at": at, "updated_at": at})
        claims.extend(change.claims_of(actor, item_id, values))
        shown = {name: [None, value] for name, value in values.items()}
        revisions.append(Revision(item_id, shown, Source.DECLARED, reason=reason))
        told = ItemCreated(
            subject_id=item_id, partner_id=new.partner_id, name=new.name, class_name=new.class_name
        )
        record(session, actor, told)
    session.execute(sa.insert(ConfigurationItem), rows)
    # Nothing can have been said of items that were not there.
    record_facts(session, claims, at=at, known={})
    declare_identifiers(
        session,
        {item_id: (new.partner_id, {}, values) for item_id, (new, values) in declared.items()},
    )
    record_revisions(session, actor, revisions, at=at)


def _apply(
    session: Session,
    actor: Viewer,
    drafts: Sequence[change.Draft],
    found: _Loaded,
    reason: str,
) -> list[Changed]:
    at = now()
    claims = [claim for one in drafts for claim in change.claims_of(actor, one.item_id, one.values)]
    open_values = record_facts(session, claims, at=at, known=found.said)
    revisions: list[Revision] = []
    rows: list[dict[str, Any]] = []
    changed: list[Changed] = []
    for one in drafts:
        said = change.said_of(one, open_values)
        after = change.believed(said)
        shown = one.differences(after)
        revisions.append(Revision(one.item_id, shown, Source.DECLARED, reason=reason))
        rows.append({**one.row_of(after), "updated_at": at, "version": one.item.version + 1})
        version = one.item.version + 1
        changed.append(Changed(one.item_id, one.partner_id, version, said, found.subjects))
    record_revisions(session, actor, revisions, at=at)
    session.execute(sa.update(ConfigurationItem), rows)
    declare_identifiers(
        session,
        {
            one.item_id: (one.partner_id, change.declared_of(one, found.said), one.values)
            for one in drafts
        },
    )
    change.forget(session, drafts)
    for one in drafts:
        told = ItemChanged(
            subject_id=one.item_id,
            partner_id=one.partner_id,
            fields=sorted(one.values),
            reason=reason,
        )
        record(session, actor, told)
    return changed


def _is_referred_to(session: Session, item_id: UUID) -> bool:
    referring = Relation.source_item_id == item_id, Relation.target_item_id == item_id
    return bool(session.scalar(sa.select(sa.exists().where(sa.or_(*referring)))))

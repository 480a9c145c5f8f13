"""What people do to items: declare, change, retire and delete them.

What discovery changes goes through `reconcile`; both write the same facts and revisions.
"""

from collections.abc import Mapping, Sequence
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
from cmdb.items import changes as change
from cmdb.items import rules
from cmdb.items.changes import ItemPatch, NewItem
from cmdb.items.events import ItemChanged, ItemCreated, ItemDeleted
from cmdb.items.identifiers import declare_identifiers
from cmdb.items.models import ConfigurationItem, Relation
from cmdb.items.visibility import WRITE, seen_by
from cmdb.kernel.clock import now
from cmdb.kernel.errors import N_, InvalidError, NotFoundError, StaleError, WrongStateError
from cmdb.kernel.events import record
from cmdb.kernel.ids import new_key
from cmdb.kernel.viewer import Viewer, permit
from schemas.vocabulary import Lifecycle, Source

MAX_BULK: Final = 1_000


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
    change.check_references(session, actor, wanted)
    _insert(session, actor, declared, reason)
    return list(declared)


def update_item(
    session: Session,
    actor: Viewer,
    item_id: UUID,
    changes: Mapping[str, Any],
    *,
    expected_version: int | None,
    reason: str = "",
) -> int:
    """Change an item as a person declares it and return its version.

    Values that are as they were leave no trace; None withdraws what was declared, so that what
    discovery says is believed again.

    Raises:
        NotFoundError: there is no such item that the actor may see.
        ForbiddenError: the actor may not change it.
        StaleError: somebody else changed it since `expected_version` was read.
        InvalidError: with a complaint for each value that is not in order.
    """
    patch = ItemPatch(item_id, changes, expected_version)
    return bulk_update(session, actor, [patch], reason=reason)[item_id]


def bulk_update(
    session: Session, actor: Viewer, patches: Sequence[ItemPatch], *, reason: str = ""
) -> dict[UUID, int]:
    """Change several items, all or none, in a fixed number of statements; return their versions.

    Raises:
        InvalidError: too many items, one of them twice, or a value is not in order.
    """
    items = _load(session, actor, patches)
    classes = {
        patch.changes.get("class_name") or items[patch.item_id].class_name for patch in patches
    }
    definitions = change.get_definitions(session, classes)
    drafts = [change.draft_of(items[patch.item_id], patch, definitions) for patch in patches]
    change.check_references(session, actor, [(one.values, one.definitions) for one in drafts])
    for partner_id in {one.partner_id for one in drafts}:
        permit(actor, WRITE, partner_id)
    drafts = [one for one in drafts if one.values]
    if drafts:
        _apply(session, actor, drafts, reason)
    versions = {item_id: item.version for item_id, item in items.items()}
    return versions | {one.item_id: one.item.version + 1 for one in drafts}


def retire_item(
    session: Session,
    actor: Viewer,
    item_id: UUID,
    *,
    expected_version: int | None = None,
    reason: str = "",
) -> int:
    """Take an item out of operation; it stays readable with its whole history."""
    return update_item(
        session,
        actor,
        item_id,
        {"lifecycle": Lifecycle.RETIRED},
        expected_version=expected_version,
        reason=reason,
    )


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
    item = _load(session, actor, [patch])[item_id]
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


def _load(
    session: Session, actor: Viewer, patches: Sequence[ItemPatch]
) -> dict[UUID, change.Present]:
    """Read the items for writing, and refuse what may not be changed, or not in this version."""
    wanted = {patch.item_id: patch for patch in patches}
    if len(patches) > MAX_BULK or len(wanted) < len(patches):
        raise InvalidError(
            "item.bulk",
            N_("Change at most {limit} items at once, each of them once."),
            limit=MAX_BULK,
        )
    statement = (
        sa.select(*change.COLUMNS)
        .where(ConfigurationItem.id.in_(wanted), seen_by(actor))
        .with_for_update()
    )
    items = {row.id: change.Present(*row) for row in session.execute(statement)}
    if len(items) < len(wanted):
        raise NotFoundError("item.not-found", N_("There is no such item."))
    for partner_id in {item.partner_id for item in items.values()}:
        permit(actor, WRITE, partner_id)
    for item in items.values():
        if wanted[item.id].expected_version not in (None, item.version):
            raise StaleError(
                "item.stale", N_("Somebody else changed «{name}» in the meantime."), name=item.name
            )
    return items


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


def _apply(session: Session, actor: Viewer, drafts: Sequence[change.Draft], reason: str) -> None:
    at = now()
    claims: list[Claim] = []
    for one in drafts:
        claims.extend(change.claims_of(actor, one.item_id, one.values))
    open_values = record_facts(session, claims, at=at)
    revisions: list[Revision] = []
    rows: list[dict[str, Any]] = []
    for one in drafts:
        after = change.believed(one, open_values)
        shown = one.differences(after)
        revisions.append(Revision(one.item_id, shown, Source.DECLARED, reason=reason))
        rows.append({**one.row_of(after), "updated_at": at, "version": one.item.version + 1})
        told = ItemChanged(
            subject_id=one.item_id,
            partner_id=one.partner_id,
            fields=sorted(one.values),
            reason=reason,
        )
        record(session, actor, told)
    record_revisions(session, actor, revisions, at=at)
    session.execute(sa.update(ConfigurationItem), rows)
    declare_identifiers(
        session,
        {one.item_id: (one.partner_id, one.item._asdict(), one.values) for one in drafts},
    )
    change.forget(session, drafts)


def _is_referred_to(session: Session, item_id: UUID) -> bool:
    referring = Relation.source_item_id == item_id, Relation.target_item_id == item_id
    return bool(session.scalar(sa.select(sa.exists().where(sa.or_(*referring)))))

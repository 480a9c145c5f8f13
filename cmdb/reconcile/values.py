"""Writing what is believed: new items, changed values, facts, identifiers and revisions."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cmdb.history.commands import Revision, record_facts, record_revisions
from cmdb.history.precedence import order_of
from cmdb.history.rules import FactKey
from cmdb.intake.models import Subject
from cmdb.items.models import CiClass, ConfigurationItem, Identifier
from cmdb.kernel.errors import N_
from cmdb.kernel.ids import new_key
from cmdb.reconcile import rules
from cmdb.reconcile.batch import Batch, Case, Question
from cmdb.reconcile.classification import COLUMNS, UNKNOWN_CLASS
from schemas.vocabulary import FindingKind, IdentifierScheme, Lifecycle, Source

_WEAK = frozenset(
    {
        IdentifierScheme.ADDRESS,
        IdentifierScheme.FQDN,
        IdentifierScheme.MAC,
        IdentifierScheme.SYS_NAME,
    }
)
_READ = (
    *COLUMNS,
    "id",
    "lifecycle",
    "attributes",
    "version",
)


class Classes:
    """The classes of items and the attributes that each may carry, with those it inherits."""

    def __init__(self, rows: Iterable[tuple[str, Sequence[Mapping[str, Any]]]]) -> None:
        self._own = {name: {one["name"] for one in attributes} for name, attributes in rows}

    def known(self, name: str | None) -> str:
        """Return the class, or the class of unknown devices where there is none of this name."""
        return name if name in self._own else UNKNOWN_CLASS

    def allows(self, class_name: str, attribute: str) -> bool:
        """Tell whether an item of a class may carry an attribute."""
        parts = class_name.split(".")
        lineage = (".".join(parts[:count]) for count in range(1, len(parts) + 1))
        return any(attribute in self._own.get(name, ()) for name in lineage)


def read_classes(session: Session) -> Classes:
    """Return the classes that there are at the moment."""
    rows = session.execute(sa.select(CiClass.name, CiClass.attributes))
    return Classes((name, attributes) for name, attributes in rows)


def apply_values(batch: Batch, cases: Sequence[Case]) -> None:
    """Create the items that are new, and bring the others in line with what is believed now."""
    classes = read_classes(batch.session)
    created = [case for case in cases if case.is_created]
    matched = [case for case in cases if not case.is_created]
    first = {case.item_id: case for case in created}
    if first:
        items = [_new_item(batch, classes, case) for case in first.values()]
        batch.session.execute(sa.insert(ConfigurationItem), items)
    claims = [claim for case in cases for claim in case.claims(batch.source)]
    if created and not matched:
        record_facts(batch.session, claims, at=batch.at, known={})
    else:
        facts = record_facts(batch.session, claims, at=batch.at)
        _update_items(batch, classes, matched, facts)
    _bind_identifiers(batch, cases)


def write_revisions(batch: Batch, cases: Sequence[Case]) -> None:
    """Write what has changed of each item, and that new ones were found."""
    reasons = {True: N_("Found by discovery."), False: ""}
    record_revisions(
        batch.session,
        batch.actor,
        [
            Revision(
                case.item_id,
                case.changes,
                batch.source,
                batch.run.id,
                reasons[case.is_created],
            )
            for case in cases
            if case.item_id is not None
        ],
        at=batch.at,
    )


def _new_item(batch: Batch, classes: Classes, case: Case) -> dict[str, Any]:
    said = case.description.values if case.description else {}
    class_name = classes.known(said.get("class_name"))
    values: dict[str, Any] = {name: said.get(name, "") for name in COLUMNS}
    values |= {
        "class_name": class_name,
        "name": said.get("name") or case.sighting.document.key,
        "attributes": {
            name: value
            for name, value in said.items()
            if name not in COLUMNS and classes.allows(class_name, name)
        },
    }
    case.changes = {
        name: [None, value] for name, value in values.items() if value and name != "attributes"
    }
    case.changes |= {name: [None, value] for name, value in values["attributes"].items()}
    return values | {
        "id": case.item_id,
        "lifecycle": Lifecycle.IN_OPERATION,
        "partner_id": batch.plan.partner_id,
        "site_id": batch.plan.site_id,
        "created_at": batch.at,
        "updated_at": batch.at,
        "seen_at": batch.at,
        "version": 1,
    }


def _update_items(
    batch: Batch, classes: Classes, cases: Sequence[Case], facts: Mapping[FactKey, Any]
) -> None:
    by_item: dict[UUID, dict[str, dict[Source, Any]]] = {}
    for (item_id, attribute, source), value in facts.items():
        by_item.setdefault(item_id, {}).setdefault(attribute, {})[source] = value
    columns = [getattr(ConfigurationItem, name) for name in _READ]
    keys = {case.item_id for case in cases if case.item_id is not None}
    found = batch.session.execute(sa.select(*columns).where(ConfigurationItem.id.in_(keys)))
    rows: dict[UUID, dict[str, Any]] = {row["id"]: dict(row) for row in found.mappings()}
    changed: dict[UUID, dict[str, Any]] = {}
    for case in cases:
        if case.item_id is None or case.item_id not in rows:
            continue
        row = rows[case.item_id]
        _believe(classes, case, row, by_item.get(case.item_id, {}))
        _wake(case, row)
        if case.changes:
            changed[case.item_id] = row
    if changed:
        values = [
            row | {"version": row["version"] + 1, "updated_at": batch.at}
            for row in changed.values()
        ]
        batch.session.execute(sa.update(ConfigurationItem), values)


def _believe(
    classes: Classes,
    case: Case,
    row: dict[str, Any],
    facts: Mapping[str, Mapping[Source, Any]],
) -> None:
    """Change the row to what is believed now, and note what changed and what is contradicted."""
    # The class first: it decides which further attributes the item may carry.
    for attribute in sorted(facts, key=lambda name: name != "class_name"):
        belief = rules.decide_belief(facts[attribute], order_of(attribute))
        if belief is None:
            continue
        if belief.contradicted_by is not None:
            case.questions.append(contradiction(case.item_id, attribute, belief))
        elif Source.DECLARED in facts[attribute]:
            case.settled.add(attribute)
        value = classes.known(belief.value) if attribute == "class_name" else belief.value
        if attribute in COLUMNS:
            before, row[attribute] = row[attribute], value
        elif classes.allows(row["class_name"], attribute):
            before = row["attributes"].get(attribute)
            row["attributes"] = row["attributes"] | {attribute: value}
        else:
            continue
        if before != value:
            case.changes[attribute] = [before, value]


def contradiction(item_id: UUID | None, attribute: str, belief: rules.Belief) -> Question:
    """Return the question that arises when a declared value differs from a discovered one."""
    about = [str(item_id), attribute, belief.value, belief.contradicted_by]
    return Question(
        FindingKind.CONTRADICTION,
        rules.compute_fingerprint(FindingKind.CONTRADICTION, *about),
        attribute,
        belief.value,
        belief.contradicted_by,
    )


def _wake(case: Case, row: dict[str, Any]) -> None:
    """What is seen is in operation, unless a person has retired it: then a person is asked."""
    if row["lifecycle"] in {Lifecycle.PLANNED, Lifecycle.MISSING}:
        case.changes["lifecycle"] = [row["lifecycle"].value, Lifecycle.IN_OPERATION.value]
        row["lifecycle"] = Lifecycle.IN_OPERATION
    elif row["lifecycle"] is Lifecycle.RETIRED:
        belief = rules.Belief(
            Lifecycle.RETIRED.value, Source.DECLARED, Lifecycle.IN_OPERATION.value
        )
        case.questions.append(contradiction(case.item_id, "lifecycle", belief))


def _bind_identifiers(batch: Batch, cases: Sequence[Case]) -> None:
    """Store by what items are recognised; an item with one subject forgets its former names."""
    added: dict[tuple[Any, ...], dict[str, Any]] = {}
    matched = [case for case in cases if not case.is_created and case.item_id is not None]
    stored = _stored(batch, [case.item_id for case in matched if case.item_id])
    shared = _shared(batch, [case.item_id for case in matched if case.item_id])
    stale: list[UUID] = []
    for case in cases:
        if case.item_id is None:
            continue
        known = stored.get(case.item_id, {})
        for scheme, value, scope in case.observed:
            if (scheme, value, scope) not in known:
                position = (case.item_id, scheme, value, scope)
                added[position] = {
                    "id": new_key(),
                    "item_id": case.item_id,
                    "scheme": scheme,
                    "value": value,
                    "scope": scope,
                }
        if case.item_id not in shared:
            seen = {scheme for scheme, _, _ in case.observed} & _WEAK
            stale += [
                key
                for identifier, key in known.items()
                if identifier[0] in seen and identifier not in case.observed
            ]
    if stale:
        batch.session.execute(
            sa.delete(Identifier)
            .where(Identifier.id.in_(stale))
            .execution_options(synchronize_session=False)
        )
    if added:
        batch.session.execute(sa.insert(Identifier), list(added.values()))


def _stored(batch: Batch, items: Sequence[UUID]) -> dict[UUID, dict[Any, UUID]]:
    if not items:
        return {}
    found: dict[UUID, dict[Any, UUID]] = {}
    for row in batch.session.execute(
        sa.select(
            Identifier.item_id,
            Identifier.scheme,
            Identifier.value,
            Identifier.scope,
            Identifier.id,
        ).where(Identifier.item_id.in_(items))
    ):
        found.setdefault(row[0], {})[row[1], row[2], row[3]] = row[4]
    return found


def _shared(batch: Batch, items: Sequence[UUID]) -> set[UUID]:
    """Return the items that several subjects are: what one does not show, another may."""
    if not items:
        return set()
    rows = batch.session.scalars(
        sa.select(Subject.item_id)
        .where(Subject.item_id.in_(items))
        .group_by(Subject.item_id)
        .having(sa.func.count() > 1)
    )
    return {item for item in rows if item is not None}

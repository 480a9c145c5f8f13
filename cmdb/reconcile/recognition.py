"""Finding out which item each device of an envelope is; two look-ups for all of them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cmdb.intake.rules import Sighting
from cmdb.items.models import Identifier
from cmdb.kernel.ids import new_key
from cmdb.reconcile import rules
from cmdb.reconcile.batch import Batch, Case, Question
from cmdb.reconcile.classification import Description, describe
from cmdb.reconcile.identifiers import (
    Evidence,
    IdentifierKey,
    compute_identifiers,
)
from cmdb.reconcile.rules import Ambiguous, Candidate, New, Same
from schemas.vocabulary import FindingKind, Section

_CHUNK = 5000


class Register:
    """The identifiers of the items that may matter to an envelope, in memory."""

    def __init__(self) -> None:
        self._of_item: dict[UUID, set[IdentifierKey]] = defaultdict(set)
        self._by_key: dict[IdentifierKey, set[UUID]] = defaultdict(set)

    def add(self, item_id: UUID, identifiers: Iterable[IdentifierKey]) -> None:
        """Note by what an item is recognised."""
        for key in identifiers:
            self._of_item[item_id].add(key)
            self._by_key[key].add(item_id)

    def identifiers(self, item_id: UUID) -> frozenset[IdentifierKey]:
        """Return everything by which an item is recognised."""
        return frozenset(self._of_item[item_id])

    def candidates(
        self, observed: frozenset[IdentifierKey], known_item: UUID | None
    ) -> list[Candidate]:
        """Return the items that share an identifier with what was seen."""
        found = {item for key in observed for item in self._by_key.get(key, ())}
        if known_item is not None:
            found.add(known_item)
        return [Candidate(item, self.identifiers(item), item == known_item) for item in found]


def recognise(batch: Batch, cases: Sequence[Case]) -> None:
    """Decide for each of these devices which item it is; what one teaches, the next one uses."""
    for case in cases:
        case.description = describe(case.sighting)
        case.observed = observe(batch, case.sighting, case.description)
    register = load_register(
        batch.session,
        {key for case in cases for key in case.observed},
        {case.sighting.item_id for case in cases if case.sighting.item_id is not None},
    )
    for case in cases:
        _decide(batch, register, case)


def observe(batch: Batch, sighting: Sighting, description: Description) -> frozenset[IdentifierKey]:
    """Return by what a device can be recognised."""
    evidence = Evidence(
        key=sighting.document.key,
        serial=description.serial,
        system=sighting.section(Section.SYSTEM),
        components=sighting.section(Section.COMPONENTS) or (),
        interfaces=sighting.section(Section.INTERFACES) or (),
        addresses=sighting.section(Section.ADDRESSES) or (),
        directory=sighting.section(Section.DIRECTORY),
    )
    return compute_identifiers(evidence, batch.scopes, batch.policy.generic)


def load_register(
    session: Session, observed: Iterable[IdentifierKey], item_ids: Iterable[UUID]
) -> Register:
    """Read the items that have one of these identifiers, and these items, with all they have."""
    wanted = set(item_ids)
    by_scheme: dict[tuple[object, UUID], list[str]] = defaultdict(list)
    for scheme, value, scope in observed:
        by_scheme[scheme, scope].append(value)
    conditions = [
        sa.and_(
            Identifier.scope == scope,
            Identifier.scheme == scheme,
            Identifier.value.in_(values[start : start + _CHUNK]),
        )
        for (scheme, scope), values in by_scheme.items()
        for start in range(0, len(values), _CHUNK)
    ]
    if conditions:
        wanted.update(session.scalars(sa.select(Identifier.item_id).where(sa.or_(*conditions))))
    register = Register()
    keys = list(wanted)
    for start in range(0, len(keys), _CHUNK):
        rows = session.execute(
            sa.select(
                Identifier.item_id, Identifier.scheme, Identifier.value, Identifier.scope
            ).where(Identifier.item_id.in_(keys[start : start + _CHUNK]))
        )
        for item_id, scheme, value, scope in rows:
            register.add(item_id, [(scheme, value, scope)])
    return register


def _decide(batch: Batch, register: Register, case: Case) -> None:
    outcome = rules.identify(
        case.observed,
        register.candidates(case.observed, case.sighting.item_id),
        source=batch.source,
        policy=batch.policy.identify,
    )
    case.outcome = outcome
    match outcome:
        case Same(item_id=item_id):
            case.item_id = item_id
            register.add(item_id, case.observed)
        case New():
            case.item_id = new_key()
            case.is_created = True
            register.add(case.item_id, case.observed)
        case Ambiguous(candidates=candidates):
            _ask(case, outcome, candidates)


def _ask(case: Case, outcome: Ambiguous, candidates: Sequence[UUID]) -> None:
    """Leave the device where it was, if it still may be that, and ask a person."""
    known = case.sighting.item_id
    case.item_id = known if known in candidates else None
    ordered = sorted(str(item) for item in candidates)
    about = [str(case.sighting.subject_id), *ordered]
    case.questions.append(
        Question(
            FindingKind.AMBIGUOUS,
            rules.compute_fingerprint(FindingKind.AMBIGUOUS, about),
            discovered=case.description.values if case.description else None,
            evidence=rules.explain(outcome, case.observed),
        )
    )

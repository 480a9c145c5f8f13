"""How items stand to one another, as far as people declare it."""

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cmdb.items.events import RelationAdded, RelationRemoved
from cmdb.items.models import ConfigurationItem, Relation
from cmdb.items.visibility import WRITE, seen_by
from cmdb.kernel.clock import now
from cmdb.kernel.errors import N_, ConflictError, InvalidError, NotFoundError, WrongStateError
from cmdb.kernel.events import record
from cmdb.kernel.viewer import Viewer, permit
from schemas.vocabulary import RelationType, Source

MAX_DETAIL = 255


@dataclass(frozen=True, slots=True)
class NewRelation:
    """A relation as a person declares it; read from source to target."""

    source_item_id: UUID
    target_item_id: UUID
    type: RelationType
    detail: str = ""


def add_relation(session: Session, actor: Viewer, new: NewRelation) -> Relation:
    """Declare how one item stands to another; the owner of the source says so.

    Raises:
        NotFoundError: one of the items does not exist for the actor.
        InvalidError: an item would stand in relation to itself.
        ConflictError: the relation is known already.
    """
    partner_id = _get_partner(session, actor, new.source_item_id)
    permit(actor, WRITE, partner_id)
    if new.source_item_id == new.target_item_id:
        raise InvalidError("relation.self", N_("An item cannot stand in relation to itself."))
    if len(new.detail) > MAX_DETAIL:
        raise InvalidError("relation.detail", N_("The detail of a relation is too long."))
    _get_partner(session, actor, new.target_item_id)
    if _is_known(session, new):
        raise ConflictError("relation.exists", N_("This relation is known already."))
    relation = Relation(
        source_item_id=new.source_item_id,
        target_item_id=new.target_item_id,
        type=new.type,
        detail=new.detail,
        source=Source.DECLARED,
        confidence=100,
        seen_at=now(),
    )
    session.add(relation)
    told = RelationAdded(
        subject_id=new.source_item_id,
        partner_id=partner_id,
        target_id=str(new.target_item_id),
        type=new.type,
    )
    record(session, actor, told)
    return relation


def remove_relation(session: Session, actor: Viewer, relation_id: UUID) -> None:
    """Withdraw a declared relation; what was discovered goes when it is no longer seen.

    Raises:
        NotFoundError: there is none that the actor may see.
        WrongStateError: it was discovered, not declared.
    """
    relation = session.get(Relation, relation_id)
    if relation is None:
        raise NotFoundError("relation.not-found", N_("There is no such relation."))
    partner_id = _get_partner(session, actor, relation.source_item_id)
    permit(actor, WRITE, partner_id)
    if relation.source != Source.DECLARED:
        raise WrongStateError(
            "relation.discovered",
            N_("This relation was discovered; it goes when it is no longer seen."),
        )
    session.delete(relation)
    told = RelationRemoved(
        subject_id=relation.source_item_id,
        partner_id=partner_id,
        target_id=str(relation.target_item_id),
        type=relation.type,
    )
    record(session, actor, told)


def _get_partner(session: Session, actor: Viewer, item_id: UUID) -> UUID:
    statement = sa.select(ConfigurationItem.partner_id).where(
        ConfigurationItem.id == item_id, seen_by(actor)
    )
    partner_id = session.scalar(statement)
    if partner_id is None:
        raise NotFoundError("item.not-found", N_("There is no such item."))
    return partner_id


def _is_known(session: Session, new: NewRelation) -> bool:
    statement = sa.select(Relation.id).where(
        Relation.source_item_id == new.source_item_id,
        Relation.target_item_id == new.target_item_id,
        Relation.type == new.type,
        Relation.detail == new.detail,
    )
    return session.scalar(statement) is not None

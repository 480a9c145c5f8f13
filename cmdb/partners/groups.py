"""Groups of organisations and their members; a membership that ends is kept with its last day."""

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cmdb.kernel.clock import today
from cmdb.kernel.errors import N_, ConflictError, InvalidError, NotFoundError
from cmdb.kernel.events import record
from cmdb.kernel.ids import new_key
from cmdb.kernel.viewer import Everywhere, Viewer, permit, visible
from cmdb.partners.commands import WRITE
from cmdb.partners.events import GroupSaved
from cmdb.partners.models import GroupMembership, Organisation, OrganisationGroup
from cmdb.partners.queries import READ
from cmdb.partners.rules import is_slug

MAX_NAME: Final = 120


def list_groups(session: Session, viewer: Viewer) -> Sequence[tuple[OrganisationGroup, int]]:
    """Return the groups by name with the number of members that the viewer may see today.

    A group without such a member is seen by those only who see all organisations.
    """
    counted = sa.func.count(GroupMembership.id)
    membership = sa.and_(
        GroupMembership.group_id == OrganisationGroup.id,
        visible(viewer, READ, GroupMembership.organisation_id),
        GroupMembership.lasts_on(today()),
    )
    statement = (
        sa.select(OrganisationGroup, counted)
        .outerjoin(GroupMembership, membership)
        .group_by(OrganisationGroup.id)
        .order_by(OrganisationGroup.name)
    )
    if not isinstance(viewer.reach(READ), Everywhere):
        statement = statement.having(counted > 0)
    return session.execute(statement).all()


def get_group(
    session: Session, viewer: Viewer, slug: str
) -> tuple[OrganisationGroup, Sequence[Organisation]]:
    """Return a group by its short name, with the members of today that the viewer may see.

    Raises:
        NotFoundError: there is none that the viewer may see.
    """
    group = session.scalar(_named(slug))
    members: Sequence[Organisation] = ()
    if group is not None:
        members = session.scalars(
            sa.select(Organisation)
            .join(GroupMembership, GroupMembership.organisation_id == Organisation.id)
            .where(
                GroupMembership.group_id == group.id,
                visible(viewer, READ, Organisation.id),
                GroupMembership.lasts_on(today()),
            )
            .order_by(Organisation.sort_name)
        ).all()
    if group is None or not (members or isinstance(viewer.reach(READ), Everywhere)):
        raise NotFoundError("group.not-found", N_("There is no such group."))
    return group, members


def list_groups_of(
    session: Session, viewer: Viewer, partner_id: UUID
) -> Sequence[OrganisationGroup]:
    """Return the groups that an organisation belongs to today."""
    statement = (
        sa.select(OrganisationGroup)
        .join(GroupMembership, GroupMembership.group_id == OrganisationGroup.id)
        .where(
            GroupMembership.organisation_id == partner_id,
            visible(viewer, READ, GroupMembership.organisation_id),
            GroupMembership.lasts_on(today()),
        )
        .order_by(OrganisationGroup.name)
    )
    return session.scalars(statement).all()


def create_group(
    session: Session, actor: Viewer, slug: str, name: str, member_ids: Sequence[UUID]
) -> OrganisationGroup:
    """Add a group; since when its members belong to it is not known.

    Raises:
        InvalidError: a name is missing or too long, or a member is no organisation.
        ConflictError: the short name is taken.
    """
    permit(actor, WRITE, None)
    if not is_slug(slug):
        raise InvalidError(
            "group.slug",
            N_("Some values are not in order."),
            errors={"slug": N_("Use small letters, digits and hyphens for this name.")},
        )
    if session.scalar(_named(slug)) is not None:
        raise ConflictError("group.exists", N_("There is a group «{slug}» already."), slug=slug)
    _check(session, name, member_ids)
    group = OrganisationGroup(id=new_key(), slug=slug, name=name.strip())
    group.members = [GroupMembership(organisation_id=key) for key in dict.fromkeys(member_ids)]
    session.add(group)
    _tell(session, actor, group)
    return group


def change_group(
    session: Session, actor: Viewer, slug: str, name: str, member_ids: Sequence[UUID]
) -> OrganisationGroup:
    """Change the name of a group and who belongs to it from today.

    Raises:
        NotFoundError: there is no such group.
        InvalidError: the name is missing or too long, or a member is no organisation.
    """
    permit(actor, WRITE, None)
    group = session.scalar(_named(slug))
    if group is None:
        raise NotFoundError("group.not-found", N_("There is no such group."))
    _check(session, name, member_ids)
    group.name = name.strip()
    present = {one.organisation_id for one in _members_of(group)}
    for key in present - set(member_ids):
        _leave(group, key)
    for key in dict.fromkeys(member_ids):
        if key not in present:
            _join(group, key)
    _tell(session, actor, group)
    return group


def set_groups_of(
    session: Session, actor: Viewer, organisation_id: UUID, group_ids: Collection[UUID]
) -> None:
    """Say to which groups an organisation belongs from today.

    Raises:
        NotFoundError: one of the groups is none.
    """
    permit(actor, WRITE, None)
    groups = session.scalars(sa.select(OrganisationGroup)).all()
    if set(group_ids) - {one.id for one in groups}:
        raise NotFoundError("group.not-found", N_("There is no such group."))
    for group in groups:
        is_member = any(one.organisation_id == organisation_id for one in _members_of(group))
        if is_member == (group.id in group_ids):
            continue
        if is_member:
            _leave(group, organisation_id)
        else:
            _join(group, organisation_id)
        _tell(session, actor, group)


def _members_of(group: OrganisationGroup) -> list[GroupMembership]:
    """Return the memberships of today and those that begin later."""
    return [one for one in group.members if (one.valid_until or date.max) >= today()]


def _join(group: OrganisationGroup, organisation_id: UUID) -> None:
    group.members.append(GroupMembership(organisation_id=organisation_id, valid_from=today()))


def _leave(group: OrganisationGroup, organisation_id: UUID) -> None:
    yesterday = today() - timedelta(days=1)
    for one in _members_of(group):
        if one.organisation_id != organisation_id:
            continue
        if one.valid_from is not None and one.valid_from > yesterday:
            group.members.remove(one)  # it did not last a single day
        else:
            one.valid_until = yesterday


def _check(session: Session, name: str, member_ids: Sequence[UUID]) -> None:
    complaints: dict[str, str] = {}
    if not name.strip():
        complaints["name"] = N_("This is required.")
    elif len(name) > MAX_NAME:
        complaints["name"] = N_("This is too long.")
    known = session.scalars(sa.select(Organisation.id).where(Organisation.id.in_(member_ids)))
    if set(member_ids) - set(known):
        complaints["member_ids"] = N_("There is no such organisation.")
    if complaints:
        raise InvalidError("group.invalid", N_("Some values are not in order."), errors=complaints)


def _named(slug: str) -> sa.Select[OrganisationGroup]:
    return sa.select(OrganisationGroup).where(OrganisationGroup.slug == slug)


def _tell(session: Session, actor: Viewer, group: OrganisationGroup) -> None:
    count = len(_members_of(group))
    told = GroupSaved(subject_id=group.id, partner_id=None, slug=group.slug, members=count)
    record(session, actor, told)

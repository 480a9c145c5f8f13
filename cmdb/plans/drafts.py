"""What a person says of a plan, and whether it can be accepted beside all other plans."""

from dataclasses import asdict, dataclass, field, replace
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cmdb.kernel.errors import N_, ConflictError, InvalidError
from cmdb.kernel.viewer import Viewer
from cmdb.partners.models import Organisation, RoutingDomain, Site
from cmdb.plans import rules
from cmdb.plans.models import Plan
from cmdb.plans.targets import AddressScope, check_address_targets, find_overlap
from schemas.vocabulary import Protocol

MAX_NAME = 120


@dataclass(frozen=True, slots=True)
class PlanDraft:
    """What a person says of a plan; see `models.Plan` for the meaning of each field."""

    name: str
    protocol: Protocol
    targets: tuple[str, ...]
    exclusions: tuple[str, ...] = ()
    credentials: tuple[str, ...] = ()
    options: dict[str, Any] = field(default_factory=dict[str, Any])
    routing_domain_id: UUID | None = None
    site_id: UUID | None = None
    interval_minutes: int | None = None
    rate: float | None = None
    is_dry_run: bool = False


def columns_of(draft: PlanDraft) -> dict[str, Any]:
    """Return the columns of the plan that a draft becomes."""
    columns = asdict(draft)
    return columns | {
        name: list(columns[name]) for name in ("targets", "exclusions", "credentials")
    }


def check_draft(
    session: Session, actor: Viewer, partner_id: UUID, draft: PlanDraft, *, plan_id: UUID | None
) -> PlanDraft:
    """Return the draft without padding and repetition.

    Raises:
        InvalidError: a field has the wrong form, or names something of somebody else.
        ConflictError: the name is taken, or the ranges overlap those of another partner.
    """
    draft = replace(
        draft,
        name=draft.name.strip(),
        targets=_entries(draft.targets),
        exclusions=_entries(draft.exclusions),
        credentials=_entries(draft.credentials),
    )
    if not draft.name or len(draft.name) > MAX_NAME:
        raise InvalidError("plan.bad-name", N_("A plan needs a name of at most 120 characters."))
    rules.check_settings(draft.credentials, draft.interval_minutes, draft.rate)
    about = draft.protocol, draft.targets, draft.exclusions, draft.options
    scope = rules.check_targets(*about)
    if not rules.compute_pieces(*about):
        raise InvalidError("plan.all-excluded", N_("The exclusions leave no target."))
    taken = sa.select(Plan.id).where(Plan.partner_id == partner_id, Plan.name == draft.name)
    if session.scalar(taken) not in {None, plan_id}:
        raise ConflictError(
            "plan.name-taken", N_("This partner already has a plan «{name}»."), name=draft.name
        )
    _check_belongings(session, partner_id, draft)
    refuse_overlap(session, actor, partner_id, draft.routing_domain_id, scope)
    return draft


def _entries(texts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text.strip() for text in texts if text.strip()))


def _check_belongings(session: Session, partner_id: UUID, draft: PlanDraft) -> None:
    """Refuse a site or a routing domain of somebody else; the answer does not tell whose it is."""
    if draft.site_id is not None:
        site = session.get(Site, draft.site_id)
        if site is None or site.partner_id != partner_id:
            raise InvalidError("plan.foreign-site", N_("This partner has no such site."))
    if draft.routing_domain_id is not None:
        domain = session.get(RoutingDomain, draft.routing_domain_id)
        if domain is None or domain.partner_id != partner_id:
            raise InvalidError(
                "plan.foreign-routing-domain", N_("This partner has no such routing domain.")
            )


def refuse_overlap(
    session: Session,
    actor: Viewer,
    partner_id: UUID,
    routing_domain_id: UUID | None,
    scope: AddressScope | None,
) -> None:
    """Refuse ranges that another partner's plan covers in the same address space.

    Raises:
        ConflictError: there is such a plan; who it belongs to is told to those who may see it.
    """
    if scope is None:
        return
    others = session.execute(
        sa.select(Plan.name, Plan.partner_id, Organisation.name, Plan.targets, Plan.options)
        .join(Organisation, Organisation.id == Plan.partner_id)
        .where(
            Plan.partner_id != partner_id,
            Plan.protocol == Protocol.SNMP,
            Plan.is_active,
            Plan.routing_domain_id.is_not_distinct_from(routing_domain_id),
        )
    )
    for plan_name, other_id, other_name, targets, options in others:
        theirs = check_address_targets(targets, (), rules.crawl_ranges(options))
        overlap = find_overlap(scope.claimed, theirs.claimed)
        if overlap is not None:
            may_name = actor.may("plan.read", other_id)
            raise _overlap(*overlap, plan_name, other_name if may_name else None)


def _overlap(mine: str, theirs: str, plan: str, partner: str | None) -> ConflictError:
    if partner is None:
        return ConflictError(
            "plan.overlap",
            N_("{mine} overlaps a range of another partner: give this plan a routing domain."),
            mine=mine,
        )
    return ConflictError(
        "plan.overlap",
        N_(
            "{mine} overlaps {theirs} of the plan «{plan}» of {partner}: "
            "give the plans different routing domains."
        ),
        mine=mine,
        theirs=theirs,
        plan=plan,
        partner=partner,
    )

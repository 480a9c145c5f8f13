"""Adding one device to a plan that is there, for whoever meets it elsewhere."""

from dataclasses import fields, replace
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from cmdb.kernel.errors import N_, InvalidError
from cmdb.kernel.viewer import Viewer
from cmdb.plans import rules
from cmdb.plans.commands import update_plan
from cmdb.plans.drafts import PlanDraft
from cmdb.plans.models import Plan
from cmdb.plans.queries import get_plan


def add_target(session: Session, actor: Viewer, plan_id: UUID, address: str) -> Plan:
    """Let a plan look at one more address from its next run on.

    Raises:
        NotFoundError: there is no such plan that the actor may see.
        ForbiddenError: the actor may not write plans for this partner.
        InvalidError: the plan looks there already, or must not, or this is no address.
        ConflictError: the address lies in a range of another partner.
    """
    plan = get_plan(session, actor, plan_id)
    scope = rules.check_targets(plan.protocol, plan.targets, plan.exclusions, plan.options)
    if scope is not None and scope.allows(address, address):
        raise InvalidError(
            "plan.covered",
            N_("The plan «{plan}» looks at {address} already, but nothing answers there."),
            plan=plan.name,
            address=address,
        )
    values: dict[str, Any] = {one.name: getattr(plan, one.name) for one in fields(PlanDraft)}
    values |= {name: tuple(values[name]) for name in ("targets", "exclusions", "credentials")}
    draft = replace(PlanDraft(**values), targets=(*plan.targets, address))
    wider = rules.check_targets(draft.protocol, draft.targets, draft.exclusions, draft.options)
    if wider is not None and not wider.allows(address, address):
        raise InvalidError(
            "plan.excluded",
            N_("The plan «{plan}» excludes {address}. Change the exclusion first."),
            plan=plan.name,
            address=address,
        )
    return update_plan(session, actor, plan_id, draft, version=plan.version)

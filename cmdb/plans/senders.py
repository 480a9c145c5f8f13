"""Which device of which plan is behind an address that sends something by itself."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cmdb.kernel.viewer import Viewer, visible
from cmdb.plans.models import Plan
from cmdb.plans.rules import check_targets
from cmdb.plans.targets import AddressScope
from cmdb.plans.translation import inside_address
from schemas.vocabulary import Protocol


@dataclass(frozen=True, slots=True)
class ListeningPlan:
    """An active plan that asks devices by SNMP, as far as its devices may speak up themselves.

    Attributes:
        is_apart: its addresses may be those of another partner's devices, in another network.
    """

    id: UUID
    scope: AddressScope
    credentials: tuple[str, ...]
    options: dict[str, Any]
    is_apart: bool

    def device_of(self, sender: str, names: Collection[str] = ()) -> str | None:
        """Return how the plan calls the device that sends from an address.

        Where an address space is a partner's own, only what its translation shows is known.

        Args:
            sender: the address.
            names: the host names that lead there.
        """
        inside = inside_address(sender, self.options)
        known = inside or (None if self.is_apart else sender)
        if known is not None and self.scope.covers(known, known):
            return known
        mine = [one for one in names if self.scope.covers(one, sender)]
        return min(mine, default=None)


def list_listening_plans(session: Session, viewer: Viewer) -> list[ListeningPlan]:
    """Return the plans whose devices may ask for a look, which the viewer may request."""
    plans = session.scalars(
        sa.select(Plan)
        .where(
            Plan.is_active,
            Plan.protocol == Protocol.SNMP,
            visible(viewer, "run.request", Plan.partner_id),
        )
        .order_by(Plan.id)
    )
    found: list[ListeningPlan] = []
    for plan in plans:
        scope = check_targets(plan.protocol, plan.targets, plan.exclusions, plan.options)
        if scope is not None:
            is_apart = plan.routing_domain_id is not None
            secrets = (*plan.credentials, *_secrets_of_ranges(plan.options))
            found.append(ListeningPlan(plan.id, scope, secrets, dict(plan.options), is_apart))
    return found


def _secrets_of_ranges(options: Mapping[str, Any]) -> list[str]:
    """Return what the collector would try; options are checked when a run begins."""
    ranges = options.get("credentials_by_range")
    lists = ranges.values() if isinstance(ranges, Mapping) else ()
    return [str(name) for names in lists if isinstance(names, list) for name in names]

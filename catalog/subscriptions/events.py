"""What happens to subscriptions; days are in ISO form."""

from dataclasses import dataclass
from uuid import UUID

from cmdb.kernel.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscriptionOpened(Event):
    """A partner began to use a service."""

    order_id: UUID
    service: str
    quantity: int
    from_on: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscriptionEnded(Event):
    """The last day of a subscription was set."""

    service: str
    until_on: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscriptionItemLinked(Event):
    """A configuration item was linked to a subscription."""

    item_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscriptionItemUnlinked(Event):
    """A configuration item was unlinked from a subscription."""

    item_id: UUID

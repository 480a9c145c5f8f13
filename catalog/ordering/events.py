"""What happens to orders; `number` is the number people know an order by."""

from dataclasses import dataclass
from uuid import UUID

from cmdb.kernel.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderEvent(Event):
    """The base of what happens to an order.

    Attributes:
        provider_id: who is to deliver.
        text: what the actor wrote.
    """

    number: str
    provider_id: UUID
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderSubmitted(OrderEvent):
    """An order was sent and waits for its approval."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderApproved(OrderEvent):
    """An order was approved by all who had to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRejected(OrderEvent):
    """An order was rejected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderWithdrawn(OrderEvent):
    """The partner took an order back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FulfilmentStarted(OrderEvent):
    """The provider began to work on an order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderDelivered(OrderEvent):
    """The provider delivered what was ordered; a lasting service opened a subscription."""

    subscription_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderCancelled(OrderEvent):
    """The provider will not deliver an order."""

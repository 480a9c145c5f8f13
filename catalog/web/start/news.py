"""What happened lately, in words; many alike in a row are told as one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any, Final
from uuid import UUID

from flask import url_for
from flask_babel import gettext

from catalog.web.formatting import format_number
from cmdb.kernel.errors import N_
from cmdb.kernel.events import EventRecord


@dataclass(frozen=True, slots=True)
class Telling:
    """How one kind of event is told.

    Attributes:
        one: the sentence; `{name}`, `{number}` and the like are filled from the event's body.
        many: the sentence for several in a row, `{count}` of them; empty repeats `one`.
        link: endpoint and argument of the page that shows what it happened to.
    """

    one: str
    many: str = ""
    icon: str = "history"
    tone: str = "neutral"
    link: tuple[str, str] = ("", "")


_DEVICE: Final = ("devices.detail", "item_id")
_ORDER: Final = ("orders.detail", "order_id")
_RUN: Final = ("discovery.run", "run_id")
_PLAN: Final = ("discovery.plan", "plan_id")
_FINDING: Final = ("inbox.detail", "finding_id")
_SUBSCRIPTION: Final = ("subscriptions.detail", "subscription_id")

TELLINGS: Final[Mapping[str, Telling]] = {
    "item_discovered": Telling(
        N_("{name} was discovered"), N_("{count} devices were discovered"), "radar", "info", _DEVICE
    ),
    "item_reconciled": Telling(
        N_("A device is known anew"), N_("{count} devices have changed"), "radar", "info", _DEVICE
    ),
    "item_created": Telling(
        N_("{name} was declared"), N_("{count} devices were declared"), "plus", "info", _DEVICE
    ),
    "item_changed": Telling(
        N_("A device was changed by hand"),
        N_("{count} devices were changed by hand"),
        "pencil",
        "info",
        _DEVICE,
    ),
    "item_deleted": Telling(N_("{name} was deleted"), N_("{count} devices were deleted"), "trash"),
    "item_missed": Telling(
        N_("A device is missing"), N_("{count} devices are missing"), "eye-off", "warn", _DEVICE
    ),
    "finding_opened": Telling(
        N_("A question for the inbox"),
        N_("{count} questions for the inbox"),
        "inbox",
        "warn",
        _FINDING,
    ),
    "finding_decided": Telling(
        N_("A question was answered"),
        N_("{count} questions were answered"),
        "check",
        "ok",
        _FINDING,
    ),
    "plan_created": Telling(N_("Plan {name} was written"), "", "radar-2", "neutral", _PLAN),
    "plan_changed": Telling(N_("A plan was changed"), "", "radar-2", "neutral", _PLAN),
    "run_requested": Telling(
        N_("A run was requested"), N_("{count} runs were requested"), "player-play", "info", _RUN
    ),
    "run_cancelled": Telling(N_("A run was cancelled"), "", "ban", "neutral", _RUN),
    "order_submitted": Telling(
        N_("Order {number} was sent"), N_("{count} orders were sent"), "basket", "info", _ORDER
    ),
    "order_approved": Telling(
        N_("Order {number} was approved"), N_("{count} orders were approved"), "check", "ok", _ORDER
    ),
    "order_rejected": Telling(N_("Order {number} was rejected"), "", "circle-x", "bad", _ORDER),
    "order_withdrawn": Telling(
        N_("Order {number} was withdrawn"), "", "circle-minus", "neutral", _ORDER
    ),
    "fulfilment_started": Telling(
        N_("Order {number} is being fulfilled"), "", "player-play", "plan", _ORDER
    ),
    "order_delivered": Telling(
        N_("Order {number} was delivered"),
        N_("{count} orders were delivered"),
        "circle-check",
        "ok",
        _ORDER,
    ),
    "order_cancelled": Telling(N_("Order {number} was cancelled"), "", "ban", "neutral", _ORDER),
    "subscription_opened": Telling(
        N_("A subscription began"),
        N_("{count} subscriptions began"),
        "repeat",
        "ok",
        _SUBSCRIPTION,
    ),
    "subscription_ended": Telling(N_("A subscription ends"), "", "repeat", "warn", _SUBSCRIPTION),
    "site_saved": Telling(
        N_("Site {name} was written down"), N_("{count} sites were written down"), "map-pin"
    ),
    "contact_saved": Telling(N_("A contact was written down"), "", "user"),
}
"""The kinds of events that the first page tells; others are left to the log."""


@dataclass(frozen=True, slots=True)
class News:
    """One or several events alike."""

    at: datetime
    text: str
    actor: str
    partner_id: UUID | None
    icon: str
    tone: str
    href: str


def news_of(events: Sequence[EventRecord], *, limit: int) -> list[News]:
    """Return the latest events in words, those alike in a row as one."""
    told = [one for one in events if one.kind in TELLINGS]
    groups = groupby(told, key=lambda one: (one.kind, one.partner_id, one.actor_name))
    return [_told(list(group)) for _, group in groups][:limit]


def _told(events: Sequence[EventRecord]) -> News:
    latest = events[0]
    telling = TELLINGS[latest.kind]
    is_several = len(events) > 1 and bool(telling.many)
    values: dict[str, Any] = {"name": "", "number": "", **latest.body}
    values["count"] = format_number(len(events))
    text = gettext(telling.many if is_several else telling.one).format(**values)
    endpoint, argument = telling.link
    href = ""
    if endpoint and latest.subject_id and not is_several:
        values_of_page: dict[str, Any] = {argument: latest.subject_id}
        href = url_for(endpoint, **values_of_page)
    return News(
        latest.at,
        text,
        latest.actor_name,
        latest.partner_id,
        telling.icon,
        telling.tone,
        href,
    )

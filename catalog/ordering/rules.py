"""The one state machine of orders, and the judgement on what may be ordered and who may decide."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from catalog.offers.pricing import Total
from cmdb.kernel.errors import N_, ForbiddenError, InvalidError, WrongStateError
from schemas.vocabulary import OrderAction, OrderParty, OrderState

MAX_TEXT: Final = 1000
MAX_REASON: Final = 2000
MAX_REQUEST_KEY: Final = 64
LARGEST_TOTAL: Final = 1_000_000_000
LONGEST_NOTICE: Final = timedelta(days=3 * 366)


@dataclass(frozen=True, slots=True)
class Move:
    """How one action moves an order: from which states, where to, by whom."""

    sources: frozenset[OrderState]
    target: OrderState
    party: OrderParty
    needs_text: bool = False


MOVES: Final[Mapping[OrderAction, Move]] = {
    OrderAction.SUBMIT: Move(
        frozenset({OrderState.DRAFT}), OrderState.SUBMITTED, OrderParty.REQUESTER
    ),
    OrderAction.APPROVE: Move(
        frozenset({OrderState.SUBMITTED}), OrderState.APPROVED, OrderParty.APPROVER
    ),
    OrderAction.REJECT: Move(
        frozenset({OrderState.SUBMITTED}),
        OrderState.REJECTED,
        OrderParty.APPROVER,
        needs_text=True,
    ),
    OrderAction.WITHDRAW: Move(
        frozenset({OrderState.DRAFT, OrderState.SUBMITTED, OrderState.APPROVED}),
        OrderState.WITHDRAWN,
        OrderParty.REQUESTER,
    ),
    OrderAction.START_FULFILMENT: Move(
        frozenset({OrderState.APPROVED}), OrderState.IN_FULFILMENT, OrderParty.FULFILLER
    ),
    OrderAction.DELIVER: Move(
        frozenset({OrderState.IN_FULFILMENT}), OrderState.DELIVERED, OrderParty.FULFILLER
    ),
    OrderAction.CANCEL: Move(
        frozenset({OrderState.APPROVED, OrderState.IN_FULFILMENT}),
        OrderState.CANCELLED,
        OrderParty.FULFILLER,
        needs_text=True,
    ),
}

PERMISSIONS: Final[Mapping[OrderParty, str]] = {
    OrderParty.REQUESTER: "order.create",
    OrderParty.APPROVER: "order.approve",
    OrderParty.FULFILLER: "order.fulfil",
}

TERMINAL_STATES: Final = frozenset(OrderState) - frozenset(
    state for move in MOVES.values() for state in move.sources
)

WHY_NOT: Final[Mapping[OrderState, str]] = {
    OrderState.DRAFT: N_("This order is still a draft; it has to be submitted first."),
    OrderState.SUBMITTED: N_("This order still waits for its approval."),
    OrderState.APPROVED: N_("This order has already been approved."),
    OrderState.REJECTED: N_("This order has been rejected."),
    OrderState.WITHDRAWN: N_("This order has been withdrawn."),
    OrderState.IN_FULFILMENT: N_("The provider is already working on this order."),
    OrderState.DELIVERED: N_("This order has already been delivered."),
    OrderState.CANCELLED: N_("This order has been cancelled by the provider."),
}


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """What the state machine has to know of an order.

    Attributes:
        asked_by: everybody who took part in asking; None stands for a job.
        decided_by: everybody who already decided one of its approval steps.
    """

    state: OrderState
    partner_id: UUID
    provider_id: UUID
    asked_by: frozenset[UUID | None]
    decided_by: frozenset[UUID | None] = frozenset()


def decide_move(action: OrderAction, state: OrderState, text: str) -> Move:
    """Return the move that an action makes from a state.

    Raises:
        WrongStateError: the action is not possible in this state.
        InvalidError: a reason is needed, or the text is too long.
    """
    move = MOVES[action]
    if state not in move.sources:
        raise WrongStateError("order.wrong-state", WHY_NOT[state])
    if move.needs_text and not text.strip():
        raise InvalidError.at(
            "text",
            "order.reason-missing",
            N_("Please write a reason, so that the other side understands the decision."),
        )
    check_length("text", text, MAX_TEXT)
    return move


def check_four_eyes(facts: OrderFacts, actor_id: UUID | None) -> None:
    """Refuse a decision by somebody who asked, who decided before, or who is no person.

    It is the person that counts, in whatever role: a second role does not make a second person.

    Raises:
        ForbiddenError: this actor may not decide on this order.
    """
    if actor_id is None:
        raise ForbiddenError("order.not-a-person", N_("Only a person can decide on an order."))
    if actor_id in facts.asked_by:
        raise ForbiddenError(
            "order.own",
            N_("You asked for this yourself; somebody else of your organisation has to decide."),
        )
    if actor_id in facts.decided_by:
        raise ForbiddenError(
            "order.decided-before",
            N_("You already decided on this order; the next signature is somebody else's."),
        )


def possible_actions(
    facts: OrderFacts, actor_id: UUID | None, may: Callable[[str, UUID], bool]
) -> tuple[OrderAction, ...]:
    """Return what an actor can do to an order now; `may` answers for permission and partner."""
    return tuple(
        action
        for action, move in MOVES.items()
        if facts.state in move.sources
        and may(
            PERMISSIONS[move.party],
            facts.provider_id if move.party is OrderParty.FULFILLER else facts.partner_id,
        )
        and (move.party is not OrderParty.APPROVER or _is_second_person(facts, actor_id))
    )


def count_approvals_needed() -> int:
    """Return how many people have to approve an order."""
    return 1


def check_quantity(quantity: int, max_quantity: int) -> None:
    """Refuse a quantity that cannot be ordered of a service at once.

    Raises:
        InvalidError: it is not between 1 and the largest quantity.
    """
    if not 1 <= quantity <= max_quantity:
        raise InvalidError.at(
            "quantity",
            "order.quantity",
            N_("The quantity must be a whole number from 1 to {max}."),
            max=max_quantity,
        )


def check_wanted_on(wanted_on: date, today: date) -> None:
    """Refuse a day on which nothing can be delivered.

    Raises:
        InvalidError: the day has passed or is too far away.
    """
    if wanted_on < today:
        raise InvalidError.at(
            "wanted_on",
            "order.wanted-past",
            N_("The wanted day has already passed; choose today or later."),
        )
    if wanted_on > today + LONGEST_NOTICE:
        raise InvalidError.at(
            "wanted_on",
            "order.wanted-too-late",
            N_("The wanted day is more than three years away."),
        )


def check_total(total: Total) -> None:
    """Refuse an order whose cost cannot be meant.

    Raises:
        InvalidError: it costs a billion francs or more.
    """
    if max(total.one_off, total.per_year, total.usage) >= LARGEST_TOTAL:
        raise InvalidError.at(
            "quantity",
            "order.total",
            N_("This order would cost a billion francs or more; please check the quantity."),
        )


def check_length(field: str, text: str, longest: int) -> None:
    """Refuse a text that is too long.

    Raises:
        InvalidError: it names how long the text may be.
    """
    if len(text) > longest:
        raise InvalidError.at(
            field,
            "order.text-too-long",
            N_("The text may have at most {max} characters."),
            max=longest,
        )


def decide_first_day(
    from_on: date | None, *, wanted_on: date, submitted_on: date, today: date
) -> date:
    """Return the first day of use after a delivery: as given, else the wanted day, never earlier.

    Raises:
        InvalidError: the given day lies before the order, or too far away.
    """
    if from_on is None:
        return max(today, wanted_on)
    if from_on < submitted_on:
        raise InvalidError.at(
            "from_on",
            "order.first-day",
            N_("The first day of use cannot lie before the order."),
        )
    if from_on > today + LONGEST_NOTICE:
        raise InvalidError.at(
            "from_on",
            "order.first-day-too-late",
            N_("The first day of use is more than three years away."),
        )
    return from_on


def format_number(year: int, number: int) -> str:
    """Return how people call an order, such as `B-2026-00042`."""
    return f"B-{year}-{number:05d}"


def _is_second_person(facts: OrderFacts, actor_id: UUID | None) -> bool:
    return actor_id is not None and actor_id not in facts.asked_by | facts.decided_by

"""Judgement about subscriptions: when may one end, and is it running."""

from datetime import date

from cmdb.kernel.errors import N_, InvalidError, WrongStateError


def is_running(from_on: date, until_on: date | None, day: date) -> bool:
    """Tell whether a subscription is in use on a day."""
    return from_on <= day and (until_on is None or day <= until_on)


def decide_end(from_on: date, until_on: date | None, wanted: date, today: date) -> date:
    """Return the last day of a subscription; an end that lies ahead may still be moved.

    Raises:
        WrongStateError: the subscription has already ended.
        InvalidError: the day lies in the past or before the beginning.
    """
    if until_on is not None and until_on < today:
        raise WrongStateError("subscription.ended", N_("This subscription has already ended."))
    if wanted < today:
        raise InvalidError.at(
            "until_on",
            "subscription.end-past",
            N_("A subscription ends today at the earliest; what was used has to be paid."),
        )
    if wanted < from_on:
        raise InvalidError.at(
            "until_on",
            "subscription.end-before-beginning",
            N_("A subscription cannot end before it begins on {from_on}."),
            from_on=from_on.isoformat(),
        )
    return wanted

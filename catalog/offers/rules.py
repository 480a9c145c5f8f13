"""Judgement about services: may it be ordered, does it keep its promise, may this price follow."""

import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from catalog.offers.pricing import Component, PriceTerms, round_to_rappen
from cmdb.kernel.errors import N_, ConflictError, InvalidError, WrongStateError
from schemas.vocabulary import PriceBasis, PriceKind, PricePeriod, ServiceState, SlaClass

MAX_COMPONENTS: Final = 10
LARGEST_AMOUNT: Final = 100_000_000
LANGUAGES: Final = ("de", "en")

NEXT_STATES: Final[Mapping[ServiceState, frozenset[ServiceState]]] = {
    ServiceState.DRAFT: frozenset({ServiceState.ACTIVE, ServiceState.RETIRED}),
    ServiceState.ACTIVE: frozenset({ServiceState.RETIRING}),
    ServiceState.RETIRING: frozenset({ServiceState.ACTIVE, ServiceState.RETIRED}),
    ServiceState.RETIRED: frozenset(),
}


@dataclass(frozen=True, slots=True)
class Promise:
    """The service level one service promises; None promises nothing."""

    code: str
    sla_class: SlaClass | None


@dataclass(frozen=True, slots=True)
class SlaViolation:
    """A service that promises more than what it rests on."""

    service: Promise
    rests_on: Promise


def find_sla_violations(pairs: Iterable[tuple[Promise, Promise]]) -> list[SlaViolation]:
    """Return every dependency whose service promises a higher class than what it rests on.

    Each pair is a service and one service that it depends on directly.
    """
    return [
        SlaViolation(service, rests_on)
        for service, rests_on in pairs
        if service.sla_class and rests_on.sla_class and service.sla_class > rests_on.sla_class
    ]


def decide_state(current: ServiceState, wanted: ServiceState, *, is_priced: bool) -> ServiceState:
    """Return the state a service moves to.

    Raises:
        WrongStateError: the move is not possible from the current state.
        InvalidError: a service without a price cannot be offered.
    """
    if wanted not in NEXT_STATES[current]:
        raise WrongStateError(
            "service.wrong-state",
            N_("A service that is «{current}» cannot become «{wanted}»."),
            current=current.value,
            wanted=wanted.value,
        )
    if wanted is ServiceState.ACTIVE and not is_priced:
        raise InvalidError(
            "service.not-priced", N_("A service can be offered only after a price was released.")
        )
    return wanted


def check_components(components: Sequence[Component], *, is_lasting: bool) -> None:
    """Refuse a price whose parts contradict one another or the service.

    Raises:
        InvalidError: the sentence says which part and why.
    """
    if not 1 <= len(components) <= MAX_COMPONENTS:
        raise InvalidError(
            "price.components", N_("A price needs from 1 to {max} parts."), max=MAX_COMPONENTS
        )
    for one in components:
        _check_component(one, is_lasting=is_lasting)


def _check_component(one: Component, *, is_lasting: bool) -> None:
    is_recurring = one.kind is PriceKind.RECURRING
    if is_recurring is (one.period is PricePeriod.NONE):
        raise InvalidError(
            "price.period", N_("A recurring price needs a month or a year; other prices have none.")
        )
    if one.basis is PriceBasis.MEASURED and one.kind is not PriceKind.USAGE:
        raise InvalidError("price.basis", N_("Only usage can be charged as it is measured."))
    if is_recurring and not is_lasting:
        raise InvalidError(
            "price.recurring",
            N_("A service that ends with its delivery cannot have a recurring price."),
        )
    is_sound = one.amount.is_finite() and 0 <= one.amount < LARGEST_AMOUNT
    if not is_sound or one.amount != round_to_rappen(one.amount):
        raise InvalidError(
            "price.amount",
            N_("A price is an amount of francs with at most two decimals, zero or more."),
        )


def decide_succession(prices: Sequence[PriceTerms], valid_from: date) -> date | None:
    """Return the last day of the price before a new one; None where nothing has to end.

    Prices follow one another without gaps and without overlaps.

    Raises:
        ConflictError: the new price would overlap another or leave a gap.
    """
    if not prices:
        return None
    last = max(prices, key=lambda one: one.valid_from)
    if valid_from <= last.valid_from:
        raise ConflictError(
            "price.overlap",
            N_("A price from {last} is already released; a new one must begin later."),
            last=last.valid_from.isoformat(),
        )
    if last.valid_until is None:
        return valid_from - timedelta(days=1)
    if valid_from != last.valid_until + timedelta(days=1):
        raise ConflictError(
            "price.gap",
            N_("The price before ends on {last}; the new one must begin the day after."),
            last=last.valid_until.isoformat(),
        )
    return None


def must_begin_later(state: ServiceState, valid_from: date, today: date) -> bool:
    """Tell whether a price would change the past; only that of a draft may, as nobody uses it."""
    return state is not ServiceState.DRAFT and valid_from <= today


def fold(text: str) -> str:
    """Return text as the search compares it: lower case, without accents, one space apart."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(one for one in decomposed if not unicodedata.combining(one))
    return " ".join(plain.split())


def compute_search_text(code: str, *texts: Mapping[str, str]) -> str:
    """Return what the search looks through: the code and every text in every language."""
    return fold(" ".join([code, *(value for one in texts for value in one.values())]))


def check_texts(
    texts: Mapping[str, str], *, field: str, longest: int, optional: Collection[str] = ()
) -> None:
    """Refuse a text that is missing in German or English, or too long.

    Args:
        texts: the text by language.
        field: what the text is called in the complaint.
        longest: characters that fit.
        optional: what may stand beside the languages.

    Raises:
        InvalidError: it names the field.
    """
    if set(texts) - set(optional) != set(LANGUAGES) or not all(
        texts[one].strip() for one in LANGUAGES
    ):
        raise InvalidError.at(
            field,
            "service.text-missing",
            N_("The field «{field}» needs a German and an English text."),
            field=field,
        )
    if any(len(one) > longest for one in texts.values()):
        raise InvalidError.at(
            field,
            "service.text-too-long",
            N_("The field «{field}» may have at most {longest} characters."),
            field=field,
            longest=longest,
        )

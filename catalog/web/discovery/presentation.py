"""What was decided about a target and why, in words."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any, Final

from flask_babel import gettext, ngettext

from catalog.telling import in_words
from catalog.web.components import word
from cmdb.kernel.clock import now
from cmdb.kernel.errors import N_
from cmdb.plans.models import Run
from cmdb.plans.queries import RunProgress
from schemas.vocabulary import IdentifierScheme, Section

WORDS: Final = {
    "created": N_("New"),
    "changed": N_("Changed"),
    "unchanged": N_("Unchanged"),
    "ambiguous": N_("Needs a person"),
    "missed": N_("Not seen"),
}
OUTCOMES: Final = {
    "same": N_("a known device"),
    "new": N_("a device that was not known"),
    "ambiguous": N_("several devices come into question"),
}
HOUR: Final = 60
DAY: Final = 24 * HOUR
WEEK: Final = 7 * DAY
SHOWN: Final = 20
"""So many marks, candidates or rules are told of one target."""


def decision_words(decision: str) -> str:
    """Return the English words for a decision, to be translated by the page."""
    return WORDS.get(decision, decision)


def interval_words(minutes: int | None) -> str:
    """Return how often a plan runs, in words and the largest unit that fits."""
    if not minutes:
        return gettext("only when asked")
    weeks, days, hours = minutes / WEEK, minutes / DAY, minutes / HOUR
    if weeks.is_integer():
        return ngettext("every week", "every %(num)s weeks", int(weeks))
    if days.is_integer():
        return ngettext("every day", "every %(num)s days", int(days))
    if hours.is_integer():
        return ngettext("every hour", "every %(num)s hours", int(hours))
    return ngettext("every minute", "every %(num)s minutes", minutes)


def duration_of(run: Run | RunProgress) -> timedelta | None:
    """Return how long a run took, or has taken until now; None before it began."""
    return None if run.started_at is None else (run.finished_at or now()) - run.started_at


def reasons_of(explanation: Mapping[str, Any]) -> list[tuple[str, list[str]]]:
    """Return why something was decided about a target: a label and its lines, in words."""
    outcome = explanation.get("outcome")
    found = [
        (gettext("Recognised as"), [gettext(OUTCOMES[outcome])] if outcome in OUTCOMES else []),
        (gettext("Marks"), [_identifier(one) for one in _some(explanation, "identifiers")]),
        (gettext("Compared with"), [_candidate(one) for one in _some(explanation, "candidates")]),
        (gettext("Rules"), [str(one) for one in _some(explanation, "rules")]),
        (gettext("Changed sections"), _sections(_some(explanation, "changed_sections"))),
        (gettext("Problems"), [_problem(one) for one in _some(explanation, "problems")]),
    ]
    return [(label, lines) for label, lines in found if lines]


def _some(explanation: Mapping[str, Any], name: str) -> list[Any]:
    return list(explanation.get(name) or ())[:SHOWN]


def _identifier(one: Mapping[str, Any]) -> str:
    return f"{_scheme(one['scheme'])} {one['value']}"


def _candidate(one: Mapping[str, Any]) -> str:
    points = int(one.get("points", 0))
    told = ngettext("%(num)s point", "%(num)s points", points)
    agrees, differs = (_schemes(one.get(side, ())) for side in ("agrees", "differs"))
    if agrees:
        told += "; " + gettext("agrees: %(what)s", what=agrees)
    if differs:
        told += "; " + gettext("differs: %(what)s", what=differs)
    return told


def _problem(one: Mapping[str, Any]) -> str:
    sentence = in_words(one.get("messages", ()), one.get("message", ""))
    section = _sections([one["section"]]) if one.get("section") else []
    return ": ".join([*section, sentence])


def _sections(names: Iterable[str]) -> list[str]:
    known = set(Section)
    return [word(Section(name)) if name in known else name for name in names]


def _schemes(names: Iterable[str]) -> str:
    return ", ".join(map(_scheme, names))


def _scheme(name: str) -> str:
    return word(IdentifierScheme(name)) if name in set(IdentifierScheme) else name

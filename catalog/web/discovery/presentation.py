"""What was decided about a target, in words."""

from typing import Final

from cmdb.kernel.errors import N_

WORDS: Final = {
    "created": N_("New"),
    "changed": N_("Changed"),
    "unchanged": N_("Unchanged"),
    "ambiguous": N_("Needs a person"),
    "missed": N_("Not seen"),
}


def decision_words(decision: str) -> str:
    """Return the English words for a decision, to be translated by the page."""
    return WORDS.get(decision, decision)

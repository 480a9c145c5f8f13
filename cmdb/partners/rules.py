"""How partners are named, sorted and told apart."""

import re
import unicodedata

MAX_SLUG = 64
_LIGATURES = str.maketrans({"\N{LATIN SMALL LETTER SHARP S}": "ss", "æ": "ae", "œ": "oe", "ø": "o"})
_SPELT_OUT = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "\N{LATIN SMALL LETTER SHARP S}": "ss", "æ": "ae", "œ": "oe"}
)


def sort_key(name: str) -> str:
    """Return the text by which German directories sort a name: ä like a, case ignored (DIN 5007-1).

    The same text is searched, so that «Ruswil» and «Büron» are found however they are typed.
    """
    letters = unicodedata.normalize("NFD", name.casefold().translate(_LIGATURES))
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(plain.split())


def slug_of(name: str) -> str:
    """Return the short name for addresses: «Büron (LU)» becomes `bueron-lu`."""
    spelt = unicodedata.normalize("NFC", name).casefold().translate(_SPELT_OUT)
    return re.sub(r"[^a-z0-9]+", "-", sort_key(spelt)).strip("-")[:MAX_SLUG]


def is_slug(text: str) -> bool:
    """Tell whether a text can stand in an address: small letters, digits and single hyphens."""
    return len(text) <= MAX_SLUG and re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", text) is not None

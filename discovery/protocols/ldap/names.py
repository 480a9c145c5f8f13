"""Distinguished names (RFC 4514): reading, comparing and placing them in the tree."""

from discovery.errors import MalformedError
from schemas.sentences.ldap import LdapSentence

MAX_DN_LENGTH = 4096
_HEX_DIGITS = frozenset("0123456789abcdefABCDEF")

Rdn = tuple[tuple[str, str], ...]


def parse_dn(text: str) -> tuple[Rdn, ...]:
    """Return the relative names from the leaf to the root, each as (type, value) pairs.

    Types come in lower case, values without their escapes.

    Raises:
        MalformedError: the text is not a distinguished name.
    """
    if len(text) > MAX_DN_LENGTH:
        raise MalformedError(LdapSentence.LONG_NAME, limit=MAX_DN_LENGTH)
    if not text.strip():
        return ()
    return tuple(
        tuple(_pair(part, text) for part in _split(rdn, "+")) for rdn in _split(text, ",;")
    )


def _split(text: str, separators: str) -> list[str]:
    """Cut at separators that are neither escaped nor inside the quotes of RFC 2253."""
    if "\\" not in text and '"' not in text and (len(separators) == 1 or ";" not in text):
        return text.split(separators[0])
    parts: list[str] = []
    current: list[str] = []
    is_quoted = False
    characters = iter(text)
    for character in characters:
        if character == "\\":
            current += (character, next(characters, ""))
        elif character in separators and not is_quoted:
            parts.append("".join(current))
            current = []
        else:
            is_quoted ^= character == '"'
            current.append(character)
    return [*parts, "".join(current)]


def _pair(text: str, whole: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    name = name.strip().lower()
    if not equals or not name or not name.replace("-", "").replace(".", "").isalnum():
        raise MalformedError(LdapSentence.NO_NAME, name=whole[:200])
    return name, _unescape(value.lstrip(" "))


def _unescape(value: str) -> str:
    if len(value) > 1 and value[0] == value.rstrip()[-1] == '"':
        value = value.rstrip()[1:-1]
    elif "\\" not in value:
        return value.rstrip(" ")
    octets = bytearray()
    kept = 0
    position = 0
    while position < len(value):
        character = value[position]
        pair = value[position + 1 : position + 3]
        if character == "\\" and len(pair) == 2 and _HEX_DIGITS.issuperset(pair):  # noqa: PLR2004 — two digits
            octets.append(int(pair, 16))
            position += 3
        else:
            if character == "\\":
                character = pair[:1]
                position += 1
            octets += character.encode()
            position += 1
        if character != " " or value[position - 2 : position - 1] == "\\":
            kept = len(octets)
    return octets[:kept].decode("utf-8", "replace")


def normalise_dn(text: str) -> str:
    """Return a form in which equal names are equal: lower case, one way of escaping, no padding."""
    if "\\" not in text and '"' not in text and ", " not in text and " ," not in text:
        return text.lower()
    rdns = ("+".join(f"{name}={_escape(value)}" for name, value in rdn) for rdn in parse_dn(text))
    return ",".join(rdns).lower()


def _escape(value: str) -> str:
    return "".join(
        f"\\{character}" if character in ',+"\\<>;=' else character for character in value
    )


def is_below(name: str, base: str) -> bool:
    """Return whether a name is this base or lies below it."""
    low, high = normalise_dn(name), normalise_dn(base)
    return not high or low == high or low.endswith(f",{high}")

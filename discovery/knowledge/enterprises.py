"""Who registered which private enterprise number with IANA, and what its devices mostly are.

The list is a plain text: a number, the name under which devices of the maker are known today, and
where it is known their class, behind `=` if the maker makes one kind of device, behind `~` if it
makes many and most are of this one. Lines that begin with `#` are comments.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

_LINE = re.compile(
    r"(?P<number>\d{1,7}) (?P<vendor>[^=~]{0,99}[^=~ ])"
    r"(?: (?P<sign>[=~]) (?P<ci_class>[a-z]+\.[a-z_]+))?",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Enterprise:
    """Who registered an enterprise number.

    Attributes:
        ci_class: the class of its devices if it makes one kind.
        main_class: the class of most of its devices if it makes many kinds.
    """

    vendor: str
    ci_class: str | None = None
    main_class: str | None = None


def read_enterprises(text: str) -> Mapping[str, Enterprise]:
    """Return enterprise number → who registered it.

    Raises:
        ValueError: a line has another form, or names a number a second time.
    """
    found: dict[str, Enterprise] = {}
    for at, line in enumerate(text.splitlines(), 1):
        if not line or line.startswith("#"):
            continue
        match = _LINE.fullmatch(line)
        if match is None:
            raise ValueError(f"line {at} is not a number, a vendor and a class: {line!r}.")
        number, vendor, ci_class = match["number"], match["vendor"], match["ci_class"]
        if number in found:
            raise ValueError(f"line {at} names {number} a second time.")
        if match["sign"] == "=":
            found[number] = Enterprise(vendor, ci_class=ci_class)
        else:
            found[number] = Enterprise(vendor, main_class=ci_class)
    return found

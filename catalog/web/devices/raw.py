"""What was seen of a device, as it came over the wire, section by section."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import orjson

from catalog.web.components import word
from schemas.vocabulary import Section

MAX_SHOWN: Final = 100_000
"""Characters of a section that the page shows; a stack of switches has many more."""


@dataclass(frozen=True, slots=True)
class ShownSection:
    """One section of a document.

    Attributes:
        rows: how many entries it has, None where it is not a list.
        text: its JSON, indented.
        is_cut: whether there is more than is shown.
    """

    label: str
    rows: int | None
    text: str
    is_cut: bool


def sections_of(document: Mapping[str, Any] | None) -> list[ShownSection]:
    """Return the sections of a raw document for reading, none where no document is kept."""
    if document is None:
        return []
    known = {str(one): one for one in Section}
    return [
        _section(word(known[name]) if name in known else name, content)
        for name, content in document.get("sections", {}).items()
    ]


def _section(label: str, content: Any) -> ShownSection:
    text = orjson.dumps(content, option=orjson.OPT_INDENT_2).decode()
    rows = len(content) if isinstance(content, list) else None
    return ShownSection(label, rows, text[:MAX_SHOWN], is_cut=len(text) > MAX_SHOWN)

"""The makers' own lists of products: which sysObjectID stands for which model.

A list is a plain text, because the long ones hold thousands of lines and TOML reads them slowly:
a line with nothing but an OID opens a table, every other line holds the rest of a sysObjectID below
that OID and the model. Lines that begin with `#` are comments and name the MIB.
"""

import re
from collections.abc import Mapping

_BASE = re.compile(r"\d+(?:\.\d+){5,}")
_TAIL = re.compile(r"\d+(?:\.\d+)*")


def read_products(text: str) -> Mapping[str, str]:
    """Return sysObjectID → model of a list of products.

    Raises:
        ValueError: a line is neither a table nor a product, or a product is named twice.
    """
    products: dict[str, str] = {}
    base = ""
    for number, line in enumerate(text.splitlines(), 1):
        tail, _, model = line.partition(" ")
        if not line or line.startswith("#"):
            continue
        if not model and _BASE.fullmatch(line):
            base = line
            continue
        if not (base and model.strip() and _TAIL.fullmatch(tail)):
            raise ValueError(f"line {number} is neither an OID nor a product: {line!r}.")
        oid = f"{base}.{tail}"
        if oid in products:
            raise ValueError(f"line {number} names {oid} a second time.")
        products[oid] = model.strip()
    return products

"""The order of the list of partners: by any of its columns, as far as all partners are on it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from cmdb.partners.models import Organisation
from cmdb.partners.rules import sort_key

BY_NAME: Final = "name"
COLUMNS: Final = ("name", "district", "population", "sites", "devices", "accounts", "findings")


def sorted_by(
    rows: Sequence[Organisation], sort: str, numbers: Mapping[str, Mapping[UUID, int]]
) -> list[Organisation]:
    """Return partners that are sorted by name in another order; equals keep theirs.

    Args:
        rows: all partners that are to be shown.
        sort: one of the columns, with a dash before it the other way round.
        numbers: column → partner → how much there is of it.
    """
    name = sort.removeprefix("-")
    if name not in COLUMNS:
        return list(rows)
    is_descending = sort.startswith("-")
    if name == BY_NAME:
        return list(rows)[::-1] if is_descending else list(rows)
    value_of = _value_of(name, numbers)
    known = [one for one in rows if value_of(one) is not None]
    # What is not known stands at the end, whichever way round.
    unknown = [one for one in rows if value_of(one) is None]
    return [*sorted(known, key=value_of, reverse=is_descending), *unknown]


def _value_of(
    name: str, numbers: Mapping[str, Mapping[UUID, int]]
) -> Callable[[Organisation], Any]:
    if name == "district":
        return lambda one: sort_key(one.district) or None
    if name == "population":
        return lambda one: one.population
    counted = numbers[name]
    return lambda one: counted.get(one.id, 0)

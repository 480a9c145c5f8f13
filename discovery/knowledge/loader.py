"""Reads the packaged rules once per process, checks them and lays them ready for look-ups.

The form of a file is that of `schemas.knowledge`; a long list of products may lie beside it, in
`products/` under the same name (see `discovery.knowledge.products`). A source may be
`{ described = "model" }`: what `grammar` reads in sysDescr, or `{ private = "model" }`: what
`identity` finds in the tree of the maker. A class may ask for `answers`, OIDs or columns of
standard MIBs.
`maker` tells where a device names its vendor, if no rule and no enterprise number does.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from marshmallow import ValidationError

from discovery.knowledge.enterprises import Enterprise, read_enterprises
from discovery.knowledge.products import read_products
from discovery.knowledge.rules import (
    ClassChoice,
    EvidenceCondition,
    Origin,
    Rule,
    Source,
    is_under,
)
from discovery.knowledge.texts import read_texts
from schemas.base import first_message
from schemas.knowledge import DevicesFileSchema

ENTERPRISES = "1.3.6.1.4.1"
# Making a schema with all that it nests takes longer than reading a file with it.
_DEVICES_FILE = DevicesFileSchema()
_SINGLE_PLACES = (
    *(Origin.OID, Origin.BELOW, Origin.COLUMN, Origin.COMPONENT, Origin.TEXT),
    *(Origin.DESCRIBED, Origin.PRIVATE),
)


class KnowledgeError(Exception):
    """A file of rules is wrong; the text names the file, the rule and the reason."""


@dataclass(frozen=True, eq=False)
class Knowledge:
    """All rules, laid ready: by sysObjectID prefix, by sysDescr, and the ones that fit anything."""

    rules: tuple[Rule, ...]
    enterprises: Mapping[str, Enterprise]
    by_prefix: Mapping[str, tuple[Rule, ...]]
    by_descr: tuple[Rule, ...]
    by_evidence: tuple[Rule, ...]

    def candidates(self, sys_object_id: str, sys_descr: str, tree: str = "") -> tuple[Rule, ...]:
        """Return the rules that sysObjectID and sysDescr allow, the most specific first.

        Longest sysObjectID prefix first, then sysDescr alone, then those that need only evidence,
        then those of the private `tree` that answered, then rules about the agent software, and at
        last what holds for anything.
        """
        return _candidates(self, sys_object_id, sys_descr, tree)

    def under(self, sys_object_id: str) -> Iterator[Rule]:
        """Yield the rules whose prefix holds, the longest prefix first, whatever the sysDescr."""
        parts = sys_object_id.split(".")
        for length in range(len(parts), 0, -1):
            yield from self.by_prefix.get(".".join(parts[:length]), ())

    def enterprise_of(self, sys_object_id: str) -> Enterprise | None:
        """Return who registered the enterprise number in a sysObjectID."""
        if not is_under(sys_object_id, ENTERPRISES) or sys_object_id == ENTERPRISES:
            return None
        return self.enterprises.get(sys_object_id.split(".")[6])


@lru_cache(maxsize=4096)
def _candidates(
    knowledge: Knowledge, sys_object_id: str, sys_descr: str, tree: str
) -> tuple[Rule, ...]:
    by_oid = [rule for rule in knowledge.under(sys_object_id) if _descr_holds(rule, sys_descr)]
    by_descr = [rule for rule in knowledge.by_descr if _descr_holds(rule, sys_descr)]
    by_tree = [rule for rule in knowledge.under(tree) if _descr_holds(rule, sys_descr)]
    device = [rule for rule in by_oid if not rule.is_agent]
    agent = [rule for rule in by_oid if rule.is_agent]
    telling = [rule for rule in knowledge.by_evidence if not rule.is_general]
    general = [rule for rule in knowledge.by_evidence if rule.is_general]
    return tuple(dict.fromkeys([*device, *by_descr, *telling, *by_tree, *agent, *general]))


def _descr_holds(rule: Rule, sys_descr: str) -> bool:
    return rule.sys_descr is None or rule.sys_descr.search(sys_descr) is not None


@cache
def load_knowledge() -> Knowledge:
    """Return what ships and what the site has taught itself, read on the first call.

    Raises:
        KnowledgeError: a file does not have the form of `schemas.knowledge`, or rules collide.
    """
    try:
        devices, enterprises, products = read_texts()
    except (OSError, ValueError) as error:
        raise KnowledgeError(str(error)) from error
    return read_knowledge(devices, enterprises, products)


def read_knowledge(
    devices: Mapping[str, str], enterprises: str, products: Mapping[str, str] | None = None
) -> Knowledge:
    """Return the knowledge in the texts of device files (name → TOML) and enterprise numbers.

    `products` holds the long lists of products, by the name of the device file they belong to.

    Raises:
        KnowledgeError: a text is not of the right form, or rules are ambiguous.
    """
    try:
        numbers = read_enterprises(enterprises)
    except ValueError as error:
        raise KnowledgeError(f"enterprises.txt: {error}") from error
    lists = products or {}
    rules = [
        rule for name, text in devices.items() for rule in _read_rules(name, text, lists.get(name))
    ]
    check_distinct(rules)
    by_prefix: dict[str, list[Rule]] = {}
    for rule in rules:
        for prefix in rule.prefixes:
            by_prefix.setdefault(prefix, []).append(rule)
    return Knowledge(
        rules=tuple(rules),
        enterprises=numbers,
        by_prefix={prefix: _narrow_first(found) for prefix, found in by_prefix.items()},
        by_descr=tuple(rule for rule in rules if not rule.prefixes and rule.sys_descr),
        by_evidence=_narrow_first(
            rule for rule in rules if not rule.prefixes and not rule.sys_descr
        ),
    )


def _narrow_first(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    # Rules of the same prefix: the one with more conditions is the more specific one.
    return tuple(sorted(rules, key=lambda rule: -rule.conditions))


def check_distinct(rules: Iterable[Rule]) -> None:
    """Refuse rules of one name, and rules with the same match, of which one would never speak.

    Raises:
        KnowledgeError: two rules collide.
    """
    names: dict[str, Rule] = {}
    matches: dict[tuple[Any, ...], Rule] = {}
    for rule in rules:
        other = names.setdefault(rule.name, rule)
        if other is not rule:
            raise KnowledgeError(f"{rule.file}: the name “{rule.name}” is taken in {other.file}.")
        for prefix in rule.prefixes or ("",):
            key = (
                prefix,
                rule.sys_descr and rule.sys_descr.pattern,
                tuple((c.oid, c.pattern and c.pattern.pattern) for c in rule.evidence),
            )
            other = matches.setdefault(key, rule)
            if other is not rule:
                raise KnowledgeError(
                    f"{rule.file}: “{rule.name}” matches the same as “{other.name}”; "
                    "it would never be reached."
                )


def _parse(name: str, text: str, schema: Any) -> dict[str, Any]:
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        hint = " Write patterns between single quotes: '…'." if "Unescaped" in str(error) else ""
        raise KnowledgeError(f"{name}: not TOML: {error}.{hint}") from error
    try:
        return schema.load(content)
    except ValidationError as error:
        raise KnowledgeError(f"{name}: {_by_name(first_message(error), content)}") from error


def _by_name(complaint: str, content: dict[str, Any]) -> str:
    """Call a rule in a complaint by its name instead of its number."""
    number, _, rest = complaint.removeprefix("device.").partition(".")
    if complaint.startswith("device.") and number.isdecimal():
        rule = content["device"][int(number)]
        name = rule.get("name") if isinstance(rule, dict) else None
        return f"rule {int(number) + 1} “{name or '?'}”: {rest}"
    return complaint


def _read_rules(name: str, text: str, listed: str | None) -> Iterator[Rule]:
    content = _parse(name, text, _DEVICES_FILE)
    try:
        products = dict(read_products(listed or ""))
    except ValueError as error:
        raise KnowledgeError(f"{name}: list of products, {error}") from error
    products |= {
        f"{base}.{tail}": model
        for base, table in content["products"].items()
        for tail, model in table.items()
    }
    for device in content["device"]:
        yield _rule(name, content.get("vendor"), products, device)


def _rule(
    file: str, vendor: str | None, products: Mapping[str, str], device: Mapping[str, Any]
) -> Rule:
    match = device["match"]
    return Rule(
        name=device["name"],
        file=file,
        vendor=device.get("vendor", vendor),
        proof=device["proof"],
        prefixes=tuple(match.get("sys_object_id", ())),
        sys_descr=_compiled(match.get("sys_descr")),
        evidence=tuple(
            EvidenceCondition(item["oid"], _compiled(item.get("pattern")))
            for item in match.get("evidence", ())
        ),
        is_agent=device["agent"],
        classes=tuple(
            ClassChoice(
                choice["name"],
                _compiled(choice.get("model")),
                _compiled(choice.get("sys_descr")),
                tuple(choice.get("sys_object_id", ())),
                tuple(choice.get("answers", ())),
            )
            for choice in device["ci_class"]
        ),
        model=tuple(_source(item, products) for item in device["model"]),
        version=tuple(_source(item, products) for item in device["version"]),
        serial=tuple(_source(item, products) for item in device["serial"]),
        maker=tuple(_source(item, products) for item in device["maker"]),
    )


def _source(item: Mapping[str, Any], products: Mapping[str, str]) -> Source:
    origin, keys = _place(item)
    values: Mapping[str, str] = item.get("values", {})
    if origin is Origin.SYS_OBJECT_ID and not values:
        values = products
    return Source(
        origin, keys, _compiled(item.get("pattern")), item.get("format"), values, item["up"]
    )


def _place(item: Mapping[str, Any]) -> tuple[Origin, tuple[str, ...]]:
    """Return where a source reads, and the OIDs or the field that it reads there."""
    if "oids" in item:
        return Origin.OID, tuple(item["oids"])
    if "origin" in item:
        return Origin(item["origin"]), ()
    place = next(place for place in _SINGLE_PLACES if place in item)
    return place, (item[place],)


def _compiled(pattern: str | None) -> re.Pattern[str] | None:
    return re.compile(pattern) if pattern is not None else None

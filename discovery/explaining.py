"""Tells in plain lines how one look at a device went: asked, answered, matched, and why."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from discovery.collectors.snmp.inquiry import find_table_name
from discovery.knowledge import explain
from discovery.knowledge.mib_names import mib_name
from discovery.protocols.snmp.tracing import Exchange
from discovery.protocols.snmp.wire import Value
from discovery.secrets import Secret, SecretSource, telling_words
from discovery.secrets.hiding import pattern_of, spelt_in_index
from discovery.teaching import describe
from schemas.observation import Document, TargetReport
from schemas.vocabulary import Section

_SHOWN = 3
_HIDDEN = "•••"
_MAX_TEXT = 60
_VERBS = {
    "open": "Opened",
    "get": "GET",
    "get_next": "GETNEXT",
    "following": "GETBULK",
    "walk": "GETBULK walk",
}


class Veil:
    """Hands out secrets and hides them in what is told: some devices repeat their community."""

    def __init__(self, secrets: SecretSource, given: Iterable[Secret]) -> None:
        self._secrets = secrets
        self._words = {word for secret in given for word in telling_words(secret)}

    def get(self, name: str) -> Secret:
        """Return the secret of this name."""
        secret = self._secrets.get(name)
        self._words.update(telling_words(secret))
        return secret

    def hide(self, text: str) -> str:
        """Return a text without the secrets that were handed out."""
        for word in sorted(self._words, key=len, reverse=True):
            octets = word.encode()
            text = pattern_of(octets).sub(_HIDDEN.encode(), text.encode()).decode()
            # An OID spells a text as numbers, a value that is no text is told in hexadecimal.
            for form in (octets.hex(":"), ".".join(map(str, spelt_in_index(octets)))):
                text = text.replace(form, _HIDDEN)
        return text


def tell_exchange(exchange: Exchange) -> Iterator[str]:
    """Yield the lines of one question: what was asked by name, what came, what not."""
    names = ", ".join(_name(oid) for oid in exchange.oids)
    way = f"  ({exchange.way})" if exchange.way else ""
    yield f"→ {_VERBS[exchange.question]} {names}".rstrip() + way
    if exchange.question == "get":
        yield from _tell_values(exchange)
    elif exchange.rows:
        rows = islice(exchange.rows.items(), _SHOWN)
        yield from (f"    {_name(oid)} = {_plain(value)}" for oid, value in rows)
        if len(exchange.rows) > _SHOWN:
            yield f"    … {len(exchange.rows):,} rows"
    elif exchange.failure is None and exchange.question != "open":
        yield "    nothing there"
    if exchange.failure is not None:
        yield f"    ! {exchange.failure}"


def tell_outcome(name: str, found: Document | TargetReport) -> Iterator[str]:
    """Yield the lines of the outcome: sections with their size, the judgement with its reasons."""
    if isinstance(found, TargetReport):
        told = found.problem.message if found.problem else "no document"
        yield f"{name}: {found.step.value}: {told}"
        return
    yield f"Opened by the secret “{found.credential}”."
    for section, content in found.sections.items():
        state = "cut short" if section in found.incomplete else "complete"
        size = f"{len(content)} rows" if isinstance(content, list) else f"{len(content)} values"
        yield f"  section {section.value:12} {size}, {state}"
    yield from (f"  ! {problem.message}" for problem in found.problems)
    system: dict[str, Any] = found.sections.get(Section.SYSTEM) or {}
    components: list[dict[str, Any]] = found.sections.get(Section.COMPONENTS) or []
    yield from describe(name, system, explain(system, components))


def _tell_values(exchange: Exchange) -> Iterator[str]:
    for oid in exchange.oids:
        value = _plain(exchange.rows[oid]) if oid in exchange.rows else "not there"
        yield f"    {_name(oid)} = {value}"


def _name(oid: str) -> str:
    name = mib_name(oid)
    return name if name != oid else find_table_name(oid) or oid


def _plain(value: Value) -> str:
    if isinstance(value, bytes):
        text = value.decode("utf-8", "replace")
        value = text if text.isprintable() else value.hex(":")
    text = str(value)
    return text if len(text) <= _MAX_TEXT else text[: _MAX_TEXT - 1] + "…"

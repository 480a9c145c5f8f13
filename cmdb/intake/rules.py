"""Judgement on what arrives: may it come from this plan, and what of it is new."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from marshmallow import ValidationError

from cmdb.intake.plainness import PLAIN
from cmdb.kernel.errors import N_, InvalidError
from cmdb.plans.targets import AddressScope
from schemas.base import first_message
from schemas.messages import say
from schemas.observation import MAX_SECTION_ROWS, Document, Problem, section_hash
from schemas.sections import load_section
from schemas.sentences.run import RunSentence
from schemas.vocabulary import Lifecycle, ProblemCode, Protocol, Section, Source, SubjectKind

CUT_SHORT = "~"
"""Ends the hash of a section that was cut short, so that a complete one counts as new."""

_SOURCE = {Protocol.SNMP: Source.SNMP, Protocol.LDAP: Source.LDAP, Protocol.LDIF: Source.LDIF}


@dataclass(frozen=True, slots=True)
class PlanScope:
    """What a plan may speak of.

    Attributes:
        targets: its base DNs or file names, where it has no addresses.
        addresses: its addresses, where it has some.
    """

    protocol: Protocol
    targets: frozenset[str]
    addresses: AddressScope | None

    def allows(self, document: Document) -> bool:
        """Tell whether a document may come from this plan."""
        if document.source is not _SOURCE[self.protocol]:
            return False
        if self.addresses is not None and document.kind is not SubjectKind.DEVICE:
            return False
        if self.addresses is not None:
            return self.addresses.allows(document.target, document.key)
        return document.target in self.targets

    def covers(self, target: str, key: str) -> bool:
        """Tell whether the plan looks at this target by itself and may find this key there."""
        if self.addresses is None:
            return target in self.targets
        return self.addresses.covers(target, key)


def check_scope(scope: PlanScope, document: Document) -> None:
    """Refuse a document about something that the plan does not look at.

    Raises:
        InvalidError: its key or target lies outside the plan or is excluded from it.
    """
    if not scope.allows(document):
        raise InvalidError(
            "intake.out-of-scope",
            N_("«{key}» (seen at «{target}») is not among the targets of this plan."),
            key=document.key,
            target=document.target,
        )


def compute_hashes(document: Document, knowledge: str) -> dict[str, str]:
    """Return the hash of every section from its content; what a sender claims does not count.

    Where the knowledge of devices has changed, an equal system section may mean another device.
    """
    hashes = {
        name.value: section_hash(content) + (CUT_SHORT if name in document.incomplete else "")
        for name, content in document.sections.items()
    }
    if Section.SYSTEM in document.sections:
        hashes[Section.SYSTEM.value] += knowledge
    return hashes


def find_changed(known: Mapping[str, Any], hashes: Mapping[str, str]) -> tuple[Section, ...]:
    """Return the sections whose content differs from what was last seen."""
    return tuple(Section(name) for name, digest in hashes.items() if known.get(name) != digest)


def read_section(name: Section, content: Any) -> tuple[Any, Problem | None]:
    """Return the validated content of a section, or what is wrong with it.

    A section that lies costs itself, never its document.
    """
    if isinstance(content, list) and len(content) > MAX_SECTION_ROWS:
        told = say(RunSentence.TOO_MANY_ROWS, count=len(content), limit=MAX_SECTION_ROWS)
        return None, Problem.of(ProblemCode.TOO_MUCH, [told], name)
    if name in PLAIN and PLAIN[name].accept(content):
        return content, None
    try:
        return load_section(name, content), None
    except ValidationError as error:
        told = say(RunSentence.SECTION_UNREADABLE, reason=first_message(error))
        return None, Problem.of(ProblemCode.MALFORMED, [told], name)


@dataclass(slots=True)
class Sighting:
    """One document of an envelope beside what is known of its subject.

    Attributes:
        subject_id: the subject; a new one has its key before it is stored.
        hashes: what is to be remembered of the sections.
        changed: the sections that differ from the last look.
        is_new: this plan has never seen it.
        is_elsewhere: it was found at another target or opened by another secret than before.
        item_id: what it was last decided to be.
        lifecycle: where that item stands.
        problems: what went wrong, at the source or here.
    """

    document: Document
    subject_id: UUID
    hashes: dict[str, str]
    changed: tuple[Section, ...]
    is_new: bool = False
    is_elsewhere: bool = False
    item_id: UUID | None = None
    lifecycle: Lifecycle | None = None
    problems: list[Problem] = field(default_factory=list[Problem])
    _read: dict[Section, Any] = field(default_factory=dict[Section, Any])

    @property
    def is_unchanged(self) -> bool:
        """Whether the look has shown nothing that was not known."""
        return not self.is_new and not self.changed

    def section(self, name: Section) -> Any:
        """Return the validated content of a section, None where there is none or it is bad."""
        if name not in self._read:
            self._read[name] = self._validated(name)
        return self._read[name]

    def has_changed(self, *names: Section) -> bool:
        """Tell whether any of these sections differs from the last look."""
        return any(name in self.changed for name in names)

    def is_complete(self, name: Section) -> bool:
        """Tell whether what a section lacks is really gone."""
        return name not in self.document.incomplete and self.section(name) is not None

    def _validated(self, name: Section) -> Any:
        if name not in self.document.sections:
            return None
        content, problem = read_section(name, self.document.sections[name])
        if problem is not None:
            self.problems.append(problem)
            # Not remembered: the section is looked at again the next time.
            self.hashes.pop(name.value, None)
        return content

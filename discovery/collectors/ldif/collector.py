"""Look at a directory that lies in an LDIF file of a configured folder.

The file is read twice, groups first; so a file that is not LDIF to its very end gives an error
and no document at all.
"""

import stat
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, cast

from marshmallow import fields, validate

from discovery.collectors.base import CollectorContext
from discovery.collectors.ldap import inventory
from discovery.collectors.ldap.inventory import Inventory, Origin
from discovery.collectors.ldap.options import MappingOptions, MappingOptionsSchema
from discovery.collectors.ldap.streaming import documents_of
from discovery.collectors.ldif.parser import read_entries
from discovery.errors import (
    MalformedError,
    OutOfScopeError,
    TooMuchError,
    UnreachableError,
)
from discovery.protocols.ldap import AttributeSelection
from schemas.observation import Document, TargetReport
from schemas.sentences.ldif import LdifSentence
from schemas.vocabulary import Source, Step

_BATCH = 1000
_MEGABYTE = 1024 * 1024
_MAX_NAME = 255


class LdifOptionsSchema(MappingOptionsSchema):
    """Which folder holds the files, and how large one may be."""

    directory = fields.Str(required=True, validate=validate.Length(1, 1024))
    max_megabytes = fields.Int(strict=True, load_default=256, validate=validate.Range(1, 4096))


def check_name(target: str) -> str:
    """Return the plain file name that a target must be.

    Raises:
        OutOfScopeError: it leads to another folder.
        MalformedError: it is no file name.
    """
    if not target.strip() or len(target) > _MAX_NAME or not target.isprintable():
        raise MalformedError(LdifSentence.NO_FILE_NAME)
    if "/" in target or "\\" in target or target in {".", ".."}:
        raise OutOfScopeError(LdifSentence.OUTSIDE, file=target)
    return target


def open_file(directory: str, target: str, max_octets: int) -> BinaryIO:
    """Open a file of the folder.

    Raises:
        DiscoveryError: there is no such regular file, it lies elsewhere or is too large.
    """
    folder = Path(directory).resolve()
    path = (folder / check_name(target)).resolve()
    if path.parent != folder:
        raise OutOfScopeError(LdifSentence.LINK_OUTSIDE, file=target)
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise MalformedError(LdifSentence.NOT_A_FILE, file=target)
        if status.st_size > max_octets:
            raise TooMuchError(
                LdifSentence.TOO_LARGE, file=target, count=status.st_size, limit=max_octets
            )
        return path.open("rb")
    except OSError as error:
        raise UnreachableError(
            LdifSentence.UNREADABLE, file=target, reason=error.strerror or ""
        ) from None


@dataclass(slots=True)
class _Look:
    """One look at one file, and how far it came."""

    target: str
    context: CollectorContext
    step: Step = Step.ASKED

    def batches(self) -> Iterator[list[Document]]:
        """Yield the documents in batches.

        Raises:
            DiscoveryError: the file cannot be read to its end.
        """
        options = self.context.options
        origin = Origin(self.target, Source.LDIF, self.context.now())
        found = Inventory(MappingOptions.from_options(options), origin)
        limit = options["max_megabytes"] * _MEGABYTE
        with open_file(options["directory"], self.target, limit) as file:
            self.step = Step.REACHED
            found.learn_groups(read_entries(file, AttributeSelection(inventory.GROUP_ATTRIBUTES)))
            yield from _in_batches(found.group_documents())
            file.seek(0)
            entries = read_entries(file, AttributeSelection(inventory.OBJECT_ATTRIBUTES))
            yield from _in_batches(found.object_documents(entries))
        found.check_skipped()
        self.step = Step.IDENTIFIED

    def abort(self) -> None:
        """A batch of a local file is soon read."""


def _in_batches(documents: Iterator[Document]) -> Iterator[list[Document]]:
    while batch := list(islice(documents, _BATCH)):
        yield batch


class LdifCollector:
    """Reads the computers, accounts and groups of an LDIF file."""

    name = "ldif"

    def check_options(self, options: dict[str, Any]) -> dict[str, Any]:
        """Return the options with defaults filled in.

        Raises:
            marshmallow.ValidationError: an option is unknown or out of its limits.
        """
        return cast("dict[str, Any]", LdifOptionsSchema().load(options))

    def expand(self, target: str, exclusions: tuple[str, ...]) -> list[str]:
        """Return the file name, or nothing when it is excluded.

        Raises:
            DiscoveryError: the target is not a plain file name.
        """
        name = check_name(target)
        return [] if name in exclusions else [name]

    def collect(
        self, target: str, context: CollectorContext
    ) -> AsyncIterator[Document | TargetReport]:
        """Yield a document per computer, account and group, and last the report."""
        return documents_of(_Look(target, context))

"""Look at a directory server: its groups, then its accounts and computers, page by page.

The gateway blocks, so it works in a thread.
"""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from typing import Any, cast

from discovery.collectors.base import CollectorContext
from discovery.collectors.ldap import inventory
from discovery.collectors.ldap.inventory import Inventory, Origin
from discovery.collectors.ldap.options import LdapOptionsSchema, MappingOptions, limits_of
from discovery.collectors.ldap.streaming import documents_of
from discovery.errors import (
    MalformedError,
    RefusedError,
    SecretMissingError,
    TlsRefusedError,
)
from discovery.protocols.ldap import DirectoryServer, Session, is_below, open_session, parse_dn
from discovery.secrets import LdapBind
from schemas.observation import Document, TargetReport
from schemas.sentences.ldap import LdapSentence
from schemas.sentences.secrets import SecretSentence
from schemas.vocabulary import Source, Step

# A page of groups carries all their members.
_GROUP_PAGE_SIZE = 200


@dataclass(slots=True)
class _Look:
    """One look at one base: how far it came, and the session for whoever has to end it."""

    target: str
    context: CollectorContext
    step: Step = Step.ASKED
    session: Session | None = field(default=None, repr=False)

    def batches(self) -> Iterator[list[Document]]:
        """Yield the documents of page after page.

        Raises:
            DiscoveryError: the base was not read to its end.
        """
        bind_name, session = self._sign_in()
        self.session, self.step = session, Step.AUTHENTICATED
        options = self.context.options
        origin = Origin(
            self.target, Source.LDAP, self.context.now(), base=self.target, credential=bind_name
        )
        found = Inventory(MappingOptions.from_options(options), origin)
        with session:
            if found.needs_groups:
                yield from self._groups(session, found)
            if found.needs_objects:
                pages = session.search(
                    self.target,
                    inventory.object_filter(),
                    inventory.OBJECT_ATTRIBUTES,
                    page_size=options["page_size"],
                )
                for page in pages:
                    yield list(found.object_documents(page))
        found.check_skipped()
        self.step = Step.IDENTIFIED

    def abort(self) -> None:
        """End the session, whatever it is doing."""
        if self.session is not None:
            self.session.abort()

    def _groups(self, session: Session, found: Inventory) -> Iterator[list[Document]]:
        options = self.context.options
        pages = session.search(
            options["group_base"] or self.target,
            inventory.group_filter(),
            inventory.GROUP_ATTRIBUTES,
            page_size=min(options["page_size"], _GROUP_PAGE_SIZE),
        )
        for page in pages:
            found.learn_groups(page)
        documents = list(found.group_documents())
        for start in range(0, len(documents), options["page_size"]):
            yield documents[start : start + options["page_size"]]

    def _sign_in(self) -> tuple[str, Session]:
        """Return the session of the first secret that opens the door, and its name.

        Each is tried once, so that no account gets locked.
        """
        servers = [DirectoryServer.from_url(url) for url in self.context.options["servers"]]
        refusals: list[RefusedError] = []
        for name in self.context.credentials:
            bind = self.context.secrets.get(name)
            if not isinstance(bind, LdapBind):
                raise SecretMissingError(SecretSentence.NOT_A_BIND, name=name)
            try:
                return name, open_session(servers, bind, limits_of(self.context.options))
            except RefusedError as error:
                self.step = Step.REACHED
                refusals.append(error)
            except TlsRefusedError:
                self.step = Step.REACHED
                raise
        if not refusals:
            raise SecretMissingError(SecretSentence.NO_LDAP_SECRET)
        raise RefusedError.saying(one for error in refusals for one in error.messages)


class LdapCollector:
    """Reads the computers, accounts and groups below a base DN."""

    name = "ldap"

    def check_options(self, options: dict[str, Any]) -> dict[str, Any]:
        """Return the options with defaults filled in.

        Raises:
            marshmallow.ValidationError: an option is unknown or out of its limits.
        """
        return cast("dict[str, Any]", LdapOptionsSchema().load(options))

    def expand(self, target: str, exclusions: tuple[str, ...]) -> list[str]:
        """Return the base DN, or nothing when it lies at or below an excluded one.

        Raises:
            MalformedError: the target is not a distinguished name.
        """
        if not parse_dn(target):
            raise MalformedError(LdapSentence.NO_BASE)
        # Exclusions may also be addresses, which concern other protocols.
        excluded = (text for text in exclusions if "=" in text)
        return [] if any(is_below(target, text) for text in excluded) else [target]

    def collect(
        self, target: str, context: CollectorContext
    ) -> AsyncIterator[Document | TargetReport]:
        """Yield a document per computer, account and group, and last the report."""
        return documents_of(_Look(target, context))

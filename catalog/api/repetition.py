"""Writes that may be sent again: the header `Idempotency-Key` (draft-ietf-httpapi-idempotency).

A request whose answer was lost is sent again under its key, changes nothing and is answered with
what the first one made.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from http import HTTPStatus
from typing import Any, Final
from uuid import UUID

import orjson
from flask import request
from sqlalchemy.orm import Session

from catalog.access.repetition import MAX_KEY, claim_key, note_made
from catalog.api.guard import current_viewer
from catalog.api.resource import writing
from cmdb.kernel.errors import N_, InvalidError
from cmdb.kernel.viewer import Viewer

HEADER: Final = "Idempotency-Key"

Act = Callable[[Session, Viewer], Sequence[UUID]]
"""What a request does; it returns the keys of the things it made."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The keys of the things that a request made, now or the first time it was sent."""

    keys: tuple[UUID, ...]
    is_repeated: bool = False

    @property
    def status(self) -> HTTPStatus:
        """How the request is answered: made now, or there already."""
        return HTTPStatus.OK if self.is_repeated else HTTPStatus.CREATED


def once(act: Act) -> Outcome:
    """Carry out a write; one that comes again under the same key is not carried out again.

    Raises:
        InvalidError: the key is too long, or was used for another request.
    """
    viewer, key = current_viewer(), request_key()
    with writing() as held:
        if key is None or viewer.id is None:
            return Outcome(tuple(act(held, viewer)))
        sent, is_new = claim_key(held, viewer.id, key, _fingerprint())
        if is_new:
            note_made(sent, act(held, viewer))
        return Outcome(tuple(UUID(one) for one in sent.made), is_repeated=not is_new)


def request_key() -> str | None:
    """Return the key under which this request may be sent again, None where it has none.

    Raises:
        InvalidError: it is empty or too long.
    """
    key = request.headers.get(HEADER)
    if key is not None and not 0 < len(key) <= MAX_KEY:
        raise InvalidError(
            "api.idempotency-key",
            N_("An Idempotency-Key has 1 to {limit} characters."),
            limit=MAX_KEY,
        )
    return key


def _fingerprint() -> str:
    """Return what tells another request apart, whatever the order of the fields in its body."""
    body: Any = orjson.loads(request.get_data() or b"null")
    told = [request.method, request.path, body]
    return sha256(orjson.dumps(told, option=orjson.OPT_SORT_KEYS)).hexdigest()

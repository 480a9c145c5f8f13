"""The desk where collectors hand in what they have seen."""

import zlib
from http import HTTPStatus
from typing import Any, Final

from flask import Response, abort, request
from marshmallow import fields, validate

from catalog.access.guards import guarded
from catalog.api.answers import answer
from catalog.api.guard import current_viewer
from catalog.api.resource import SEND_JSON, Resource, writing
from cmdb.kernel.errors import N_, InvalidError
from cmdb.reconcile.commands import receive
from schemas.base import WireSchema
from schemas.observation import ENVELOPE_VERSION, MAX_ENVELOPE_BYTES
from schemas.plans import ReceiptSchema

resource = Resource("intake", "The desk where collectors hand in what they have seen.")

GZIP: Final = zlib.MAX_WBITS | 16
ENVELOPE: Final = {
    "type": "object",
    "required": ["schema", "envelope"],
    "properties": {
        "schema": {"const": ENVELOPE_VERSION},
        "envelope": {
            "type": "object",
            "required": [
                "assignment_id",
                "run_id",
                "collector",
                "sequence",
                "is_last",
                "documents",
                "reports",
            ],
            "properties": {
                "assignment_id": {"type": "string", "format": "uuid"},
                "run_id": {"type": "string", "format": "uuid"},
                "collector": {"type": "string", "minLength": 1, "maxLength": 64},
                "sequence": {"type": "integer", "minimum": 0},
                "is_last": {"type": "boolean"},
                "documents": {"type": "array", "maxItems": 1000, "items": {"type": "object"}},
                "reports": {"type": "array", "maxItems": 1000, "items": {"type": "object"}},
            },
        },
    },
}


class IntakeQuery(WireSchema):
    """Who holds the lease of the assignment."""

    worker = fields.Str(required=True, validate=validate.Length(1, 120))
    attempt = fields.Int(load_default=None, validate=validate.Range(1, 1000))


@resource.post("")
@guarded("intake.submit")
@resource.arguments(IntakeQuery, location="query")
@resource.doc(
    requestBody={
        "required": True,
        "description": "An envelope of at most 16 MiB; `Content-Encoding: gzip` is understood.",
        "content": {"application/json": {"schema": ENVELOPE}},
    }
)
@resource.response(202, ReceiptSchema)
@resource.problems(400, 404, 409, 413, 415)
def submit_envelope(query: dict[str, Any]) -> Response:
    """Hand in an envelope: it is taken in as a whole and exactly once, or refused.

    Sending it again gives the same receipt, with the header `Idempotent-Replayed: true`.
    """
    raw = _body()
    with writing() as held:
        receipt = receive(
            held, current_viewer(), raw, worker=query["worker"], attempt=query["attempt"]
        )
    response = answer(
        {
            "assignment_id": receipt.assignment_id,
            "run_id": receipt.run_id,
            "sequence": receipt.sequence,
            "documents": receipt.documents,
            "run_state": receipt.run_state,
        },
        HTTPStatus.ACCEPTED,
    )
    if receipt.is_replay:
        response.headers["Idempotent-Replayed"] = "true"
    return response


def _body() -> bytes:
    if not request.is_json:
        abort(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, SEND_JSON)
    encoding = request.headers.get("Content-Encoding", "identity").lower()
    raw = request.get_data(cache=False)
    if encoding == "identity":
        return raw
    if encoding != "gzip":
        abort(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, N_("Only gzip is understood as Content-Encoding."))
    return _unpacked(raw)


def _unpacked(raw: bytes) -> bytes:
    """Unpack no more than an envelope may have, however much was packed."""
    unpacker = zlib.decompressobj(GZIP)
    try:
        unpacked = unpacker.decompress(raw, MAX_ENVELOPE_BYTES + 1)
    except zlib.error:
        abort(HTTPStatus.BAD_REQUEST, N_("The body is not valid gzip."))
    if len(unpacked) > MAX_ENVELOPE_BYTES:
        raise InvalidError(
            "intake.too-large",
            N_("Unpacked, the envelope has more than {limit} bytes."),
            limit=MAX_ENVELOPE_BYTES,
        )
    if not unpacker.eof:
        abort(HTTPStatus.BAD_REQUEST, N_("The gzip body ends too early."))
    return unpacked

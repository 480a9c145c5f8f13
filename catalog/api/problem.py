"""Problems (RFC 9457): what a program is told when something cannot be done."""

import http
from typing import Any, Final

from flask import Response
from flask_babel import gettext
from flask_smorest import Api
from flask_smorest.utils import prepare_response
from werkzeug.exceptions import HTTPException

from catalog.api.complaints import told
from catalog.api.rates import RETRY_AFTER
from catalog.errors import PROBLEM, complaint_of, http_sentence, message_of, problem
from cmdb.kernel.errors import HausError
from schemas.problem import ProblemSchema

PATIENCE: Final = "60"
"""Seconds after which it is worth asking again where nothing more exact is known."""


class ProblemApi(Api):
    """A flask-smorest API whose errors are problems and keep the headers of their status."""

    ERROR_SCHEMA = ProblemSchema

    def _register_error_handlers(self) -> None:
        """Leave this to the resources: pages answer their errors as pages."""

    def _register_responses(self) -> None:
        """Document every error with the media type that is really sent."""
        spec: Any = self.spec
        named = [(status.name, status.phrase, int(status)) for status in http.HTTPStatus]
        for name, phrase, status in [*named, ("DEFAULT_ERROR", "Problem", 500)]:
            response: dict[str, Any] = {"description": phrase}
            if status >= http.HTTPStatus.BAD_REQUEST:
                response["schema"] = self.ERROR_SCHEMA
            if status == http.HTTPStatus.TOO_MANY_REQUESTS:
                response["headers"] = RETRY_AFTER
            prepare_response(response, spec, PROBLEM)
            spec.components.response(name, response, lazy=True)


def http_problem(error: HTTPException) -> Response:
    """Answer an HTTP error as a problem, with the complaints per field where there are any."""
    data: dict[str, Any] = getattr(error, "data", None) or {}
    complaints = data.get("messages") or {}
    if len(complaints) == 1:
        # The parser puts the place in front: query, json or headers; there is never more than one.
        complaints = next(iter(complaints.values()))
    if not isinstance(complaints, dict):
        complaints = {"body": complaints}
    status = error.code or http.HTTPStatus.INTERNAL_SERVER_ERROR
    detail = _sentence_of(error, complaints)
    answer = problem(int(status), "about:blank", error.name, detail, told(complaints))
    for name, value in error.get_headers():
        if name.lower() not in {"content-type", "content-length"}:
            answer.headers[name] = value
    return _with_patience(answer)


def domain_problem(error: HausError) -> Response:
    """Answer an error of the house as a problem, its complaints as lists of sentences."""
    title = http.HTTPStatus(error.status).phrase
    complaints = _sentences(error, error.errors)
    return problem(int(error.status), error.code, title, message_of(error), complaints)


def _sentence_of(error: HTTPException, complaints: dict[str, Any]) -> str:
    if complaints and error.code == http.HTTPStatus.UNPROCESSABLE_ENTITY:
        return gettext("Some values are not in order.")
    return http_sentence(error)


def _sentences(error: HausError, complaint: Any) -> Any:
    """Return a complaint as a list of sentences, or the complaints below it in the same form."""
    if isinstance(complaint, dict):
        return {name: _sentences(error, one) for name, one in complaint.items()}
    several = complaint if isinstance(complaint, list) else [complaint]
    return [complaint_of(error, str(one)) for one in several]


def _with_patience(answer: Response) -> Response:
    if answer.status_code == http.HTTPStatus.TOO_MANY_REQUESTS:
        answer.headers.setdefault("Retry-After", PATIENCE)
    return answer

"""How many requests a program may send: counted per token, and per address where there is none.

The counter lives in the memory of the process: it stops a program that runs wild, and two processes
count separately.
"""

import math
import time
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from flask import Flask, Response, current_app, g
from flask_babel import gettext
from limits import RateLimitItemPerMinute

from catalog.errors import problem
from catalog.extensions import limiter

POLICY: Final = "minute"
WINDOW: Final = 60
"""Seconds after which the counter begins again."""

HEADERS: Final[dict[str, Any]] = {
    "RateLimit-Policy": {
        "description": "How many requests (`q`) are allowed in how many seconds (`w`).",
        "schema": {"type": "string"},
    },
    "RateLimit": {
        "description": "How many requests remain (`r`) and in how many seconds (`t`) it restarts.",
        "schema": {"type": "string"},
    },
}
RETRY_AFTER: Final[dict[str, Any]] = {
    "Retry-After": {
        "description": "After how many seconds it is worth asking again.",
        "schema": {"type": "integer"},
    },
}


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a program may still send: the quota, what is left of it, seconds until it restarts."""

    quota: int
    remaining: int
    seconds: int


def install_rates(app: Flask) -> None:
    """Tell every program with every answer how much it may still ask."""
    app.after_request(_tell)


def count_request(who: str) -> Response | None:
    """Count a request and return the refusal where it is one too many (RFC 6585, §4)."""
    quota = current_app.config["HAUS"].api_requests_per_minute
    limit = RateLimitItemPerMinute(quota)
    is_within = limiter.limiter.hit(limit, "api", who)
    window = limiter.limiter.get_window_stats(limit, "api", who)
    seconds = min(WINDOW, max(1, math.ceil(window.reset_time - time.time())))
    g.allowance = Allowance(quota, window.remaining if is_within else 0, seconds)
    return None if is_within else _refusal(g.allowance)


def _refusal(allowance: Allowance) -> Response:
    sentence = gettext(
        "That is more than %(quota)s requests a minute; go on in %(seconds)s seconds.",
        quota=allowance.quota,
        seconds=allowance.seconds,
    )
    status = HTTPStatus.TOO_MANY_REQUESTS
    answer = problem(status, "api.too-many-requests", status.phrase, sentence)
    answer.headers["Retry-After"] = str(allowance.seconds)
    return answer


def _tell(answer: Response) -> Response:
    """Add the headers of draft-ietf-httpapi-ratelimit-headers-10."""
    allowance: Allowance | None = g.get("allowance")
    if allowance is not None:
        answer.headers["RateLimit-Policy"] = f'"{POLICY}";q={allowance.quota};w={WINDOW}'
        answer.headers["RateLimit"] = f'"{POLICY}";r={allowance.remaining};t={allowance.seconds}'
    return answer

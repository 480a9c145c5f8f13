"""The headers that make browsers careful with our answers."""

from typing import Final

from flask import Flask, Response, request

POLICY: Final = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
)
"""Content Security Policy: everything from here, nothing inline, in nobody's frame."""

HEADERS: Final = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    # Flask-WTF compares the referrer of encrypted forms, so our own pages must send it.
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
TWO_YEARS: Final = 2 * 365 * 24 * 3600


def install_headers(app: Flask) -> None:
    """Give every answer of an app the headers."""
    app.after_request(_careful)
    if app.config["HAUS"].is_secure:
        app.after_request(_encrypted)


def _careful(answer: Response) -> Response:
    for name, value in HEADERS.items():
        answer.headers.setdefault(name, value)
    if request.endpoint != "static":
        # Neither a shared computer nor a proxy may keep a page with data.
        answer.headers.setdefault("Cache-Control", "no-store")
    answer.vary.update(("Cookie", "Accept-Language"))
    return answer


def _encrypted(answer: Response) -> Response:
    answer.headers["Strict-Transport-Security"] = f"max-age={TWO_YEARS}; includeSubDomains"
    return answer

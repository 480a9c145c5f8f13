"""The only place where the house is wired together."""

import os
import secrets
from pathlib import Path

import structlog
from flask import Flask, Response, request

import catalog.models  # noqa: F401  # pyright: ignore[reportUnusedImport] — tables make themselves known
from catalog import api, web
from catalog.errors import register_errors, request_id
from catalog.extensions import babel, csrf, db, limiter
from catalog.web.locale import request_locale
from cmdb.kernel.db import engine_options, prepare_engine
from config.settings import ServerSettings

MAX_REQUEST_BYTES = 17 * 1024 * 1024
"""An envelope may have 16 MiB; forms are far smaller and limited by their own fields."""


def create_app(settings: ServerSettings) -> Flask:
    """Return the app for these settings; nothing runs in the background yet."""
    settings.data_path.mkdir(parents=True, exist_ok=True)
    app = Flask("catalog.web")
    app.config.from_mapping(
        SECRET_KEY=session_key(settings.key_path),
        SQLALCHEMY_DATABASE_URI=settings.database,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(settings.database),
        MAX_CONTENT_LENGTH=MAX_REQUEST_BYTES,
        MAX_FORM_MEMORY_SIZE=1024 * 1024,
        BABEL_DEFAULT_LOCALE="de_CH",
        BABEL_DEFAULT_TIMEZONE="Europe/Zurich",
        BABEL_TRANSLATION_DIRECTORIES=str(Path(__file__).parent / "translations"),
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=settings.is_secure,
        RATELIMIT_HEADERS_ENABLED=True,
        HAUS=settings,
    )
    app.json.sort_keys = False  # pyright: ignore[reportAttributeAccessIssue] — DefaultJSONProvider's own
    db.init_app(app)
    babel.init_app(app, locale_selector=request_locale)
    csrf.init_app(app)
    limiter.init_app(app)
    with app.app_context():
        prepare_engine(db.engine)
    _log_requests(app)
    register_errors(app)
    web.register(app)
    api.register(app)
    return app


def session_key(path: Path) -> str:
    """Return the key with which forms are signed, made on first use and readable only by us."""
    if not path.exists():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(48))
    return path.read_text("utf-8").strip()


def _log_requests(app: Flask) -> None:
    log = structlog.get_logger()

    @app.before_request
    def _bind() -> None:
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id())

    @app.after_request
    def _log(response: Response) -> Response:
        response.headers["X-Request-ID"] = request_id()
        if request.endpoint != "static":
            log.debug(
                "request", method=request.method, path=request.path, status=response.status_code
            )
        return response

    del _bind, _log

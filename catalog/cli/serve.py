"""`haus serve`: pages, REST and the embedded discovery in one process."""

import gc
import os
import signal
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from config.settings import ServerSettings

if TYPE_CHECKING:
    from flask import Flask

    from catalog.jobs.listening import NotificationListener


@click.command()
@click.option("--host", help="The address to listen on.")
@click.option("--port", type=click.IntRange(1, 65535), help="The port to listen on.")
@click.option("--debug", is_flag=True, help="Reload when the code changes.")
@click.pass_obj
def serve(settings: ServerSettings, host: str | None, port: int | None, *, debug: bool) -> None:
    """Serve the pages and the REST interface, and carry out discovery."""
    settings = replace(settings, host=host or settings.host, port=port or settings.port)
    with _without_collection():
        from catalog.app import create_app
        from catalog.cli.database import pending_migrations

        app = create_app(settings)
        is_behind = pending_migrations(app)
    if is_behind:
        raise click.ClickException("The database is behind the code: run `haus upgrade` first.")
    _refuse_faulty_device_rules()
    if debug:
        app.run(settings.host, settings.port, debug=True)
        return
    run_server(app, settings, lambda url: click.echo(f"haus is ready: {url}"))


def _refuse_faulty_device_rules() -> None:
    # Without rules of its own, which few sites have, a server starts without loading any.
    if not os.environ.get("HAUS_KNOWLEDGE"):
        return
    from discovery.site_rules import judge_site_rules

    verdict = judge_site_rules()
    if verdict is not None and verdict.faults:
        raise click.ClickException("\n".join(verdict.faults))


@contextmanager
def _without_collection() -> Generator[None]:
    """Load without looking for garbage: there is none, and looking takes a seventh of the start."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def run_server(app: "Flask", settings: ServerSettings, announce: Callable[[str], None]) -> None:
    """Serve until the process is asked to stop; `announce` is called once requests are taken."""
    from waitress.server import create_server

    from catalog.jobs.embedded import EmbeddedCarrier
    from catalog.jobs.listening import NotificationListener

    try:
        server: Any = create_server(
            app, host=settings.host, port=settings.port, threads=settings.web_threads, ident="haus"
        )
    except OSError as error:
        raise click.ClickException(
            f"Port {settings.port} cannot be used ({error.strerror}). Is another program on it? "
            "Choose a different one with --port, or PORT= for make demo."
        ) from error
    carrier = EmbeddedCarrier.for_app(app, settings)
    listener = NotificationListener.for_app(app, settings)
    _stop_on_signal(server)
    carrier.start()
    if listener is not None:
        _listen(listener, settings)
    # What is loaded now stays: the collector need not look at it in every full pass.
    gc.freeze()
    announce(f"http://{settings.host}:{settings.port}")
    try:
        server.run()
    finally:
        if listener is not None:
            listener.stop()
        carrier.stop()
        server.close()


def _listen(listener: "NotificationListener", settings: ServerSettings) -> None:
    try:
        listener.start()
    except OSError as error:
        where = f"{settings.notification_address}:{settings.notification_port}"
        raise click.ClickException(
            f"Notifications cannot be heard on {where} ({error.strerror}). "
            "Ports below 1024 need the capability CAP_NET_BIND_SERVICE."
        ) from error


def _stop_on_signal(server: Any) -> None:
    def stop(_number: int, _frame: Any) -> None:
        # Closing from another thread lets the loop end without tearing an answer apart.
        threading.Thread(target=server.close, daemon=True).start()
        raise SystemExit(0)

    signal.signal(signal.SIGTERM, stop)

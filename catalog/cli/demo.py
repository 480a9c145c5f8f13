"""`haus demo`: the whole house with invented operations, in one command."""

import gc
import os
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Final

import click
from flask import Flask

from catalog.cli.console import console_actor, console_transaction
from catalog.cli.database import upgrade_database
from catalog.cli.serve import run_server
from config.settings import ServerSettings

SIMULATOR_PORT: Final = 16_161
DIRECTORY: Final = "var/demo"


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
@click.option(
    "--simulator-port",
    type=click.IntRange(1, 65535),
    default=SIMULATOR_PORT,
    show_default=True,
    help="The UDP port on which the invented devices answer.",
)
@click.pass_obj
def demo(settings: ServerSettings, port: int, simulator_port: int) -> None:
    """Open the app with demonstration data; what happens in it is kept for the next time."""
    from catalog.app import create_app
    from catalog.demo.simulation import simulated_network

    settings = _demo_settings(settings, port)
    app = create_app(settings)
    upgrade_database(app)
    try:
        with simulated_network(simulator_port) as answering:
            if not _sign_ins_path(settings).exists():
                _fill(app, settings, answering)
                # The server keeps for good what is there when it starts; let that not be rubbish.
                gc.collect()
            run_server(app, settings, lambda url: _announce(url, settings))
    except OSError as error:
        raise click.ClickException(
            f"The simulator cannot use UDP port {simulator_port} ({error}). "
            "Is another demo running? Choose a different one with --simulator-port."
        ) from error


def _demo_settings(settings: ServerSettings, port: int) -> ServerSettings:
    """Keep the demonstration in a folder of its own, away from real data."""
    given = os.environ.get("HAUS_DATA_DIRECTORY")
    return replace(
        settings, data_directory=given or DIRECTORY, database_url="", port=port, is_demo=True
    )


def _sign_ins_path(settings: ServerSettings) -> Path:
    return settings.data_path / "sign-ins.toml"


def _fill(app: Flask, settings: ServerSettings, simulator_port: int) -> None:
    """Make everything the demonstration begins with, all of it or nothing."""
    from catalog.demo import declarations, directories, orders, seeding

    actor = console_actor()
    directories.write_directories(settings.directory_path)
    _write_private(settings.secrets_path, directories.secrets_text())
    with console_transaction(app) as session:
        if seeding.is_seeded(session):
            raise click.ClickException(
                f"{settings.data_path} holds data, but not of a demonstration. "
                "Choose another folder with HAUS_DATA_DIRECTORY."
            )
        ids = seeding.seed_organisations(session, actor)
        seeding.seed_services(session, actor)
        passwords = seeding.seed_people(session, actor, ids)
        declarations.seed_declarations(session, actor, ids)
        seeding.seed_plans(session, actor, ids, port=simulator_port)
        orders.seed_orders(session, ids[orders.PARTNER])
    lines = [f'{name} = "{password}"' for name, password in passwords.items()]
    _write_private(_sign_ins_path(settings), "\n".join(lines) + "\n")


def _write_private(path: Path, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)


def _announce(url: str, settings: ServerSettings) -> None:
    from catalog.demo.content import content

    passwords = tomllib.loads(_sign_ins_path(settings).read_text("utf-8"))
    click.echo(f"\n  haus is ready:  {url}\n\n  Sign in as")
    for person in content()["people"]:
        name = person["sign_in_name"]
        click.echo(f"    {name:<14}{passwords[name]:<28}{person['name']}")
    click.echo("\n  Discovery runs by itself: watch it at «Erkennung › Läufe». Stop: Ctrl-C.\n")

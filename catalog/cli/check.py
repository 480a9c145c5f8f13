"""`haus check`: is everything in place that a server needs?"""

from collections.abc import Iterator
from typing import NamedTuple

import click
from flask import Flask

from catalog.cli.console import console_actor, console_session
from catalog.cli.database import pending_migrations
from config.settings import ServerSettings


class Check(NamedTuple):
    """One thing that was looked at; `advice` is empty where it is in order."""

    subject: str
    advice: str = ""


@click.command()
@click.pass_obj
def check(settings: ServerSettings) -> None:
    """Look at database, secrets and browser files and say what to mend."""
    from catalog.app import create_app

    app = create_app(settings)
    checks = list(_checks(app, settings))
    for one in checks:
        click.echo(f"{'mend' if one.advice else 'ok':<6}{one.subject}")
        if one.advice:
            click.echo(f"      {one.advice}")
    if any(one.advice for one in checks):
        raise SystemExit(1)


def _checks(app: Flask, settings: ServerSettings) -> Iterator[Check]:
    from catalog.web.components import has_assets

    behind = pending_migrations(app)
    yield Check("database", "It is behind the code: run haus upgrade." if behind else "")
    with app.app_context():
        advice = "" if has_assets() else "They were not built: run python hatch_build.py."
    yield Check("browser files", advice)
    yield from _device_rules()
    if not behind:
        yield from _secrets(app, settings)


def _device_rules() -> Iterator[Check]:
    """Look at the rules by which the site recognises devices of its own."""
    from discovery.site_rules import judge_site_rules

    verdict = judge_site_rules()
    if verdict is not None:
        yield Check("device rules of your own", " ".join(verdict.faults))


def _secrets(app: Flask, settings: ServerSettings) -> Iterator[Check]:
    """Look up every secret that a plan names, without showing any."""
    from catalog.jobs.workplace import local_secrets
    from cmdb.plans.queries import list_plans
    from discovery.errors import SecretMissingError

    source = local_secrets(settings)
    with console_session(app) as session:
        plans = list_plans(session, console_actor(), limit=200).rows
    for name in sorted({name for plan in plans for name in plan.credentials}):
        try:
            source.get(name)
        except SecretMissingError as error:
            yield Check(f"secret {name}", str(error))
        else:
            yield Check(f"secret {name}")

"""`haus discover` and `haus plan`: looking at a partner's estate from the command line."""

from typing import Any, Final
from uuid import UUID

import click
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.cli.console import console_actor, console_session, organisation_named
from catalog.jobs.once import Summary, run_plan_now
from catalog.jobs.workplace import Workplace
from catalog.transactions import unit_of_work
from cmdb.kernel.viewer import Viewer
from cmdb.plans.commands import create_plan, update_plan
from cmdb.plans.drafts import PlanDraft
from cmdb.plans.models import Plan
from cmdb.plans.queries import list_plans
from config.settings import ServerSettings
from schemas.vocabulary import Protocol, RunState

LISTED: Final = 40


@click.command()
@click.argument("protocol", type=click.Choice([one.value for one in Protocol]))
@click.argument("targets", nargs=-1, required=True)
@click.option("--partner", required=True, help="Short name of the partner.")
@click.option("--secret", "secrets", multiple=True, help="Name of a secret; several are tried.")
@click.option("--exclude", multiple=True, help="Address or range that must not be asked.")
@click.option("--server", help="LDAP only: ldaps://server.example")
@click.option("--port", type=click.IntRange(1, 65535), help="SNMP only: another port than 161.")
@click.option("--dry-run", is_flag=True, help="Look, but change nothing in the inventory.")
@click.pass_obj
def discover(
    settings: ServerSettings, protocol: str, targets: tuple[str, ...], **given: Any
) -> None:
    """Look at TARGETS now: ranges (snmp), base DNs (ldap) or files (ldif).

    The plan is kept under the name of its targets; the same command uses it again.
    """
    from catalog.app import create_app

    app = create_app(settings)
    options = {"servers": [given["server"]]} if given["server"] else {}
    if given["port"]:
        options["port"] = given["port"]
    draft = PlanDraft(
        name=f"{protocol}: {', '.join(targets)}"[:120],
        protocol=Protocol(protocol),
        targets=targets,
        exclusions=given["exclude"],
        credentials=given["secrets"],
        options=options,
    )
    with console_session(app) as session:
        plan_id = _plan_for(session, console_actor(), given["partner"], draft)
    _run(app, settings, plan_id, is_dry_run=given["dry_run"])


@click.group()
def plan() -> None:
    """List discovery plans and run them."""


@plan.command("list")
@click.pass_obj
def list_all(settings: ServerSettings) -> None:
    """Show every plan with its partner and its targets."""
    from catalog.app import create_app

    with console_session(create_app(settings)) as session:
        after: str | None = None
        while True:
            page = list_plans(session, console_actor(), after=after, limit=200)
            for one in page.rows:
                state = "" if one.is_active else "  (paused)"
                click.echo(
                    f"{one.id}  {one.partner.slug:<20} {one.protocol.value:<5} {one.name}{state}"
                )
            after = page.next_cursor
            if after is None:
                break


@plan.command("run")
@click.argument("plan_id", type=click.UUID)
@click.option("--dry-run", is_flag=True, help="Look, but change nothing in the inventory.")
@click.pass_obj
def run_now(settings: ServerSettings, plan_id: UUID, *, dry_run: bool) -> None:
    """Run a plan now and wait for its end."""
    from catalog.app import create_app

    _run(create_app(settings), settings, plan_id, is_dry_run=dry_run)


def _plan_for(session: Session, actor: Viewer, partner: str, draft: PlanDraft) -> UUID:
    """Return the plan of this name, brought up to date, or a new one."""
    partner_id = organisation_named(session, partner).id
    known = session.scalar(
        select(Plan).where(Plan.partner_id == partner_id, Plan.name == draft.name)
    )
    with unit_of_work(session):
        if known is None:
            return create_plan(session, actor, partner_id, draft).id
        return update_plan(session, actor, known.id, draft, version=known.version).id


def _run(app: Flask, settings: ServerSettings, plan_id: UUID, *, is_dry_run: bool) -> None:
    with console_session(app):
        place = Workplace.for_app(app, settings)
        with click.progressbar(length=1, label="Looking") as bar:

            def show(done: int, total: int) -> None:
                bar.length = max(total, 1)
                bar.update(done - bar.pos)

            summary = run_plan_now(
                place, console_actor(), plan_id, is_dry_run=is_dry_run or None, progress=show
            )
    _tell(summary)
    if summary.progress.state is not RunState.SUCCEEDED:
        raise SystemExit(1)


def _tell(summary: Summary) -> None:
    """Say in a few lines what was seen and what went wrong."""
    counts = summary.progress
    click.echo(
        f"{counts.state.value}: {counts.reached} of {counts.targets_total} answered, "
        f"{counts.created} new, {counts.changed} changed, {counts.unchanged} unchanged, "
        f"{counts.findings} for the inbox, {counts.problems} problems."
    )
    if counts.message:
        click.echo(counts.message)
    for line in summary.targets[:LISTED]:
        what = f"{line.code}: {line.message}" if line.code else line.decision
        click.echo(f"  {line.target:<24} {line.step:<14} {what}")
    if len(summary.targets) > LISTED:
        click.echo(f"  … the rest is on the page of the run: /discovery/runs/{counts.id}")

"""`haus user`: people who sign in, before there is anybody to do it on a page."""

import click

from catalog.cli.console import console_actor, console_transaction, organisation_named
from config.settings import ServerSettings


@click.group()
def user() -> None:
    """Create people and give them roles."""


@user.command()
@click.argument("sign_in_name")
@click.option("--name", help="How the person is called; the sign-in name where left out.")
@click.option("--role", required=True, help="administrator, operator, partner_coordinator, auditor")
@click.option("--partner", help="Short name of the partner; everywhere where left out.")
@click.pass_obj
def create(
    settings: ServerSettings, sign_in_name: str, name: str | None, role: str, partner: str | None
) -> None:
    """Create a person with a generated password and one role."""
    from catalog.access import commands, rules
    from catalog.app import create_app

    actor = console_actor()
    with console_transaction(create_app(settings)) as session:
        organisation_id = organisation_named(session, partner).id if partner else None
        made = commands.create_person(
            session,
            actor,
            sign_in_name=sign_in_name,
            name=name or sign_in_name,
            organisation_id=organisation_id,
        )
        given = rules.Assignment(role, organisation_id)
        commands.assign_role(session, actor, made.person.id, given)
    click.echo(f"Sign-in name: {made.person.sign_in_name}")
    click.echo(f"Password:     {made.password}  (to be changed at the first sign-in)")


@user.command("reset-password")
@click.argument("sign_in_name")
@click.pass_obj
def reset_password(settings: ServerSettings, sign_in_name: str) -> None:
    """Give a person a new generated password; open sessions end."""
    from catalog.access import commands, queries
    from catalog.app import create_app

    actor = console_actor()
    with console_transaction(create_app(settings)) as session:
        person = queries.find_person(session, actor, sign_in_name)
        if person is None:
            raise click.ClickException(f"Nobody signs in as «{sign_in_name}».")
        made = commands.reset_password(session, actor, person.id)
    click.echo(f"Password: {made.password}  (to be changed at the next sign-in)")

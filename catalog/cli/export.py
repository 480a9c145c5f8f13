"""`haus export`: the inventory as a file for other tools."""

from typing import Any, TextIO

import click
import orjson

from catalog.cli.console import console_actor, console_session, organisation_named
from config.settings import ServerSettings


@click.command()
@click.option("--output", type=click.File("w", encoding="utf-8"), default="-", help="A file.")
@click.option("--partner", help="Only the items of this partner.")
@click.option("--class", "ci_class", help="Only items of this class, such as network.switch.")
@click.option("--observations", is_flag=True, help="What discovery saw last, instead of items.")
@click.pass_obj
def export(
    settings: ServerSettings,
    *,
    output: TextIO,
    partner: str | None,
    ci_class: str | None,
    observations: bool,
) -> None:
    """Write one JSON object per item and line, streamed.

    With --observations one per device as discovery saw it last, in the form that
    `haus-collector knowledge coverage` reads.
    """
    from catalog.app import create_app
    from cmdb.intake.queries import export_documents
    from cmdb.items.filters import ItemFilter
    from cmdb.items.queries import export_items

    if observations and ci_class:
        raise click.UsageError("An observation has no class yet: leave --class away.")
    with console_session(create_app(settings)) as session:
        partners = (organisation_named(session, partner).id,) if partner else ()
        if observations:
            for name, document in export_documents(session, console_actor(), partners):
                line = orjson.dumps({"name": name, "document": document})
                output.write(line.decode() + "\n")
            return
        wanted = ItemFilter(classes=(ci_class,) if ci_class else (), partners=partners)
        for row in export_items(session, console_actor(), wanted):
            fields: dict[str, Any] = row._asdict()
            output.write(orjson.dumps(fields).decode() + "\n")

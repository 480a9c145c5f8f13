"""`haus`: the commands of the server."""

import os
from pathlib import Path
from typing import Any

import click

from catalog.cli import check, database, demo, discovery, export, people, serve
from config.logging import configure_logging
from config.settings import SettingsError, load


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--config",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    envvar="HAUS_CONFIG",
    help="A TOML file with settings.",
)
@click.option("--data", "data_directory", help="The data directory.")
@click.pass_context
def main(context: click.Context, config: Path | None, data_directory: str | None) -> None:
    """Run and look after the shared IT-service catalogue and CMDB."""
    overrides: dict[str, Any] = {"data_directory": data_directory}
    try:
        context.obj = load(config, os.environ, overrides)
    except SettingsError as error:
        raise click.ClickException(str(error)) from error
    configure_logging(context.obj.log_format, context.obj.log_level)


for _command in (
    database.init,
    database.upgrade,
    serve.serve,
    demo.demo,
    people.user,
    discovery.discover,
    discovery.plan,
    export.export,
    check.check,
):
    main.add_command(_command)

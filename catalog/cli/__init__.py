"""`haus`: the commands of the server."""

import os
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import click

from config.logging import configure_logging
from config.settings import SettingsError, load

MODULES: Final = {
    "init": "database",
    "upgrade": "database",
    "serve": "serve",
    "demo": "demo",
    "user": "people",
    "discover": "discovery",
    "plan": "discovery",
    "export": "export",
    "check": "check",
}
"""Where each command is written."""


class Commands(click.Group):
    """Loads a command when it is asked for: nobody waits for what another command needs."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands, as they are told."""
        del ctx
        return list(MODULES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command of this name, or nothing."""
        del ctx
        module = MODULES.get(cmd_name)
        return getattr(import_module(f"{__name__}.{module}"), cmd_name) if module else None


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
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

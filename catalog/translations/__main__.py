"""`python -m catalog.translations`: keep the German catalogue complete."""

import sys
from pathlib import Path

import click
from babel.messages.pofile import write_po

from catalog.translations import messages


@click.group(invoke_without_command=True)
@click.pass_context
def main(context: click.Context) -> None:
    """Extract the messages, update the German catalogue and compile it."""
    if context.invoked_subcommand is None:
        german = messages.updated_german()
        messages.write_german(german)
        messages.compile_german()
        click.echo(f"{len(german)} messages, {len(messages.untranslated(german))} lack German")


@main.command()
def missing() -> None:
    """Print what lacks German, in the form that `merge` takes back."""
    gaps = messages.untranslated(messages.updated_german())
    write_po(sys.stdout.buffer, messages.only(gaps), width=100, omit_header=True)


@main.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def merge(file: Path) -> None:
    """Take over the translations of FILE, usually the filled-in output of `missing`."""
    german = messages.updated_german()
    taken = messages.merge(german, messages.read_german(file))
    messages.write_german(german)
    messages.compile_german()
    click.echo(f"{taken} taken over, {len(messages.untranslated(german))} lack German")


if __name__ == "__main__":
    main()

"""`haus-collector`: looks at devices and directories from a site, without database or server."""

import asyncio
import os
import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import IO, Any

import click
import orjson
from marshmallow import ValidationError

from discovery.collectors.registry import get_collector
from discovery.errors import DiscoveryError
from discovery.explaining import Veil, tell_exchange, tell_outcome
from discovery.knowledge.loader import KnowledgeError, load_knowledge
from discovery.knowledge.site import site_folder
from discovery.probing import Looking, MalformedTargetsError, probe, read_targets
from discovery.run import Progress, RunSummary, run
from discovery.secrets import SecretSource
from discovery.secrets.environment import EnvironmentSecrets
from discovery.secrets.file import FileSecrets
from discovery.simulator.cli import record_command, replay_command
from discovery.site_rules import judge_site_rules
from discovery.teaching import knowledge_command
from schemas.assignment import Assignment, AssignmentSchema
from schemas.base import first_message
from schemas.observation import Document, Envelope, TargetReport, dump_envelope

MAX_ASSIGNMENT_BYTES = 8 * 1024 * 1024

_SECRETS_OPTION = click.option(
    "--secrets",
    "secrets_file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="TOML file with the secrets, readable by you alone; default: HAUS_SECRET_… variables.",
)


class _Commands(click.Group):
    """Commands that say what is wrong with the rules of the site instead of failing on them."""

    def invoke(self, ctx: click.Context) -> Any:
        """Read the rules of the site first: found at a device, a fault would look like its."""
        try:
            if site_folder() is not None:
                load_knowledge()
            return super().invoke(ctx)
        except KnowledgeError as error:
            raise click.ClickException(str(error)) from error


@click.group(cls=_Commands)
def main() -> None:
    """Look at devices and directories from here."""


main.add_command(record_command)
main.add_command(replay_command)
main.add_command(knowledge_command)


@main.command("probe")
@click.argument("targets_file", metavar="TARGETS.jsonl", type=click.File(encoding="utf-8"))
@_SECRETS_OPTION
@click.option("--timeout", type=click.FloatRange(0.05, 30), default=2.0, show_default=True)
@click.option("--concurrency", type=click.IntRange(1, 1000), default=64, show_default=True)
@click.option("--explain", "is_explained", is_flag=True, help="Tell each step instead.")
def probe_command(
    *,
    targets_file: IO[str],
    secrets_file: Path | None,
    timeout: float,
    concurrency: int,
    is_explained: bool,
) -> None:
    """Look at each device of a file and print one JSON document per line.

    A line of the file reads {"name": …, "address": …, "port": 161, "version": "2c",
    "community": …}, or has "secret" with the name of an entry of the secrets file. With --explain
    it tells, one device after another, what was asked, answered and matched, and why.
    """
    try:
        targets = read_targets(targets_file)
    except (MalformedTargetsError, UnicodeDecodeError) as error:
        raise click.ClickException(str(error)) from error
    options = {"timeout": timeout, "concurrency": concurrency}
    looking = Looking(get_collector("snmp"), _secrets(secrets_file), _print_found, options)
    if is_explained:
        options["concurrency"] = 1
        veil = Veil(looking.secrets, [one.community for one in targets if one.community])
        looking = replace(
            looking,
            secrets=veil,
            emit=lambda name, found: _print_lines(veil, tell_outcome(name, found)),
            trace=lambda exchange: _print_lines(veil, tell_exchange(exchange)),
        )
    probe(targets, looking)


def _print_found(name: str, found: Document | TargetReport) -> None:
    kind = "document" if isinstance(found, Document) else "report"
    line = orjson.dumps({"name": name, kind: found}, option=orjson.OPT_NON_STR_KEYS)
    click.echo(line)


def _print_lines(veil: Veil, lines: Iterable[str]) -> None:
    click.echo(veil.hide("\n".join(lines)))


@main.command("once")
@click.argument(
    "assignment_file", metavar="ASSIGNMENT.json", type=click.Path(path_type=Path, exists=True)
)
@_SECRETS_OPTION
@click.option("--output", type=click.File("wb"), default="-", help="Where the envelopes go.")
def once_command(assignment_file: Path, secrets_file: Path | None, output: IO[bytes]) -> None:
    """Carry out one assignment and write its envelopes, one JSON object per line."""
    assignment = _read_assignment(assignment_file)
    try:
        refuse_faulty_rules()
        summary = run(
            assignment,
            _secrets(secrets_file),
            _LineSink(output),
            progress=_show_progress if sys.stderr.isatty() else None,
            name="once",
        )
    except ValidationError as error:
        raise click.ClickException(f"The options of the plan: {first_message(error)}") from error
    except DiscoveryError as error:
        raise click.ClickException(str(error)) from error
    click.echo(_describe(summary), err=True)


@main.command("listen")
@click.argument(
    "assignment_file", metavar="ASSIGNMENT.json", type=click.Path(path_type=Path, exists=True)
)
@_SECRETS_OPTION
@click.option("--address", default="127.0.0.1", show_default=True, help="Where to listen.")
@click.option("--port", type=click.IntRange(1, 65_535), default=162, show_default=True)
@click.option("--output", type=click.File("ab"), default="-", help="Where the envelopes go.")
def listen_command(
    *, assignment_file: Path, secrets_file: Path | None, address: str, port: int, output: IO[bytes]
) -> None:
    """Wait for traps and informs, and look at each device of the assignment that sends one.

    A device is looked at once in ten minutes at most. What a notification says is not read.
    """
    from discovery.listening import listen

    refuse_faulty_rules()
    assignment, sink = _read_assignment(assignment_file), _LineSink(output)
    listening = listen(
        assignment,
        _secrets(secrets_file),
        sink,
        address=address,
        port=port,
        ready=lambda opened: click.echo(f"Listening on {address}:{opened}.", err=True),
    )
    try:
        asyncio.run(listening)
    except KeyboardInterrupt:
        click.echo("Stopped.", err=True)
    except OSError as error:
        raise click.ClickException(f"{address}:{port}: {error.strerror}.") from error
    except (DiscoveryError, ValidationError) as error:
        raise click.ClickException(str(error)) from error


def refuse_faulty_rules() -> None:
    """Stop where a rule of the site is not proven: it would tell of devices what they are not."""
    verdict = judge_site_rules()
    if verdict is not None and verdict.faults:
        raise click.ClickException("\n".join(verdict.faults))


def _secrets(path: Path | None) -> SecretSource:
    return EnvironmentSecrets(os.environ) if path is None else FileSecrets(path)


def _read_assignment(path: Path) -> Assignment:
    if path.stat().st_size > MAX_ASSIGNMENT_BYTES:
        raise click.ClickException(f"{path} has more than {MAX_ASSIGNMENT_BYTES} bytes.")
    try:
        assignment: Any = AssignmentSchema().load(orjson.loads(path.read_bytes()))
    except orjson.JSONDecodeError as error:
        raise click.ClickException(f"{path} is not JSON: {error}.") from error
    except ValidationError as error:
        raise click.ClickException(f"{path}: {first_message(error)}") from error
    return assignment


def _show_progress(progress: Progress) -> None:
    line = f"\r{progress.looked_at} of {progress.targets}, {progress.documents} documents"
    click.echo(line, nl=False, err=True)


def _describe(summary: RunSummary) -> str:
    progress = summary.progress
    found = ", ".join(f"{count} {code}" for code, count in sorted(summary.problems.items()))
    ending = f" Stopped by: {summary.stopped_by}." if summary.stopped_by else ""
    return (
        f"{progress.looked_at} of {progress.targets} targets looked at, "
        f"{progress.documents} documents, problems: {found or 'none'}.{ending}"
    )


class _LineSink:
    """Writes envelopes as JSON lines."""

    def __init__(self, output: IO[bytes]) -> None:
        self._output = output

    def submit(self, envelope: Envelope) -> None:
        """Write one envelope."""
        self._output.write(dump_envelope(envelope) + b"\n")
        self._output.flush()

"""`haus-collector knowledge`: what the rules say of a device, what they lack, whether they hold."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NoReturn

import click
import orjson

from discovery.knowledge import Explanation, explain, private_tree
from discovery.knowledge.coverage import Described, Gap, find_gaps
from discovery.knowledge.mib_names import mib_name
from discovery.knowledge.site import FOLDER_VARIABLE
from discovery.simulator.reading import read_facts
from discovery.simulator.recording import Recording, RecordingError
from discovery.site_rules import judge_site_rules, shipped_classes

MAX_DEVICES = 100_000
_SHOWN = 5
_FILES = click.Path(path_type=Path, exists=True)


@click.group("knowledge")
def knowledge_command() -> None:
    """See what is known of devices, and teach what is not."""


@knowledge_command.command("explain")
@click.argument("file", metavar="FILE", type=_FILES)
def explain_command(file: Path) -> None:
    """Show which rules fire for a device, which almost did, and why.

    FILE is a recording (.snmprec) or what `probe` printed (.jsonl).
    """
    for name, system, components in _devices(file):
        click.echo("\n".join(describe(name, system, explain(system, components))))


@knowledge_command.command("coverage")
@click.argument("files", metavar="FILE…", type=_FILES, nargs=-1, required=True)
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True)
def coverage_command(files: tuple[Path, ...], limit: int) -> None:
    """List what devices that are not fully known have in common, the most frequent first.

    FILE is a recording, a folder of recordings, or what `probe` or `haus export --observations`
    printed. One rule with the match shown helps all devices of a group.
    """
    devices = [device for file in files for device in _devices(file)]
    gaps = list(find_gaps(devices))
    unknown = sum(len(gap.devices) for gap in gaps)
    click.echo(f"{len(devices) - unknown} of {len(devices)} devices are fully known.")
    for gap in gaps[:limit]:
        click.echo("\n".join(_describe_gap(gap)))
    if len(gaps) > limit:
        click.echo(f"\n… and {len(gaps) - limit} more groups; --limit shows more.")


@knowledge_command.command("check")
def check_command() -> None:
    """Check every rule of your own folder against its proof, a recording beside it."""
    verdict = judge_site_rules()
    if verdict is None:
        raise click.ClickException(f"Set {FOLDER_VARIABLE} to the folder with your rules.")
    for doubt in verdict.doubts:
        click.echo(f"Doubtful: {doubt}. `knowledge classes` lists them.", err=True)
    if verdict.faults:
        raise click.ClickException("\n".join(verdict.faults))
    click.echo(f"{verdict.rules} rules in {verdict.files} files hold.")


@knowledge_command.command("classes")
def classes_command() -> None:
    """List the classes of devices that a rule may name."""
    click.echo("\n".join(shipped_classes()))


def describe(name: str, system: Mapping[str, Any], explanation: Explanation) -> Iterator[str]:
    """Yield the lines that tell what a device said and what was made of it."""
    found = explanation.classification
    yield name
    yield f"  SNMPv2-MIB::sysObjectID  {system.get('sys_object_id') or 'not said'}"
    yield f"  SNMPv2-MIB::sysDescr     {system.get('sys_descr') or 'not said'}"
    yield "  further answers:"
    for oid, value in sorted((system.get("evidence") or {}).items()):
        # Of a tree it is only known that something lies below it.
        yield f"    {mib_name(oid)}{' answers' if private_tree(oid) == oid else f' = {value}'}"
    yield "  found:"
    reasons = {reason.field: reason for reason in explanation.reasons}
    for field in ("vendor", "model", "os_version", "serial", "ci_class"):
        reason = reasons.get(field)
        why = f"  ← {reason.place}" if reason else ""
        yield f"    {field:11} {getattr(found, field) or '–'}{why}"
    yield "  rules that spoke, the most specific first:"
    yield from (f"    {rule}" for rule in explanation.spoke)
    yield "  rules that almost spoke:"
    yield from (f"    {rule}: {reason}" for rule, reason in explanation.almost)


def _describe_gap(gap: Gap) -> Iterator[str]:
    missing = ", ".join(f"{field} of {count}" for field, count in gap.missing.items())
    names = ", ".join(gap.devices[:_SHOWN]) + (" …" if len(gap.devices) > _SHOWN else "")
    yield f"\n{len(gap.devices)} devices: match = {{ {gap.trait} }}"
    yield f"  missing   {missing}"
    yield f"  says      {gap.sys_descr or 'nothing'}"
    yield f"  devices   {names}"


def _devices(path: Path) -> Iterator[Described]:
    if path.is_dir():
        for file in sorted(path.glob("*.snmprec")):
            try:
                yield from _devices(file)
            except click.ClickException as error:
                click.echo(f"Left out: {error.message}", err=True)
    elif path.suffix == ".snmprec":
        try:
            yield (path.stem, *read_facts(Recording.read(path)))
        except RecordingError as error:
            _refuse(path, str(error))
    else:
        yield from _documents(path)


def _documents(path: Path) -> Iterator[Described]:
    with path.open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            if number > MAX_DEVICES:
                _refuse(path, f"more than {MAX_DEVICES:,} lines")
            try:
                said = orjson.loads(line)
                document = said.get("document")
                if document is None:
                    continue
                sections = document["sections"]
                name = str(said.get("name") or document.get("key"))
                yield name, sections.get("system") or {}, sections.get("components") or []
            except (orjson.JSONDecodeError, AttributeError, KeyError, TypeError):
                _refuse(path, f"line {number} is not what `probe` prints")


def _refuse(path: Path, reason: str) -> NoReturn:
    raise click.ClickException(f"{path}: {reason}.")

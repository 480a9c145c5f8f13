"""The rules that a site has taught itself: do they hold, and do their classes exist?"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from importlib.resources import files
from pathlib import Path

from discovery.knowledge.loader import KnowledgeError, load_knowledge
from discovery.knowledge.proofs import Reading, find_unproven
from discovery.knowledge.rules import Rule
from discovery.knowledge.site import site_folder
from discovery.simulator.reading import read_facts
from discovery.simulator.recording import Recording, RecordingError


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found.

    Attributes:
        faults: rules that must not be used, each with the reason.
        doubts: classes that do not ship; they may have been added to the catalogue.
    """

    rules: int = 0
    files: int = 0
    faults: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()


def judge_site_rules() -> Verdict | None:
    """Return what is to be said about the rules of the site, None where it has no folder."""
    folder = site_folder()
    if folder is None:
        return None
    try:
        knowledge = load_knowledge()
    except KnowledgeError as error:
        return Verdict(faults=(str(error),))
    own = {path.name for path in folder.glob("*.toml")}
    rules = [rule for rule in knowledge.rules if rule.file in own]

    def read(name: str) -> Reading | None:
        path = folder / Path(name).name
        return read_facts(Recording.read(path)) if path.is_file() else None

    try:
        faults = tuple(
            f"{rule.file}: {rule.name}: {reason}"
            for rule, reason in find_unproven(knowledge, read, rules)
        )
    except RecordingError as error:
        faults = (str(error),)
    return Verdict(len(rules), len(own), faults, tuple(_find_doubts(rules)))


def shipped_classes() -> list[str]:
    """Return the names of the classes that ship, without those that only hold others."""
    text = files("config").joinpath("ci_classes.toml").read_text("utf-8")
    return sorted(name for name in tomllib.loads(text)["class"] if "." in name)


def _find_doubts(rules: list[Rule]) -> Iterator[str]:
    shipped = shipped_classes()
    for rule in rules:
        for name in dict.fromkeys(one.name for one in rule.classes if one.name not in shipped):
            close = get_close_matches(name, shipped, 1)
            meant = f"; {close[0]} does" if close else ""
            yield f"{rule.file}: {rule.name}: the class {name} does not ship{meant}"

"""Extracts the messages of the source and compares them with the German catalogue."""

from pathlib import Path
from typing import Final, cast

from babel.messages import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

FOLDER: Final = Path(__file__).parent
ROOT: Final = FOLDER.parent.parent
GERMAN: Final = FOLDER / "de" / "LC_MESSAGES" / "messages.po"
KEYWORDS: Final = {**DEFAULT_KEYWORDS, "lazy_gettext": None, "lazy_ngettext": (1, 2)}


def extract() -> Catalog:
    """Collect every message that the source marks for translation."""
    with (FOLDER / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file, filename="babel.cfg")
    found = Catalog(project="haus", charset="utf-8")
    # Babel passes over folders that begin with a dot or an underscore, so .venv costs nothing.
    for path, line, message, _, context in extract_from_dir(
        ROOT, methods, options, keywords=KEYWORDS
    ):
        found.add(message, None, [(path, line)], context=context)
    return found


def read_german(path: Path = GERMAN) -> Catalog:
    """Read a German catalogue, or make an empty one where there is none yet."""
    if not path.is_file():
        return Catalog(locale="de", project="haus", charset="utf-8", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale="de")


def updated_german() -> Catalog:
    """Return the German catalogue as the source of this moment needs it."""
    german = read_german()
    german.update(extract(), no_fuzzy_matching=True, update_creation_date=False)
    german.obsolete.clear()
    german.header_comment = "# German of Switzerland for haus: Sie, ss, the words of the glossary."
    german.project, german.version = "haus", "1"
    german.msgid_bugs_address = german.last_translator = german.language_team = "haus"
    german.revision_date = german.creation_date
    return german


def untranslated(german: Catalog) -> list[Message]:
    """Return the messages that lack German or whose German is uncertain."""
    return [message for message in german if message.id and _is_open(message)]


def merge(german: Catalog, additions: Catalog) -> int:
    """Take over the translations of another catalogue; return how many there were."""
    taken = 0
    for message in additions:
        if not message.id or _is_open(message):
            continue
        mine = german.get(message.id, message.context)
        if mine is not None:
            mine.string = message.string
            mine.flags.discard("fuzzy")
            taken += 1
    return taken


def only(messages: list[Message]) -> Catalog:
    """Make a catalogue of some messages."""
    part = Catalog(locale="de", project="haus", charset="utf-8", fuzzy=False)
    for message in messages:
        part.add(message.id, message.string, message.locations, context=message.context)
    return part


def write_german(german: Catalog) -> None:
    """Write the catalogue sorted and without line numbers, so that changes stay small."""
    GERMAN.parent.mkdir(parents=True, exist_ok=True)
    unfinished = GERMAN.with_suffix(".po.new")
    with unfinished.open("wb") as file:
        write_po(file, german, width=100, no_location=True, sort_output=True, ignore_obsolete=True)
    unfinished.replace(GERMAN)


def compile_german() -> None:
    """Write the binary catalogue that the application reads."""
    with GERMAN.with_suffix(".mo").open("wb") as file:
        write_mo(file, read_german())


def _is_open(message: Message) -> bool:
    strings = message.string if isinstance(message.string, list | tuple) else [message.string]
    return message.fuzzy or not all(cast("list[str]", strings))

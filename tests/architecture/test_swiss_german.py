"""German is written as in Switzerland: ss, and people are addressed by Sie."""

import re

import pytest

from catalog.translations import messages
from tests.architecture.source import PACKAGES, ROOT, name_of

SHARP_S = "\N{LATIN SMALL LETTER SHARP S}"
SUFFIXES = {".py", ".html", ".po", ".toml", ".csv", ".json", ".md", ".js", ".css"}
INFORMAL = re.compile(r"\b(du|dich|dir|dein(e[nmrs]?)?|euch|euer|eure[nmrs]?)\b", re.IGNORECASE)
# Words of Germany that the glossary writes differently here.
FOREIGN = re.compile(
    r"\b(Mandant\w*|Auftragsverarbeitung|Unterbrechung\w*|Leistungsbezieher\w*|"
    r"Leerzeichen|binnen)\b"
)


def _texts():
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*")):
            if path.suffix in SUFFIXES and not {"vendor", "node_modules"} & set(path.parts):
                yield path


def test_no_file_of_the_product_holds_a_sharp_s():
    found = [
        f"{name_of(path)}:{number}"
        for path in _texts()
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if SHARP_S in line
    ]
    assert not found


@pytest.mark.parametrize("rule", [INFORMAL, FOREIGN], ids=["addressed by Sie", "Swiss words"])
def test_german_texts_follow_the_house_style(rule):
    found = []
    for message in messages.read_german():
        strings = message.string if isinstance(message.string, tuple | list) else [message.string]
        found += [text for text in strings if message.id and text and rule.search(text)]
    assert not found

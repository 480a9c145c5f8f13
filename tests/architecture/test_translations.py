"""Nothing that people read stays English by accident."""

import io

import pytest
from babel.messages.pofile import read_po, write_po

from catalog.translations import messages


@pytest.fixture(scope="module")
def german():
    return messages.updated_german()


def test_every_message_has_its_german(german):
    gaps = [
        f"{source}:{line}  {message.id}"
        for message in messages.untranslated(german)
        for source, line in message.locations[:1]
    ]
    assert not gaps, (
        "python -m catalog.translations missing > gaps.po; fill it in; "
        "python -m catalog.translations merge gaps.po\n" + "\n".join(gaps)
    )


def test_translations_keep_the_placeholders(german):
    translated = [message for message in german if message.id and message.string]
    broken = {
        str(message.id): [str(error) for error in errors]
        for message in translated
        if (errors := message.check(german)) and not messages.untranslated(messages.only([message]))
    }
    assert not broken


def test_braces_are_the_same_in_both_languages(german):
    def names(text: str) -> set[str]:
        return {part.split("}")[0] for part in text.split("{")[1:]}

    wrong = [
        message.id
        for message in german
        if isinstance(message.id, str)
        and message.string
        and names(message.id) != names(message.string)
    ]
    assert not wrong


def test_a_gap_is_found_and_can_be_filled():
    german = messages.only([])
    german.add("Done", "Erledigt")
    german.add("A message nobody has translated")
    gaps = messages.only(messages.untranslated(german))
    assert [message.id for message in gaps if message.id] == ["A message nobody has translated"]
    gaps["A message nobody has translated"].string = "Eine Nachricht"
    written = io.BytesIO()
    write_po(written, gaps, omit_header=True)
    written.seek(0)
    assert messages.merge(german, read_po(written, locale="de")) == 1
    assert messages.untranslated(german) == []

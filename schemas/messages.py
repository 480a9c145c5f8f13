"""Messages of discovery: the code of a sentence and what it speaks of.

They are stored and sent like this; the sentence is made where somebody reads it, in the language of
that reader. Here it is made in English, for logs and the command line.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from schemas.sentences import SENTENCES
from schemas.sentences.base import Sentence

MAX_MESSAGES = 20
MAX_CODE = 64
MAX_PARAMETERS = 16
MAX_VALUE = 1000

Parameter = str | int | float


@dataclass(frozen=True, slots=True)
class Message:
    """One sentence with what it speaks of.

    Attributes:
        code: that of a sentence; a newer collector may send one that is not known here.
        parameters: what stands for the placeholders of the sentence.
    """

    code: str
    parameters: Mapping[str, Parameter] = field(default_factory=dict[str, Parameter])

    def __str__(self) -> str:
        return self.told(lambda english: english, _in_english)

    def told(self, translate: Callable[[str], str], written: Callable[[Parameter], str]) -> str:
        """Return the sentence, or its code where it is not known or lacks a parameter.

        Args:
            translate: gives the words of the English sentence in another language.
            written: writes one parameter in the manner of that language.
        """
        sentence = SENTENCES.get(self.code)
        if sentence is None:
            return self.code
        values = {name: written(value) for name, value in self.parameters.items()}
        try:
            return translate(sentence.english).format(**values)
        except (KeyError, IndexError):
            return self.code

    @property
    def is_known(self) -> bool:
        """Whether there is a sentence for the code and nothing that it needs is missing."""
        return self.told(str, str) != self.code

    def as_json(self) -> dict[str, Any]:
        """Return the form in which it is stored."""
        return {"code": self.code, "parameters": dict(self.parameters)}


def say(sentence: Sentence, **parameters: Parameter) -> Message:
    """Return a message; texts that are too long are cut."""
    return Message(
        sentence.value,
        {
            name: value[:MAX_VALUE] if isinstance(value, str) else value
            for name, value in parameters.items()
        },
    )


def read_messages(data: Any) -> tuple[Message, ...]:
    """Read messages from their stored or sent form.

    Raises:
        TypeError: they have another form.
        ValueError: there are too many, or one is too large.
    """
    if not isinstance(data, list | tuple):
        raise TypeError("messages are a list")
    if len(data) > MAX_MESSAGES:
        raise ValueError(f"there are more than {MAX_MESSAGES} messages")
    return tuple(_read(one) for one in data)


def english_of(messages: Iterable[Message]) -> str:
    """Return what messages say in English."""
    return " ".join(map(str, messages))


def grouped(number: int) -> str:
    """Write a whole number as it is read in Switzerland: 16’777’216."""
    return f"{number:,}".replace(",", "\u2019")


def _read(data: Any) -> Message:
    code, parameters = data["code"], data.get("parameters", {})
    if not isinstance(code, str) or not 0 < len(code) <= MAX_CODE:
        raise ValueError(f"the code of a message has 1 to {MAX_CODE} characters")
    if not isinstance(parameters, dict) or len(parameters) > MAX_PARAMETERS:
        raise ValueError(f"a message has at most {MAX_PARAMETERS} parameters")
    for name, value in parameters.items():
        if not isinstance(value, str | int | float) or len(str(value)) > MAX_VALUE:
            raise ValueError(f"the parameter {str(name)[:MAX_CODE]!r} of a message is wrong")
    return Message(code, parameters)


def _in_english(value: Parameter) -> str:
    return (
        f"{value:,}"
        if isinstance(value, int)
        else f"{value:.3g}"
        if isinstance(value, float)
        else value
    )

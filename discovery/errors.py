"""What can go wrong while looking at a target, each with advice for operators."""

from collections.abc import Iterable
from typing import Self

from schemas.messages import Message, Parameter, english_of, say
from schemas.observation import Problem
from schemas.sentences.base import Sentence
from schemas.vocabulary import ProblemCode, Section


class DiscoveryError(Exception):
    """Something kept a target or a section from being read; the text says what and what to do.

    Attributes:
        messages: what is said, usually one sentence; every reader sees it in their language.
    """

    code = ProblemCode.INCOMPLETE

    def __init__(self, sentence: Sentence, /, **parameters: Parameter) -> None:
        super().__init__(sentence)
        self.messages = (say(sentence, **parameters),)

    def __str__(self) -> str:
        return english_of(self.messages)

    @classmethod
    def saying(cls, messages: Iterable[Message]) -> Self:
        """Return an error that says several things, each once."""
        error = cls.__new__(cls)
        error.messages = tuple({str(one): one for one in messages}.values())
        return error

    def as_problem(self, section: Section | None = None) -> Problem:
        """Return the form in which this error is reported."""
        return Problem.of(self.code, self.messages, section)


class UnreachableError(DiscoveryError):
    """Nothing answers at the address."""

    code = ProblemCode.UNREACHABLE


class UnresolvedError(DiscoveryError):
    """The host name has no address."""

    code = ProblemCode.UNRESOLVED


class RefusedError(DiscoveryError):
    """The target answers, but not to these credentials, or it refuses this question."""

    code = ProblemCode.REFUSED


class TimeLimitError(DiscoveryError):
    """An answer, or the whole look, took longer than allowed."""

    code = ProblemCode.TIMEOUT


class MalformedError(DiscoveryError):
    """The target answered something that is not the protocol."""

    code = ProblemCode.MALFORMED


class TooMuchError(DiscoveryError):
    """The target sent more rows or bytes than one target may."""

    code = ProblemCode.TOO_MUCH


class IncompleteError(DiscoveryError):
    """The answer stopped before its end; what came must not be taken for everything."""

    code = ProblemCode.INCOMPLETE


class TlsRefusedError(DiscoveryError):
    """The certificate of the server could not be verified."""

    code = ProblemCode.TLS_REFUSED


class SecretMissingError(DiscoveryError):
    """The secret that the plan names is not to be had here."""

    code = ProblemCode.SECRET_MISSING


class OutOfScopeError(DiscoveryError):
    """The target lies outside what the plan allows."""

    code = ProblemCode.OUT_OF_SCOPE

"""What discovery says: codes, parameters and sentences fit one another in every place."""

import ast
import re
from pathlib import Path

import pytest

from discovery.errors import IncompleteError, RefusedError
from schemas.messages import Message, read_messages, say
from schemas.observation import Problem
from schemas.sentences import SENTENCES
from schemas.sentences.base import Sentence
from schemas.sentences.ldap import LdapSentence
from schemas.sentences.run import RunSentence
from schemas.sentences.snmp import SnmpSentence
from schemas.vocabulary import ProblemCode

ROOT = Path(__file__).parents[2]
SPEAKING = ("discovery", "cmdb", "catalog")
KINDS = {type(one).__name__: type(one) for one in SENTENCES.values()}
TOLD = say(SnmpSentence.NO_ANSWER, endpoint="10.0.0.9")


def placeholders(sentence):
    return set(re.findall(r"{(\w+)}", sentence.english))


def spoken():
    """Return each place where a sentence is said with parameters: file, line, sentence, names."""
    for folder in SPEAKING:
        for path in sorted((ROOT / folder).rglob("*.py")):
            text = path.read_text("utf-8")
            if "Sentence." not in text:
                continue
            for node in ast.walk(ast.parse(text)):
                if not isinstance(node, ast.Call) or not node.args:
                    continue
                first = node.args[0]
                if isinstance(first, ast.Attribute) and isinstance(first.value, ast.Name):
                    kind = KINDS.get(first.value.id)
                    if kind is not None:
                        names = {one.arg for one in node.keywords}
                        yield f"{path.name}:{node.lineno}", kind[first.attr], names


def test_every_place_gives_its_sentence_exactly_what_it_speaks_of():
    places = list(spoken())
    assert len(places) > 80
    for place, sentence, names in places:
        if None not in names:  # `**parameters` are seen only when they run
            assert names == placeholders(sentence), place


def test_codes_are_slugs_and_none_is_used_twice():
    every = [one for kind in KINDS.values() for one in kind]
    assert len(every) == len(SENTENCES) > 100
    assert all(re.fullmatch(r"[a-z]+\.[a-z0-9-]+", code) for code in SENTENCES)
    assert all(len(code) <= 64 for code in SENTENCES)


def test_every_sentence_is_said_somewhere():
    source = "".join(
        path.read_text("utf-8") for folder in SPEAKING for path in (ROOT / folder).rglob("*.py")
    )
    names = {f"{type(one).__name__}.{one.name}" for one in SENTENCES.values()}
    assert {name for name in names if not re.search(rf"{re.escape(name)}\b", source)} == set()


def test_an_error_says_its_sentence_in_english_and_reports_its_code():
    error = IncompleteError(LdapSentence.UNTIL_THEN, count=1234)
    assert str(error) == "Until then 1,234 entries had come."
    problem = error.as_problem()
    assert problem.message == str(error)
    assert problem.messages == (Message("ldap.until-then", {"count": 1234}),)


def test_several_things_are_said_once_each():
    error = RefusedError.saying([TOLD, TOLD, say(LdapSentence.CUT)])
    assert str(error) == (
        "No answer from 10.0.0.9. The directory cut the connection in the middle of an answer."
    )
    assert error.code is ProblemCode.REFUSED


def test_a_report_keeps_within_its_limits():
    many = [say(RunSentence.NO_ADDRESS, host="h" * 5000)] * 50
    problem = Problem.of(ProblemCode.UNRESOLVED, many)
    assert (len(problem.messages), len(problem.message)) == (20, 1000)
    assert read_messages([one.as_json() for one in problem.messages]) == problem.messages


@pytest.mark.parametrize(
    "data",
    [
        "text",
        [{}],
        [{"code": ""}],
        [{"code": "x" * 65}],
        [{"code": "a.b", "parameters": {"name": ["list"]}}],
        [{"code": "a.b", "parameters": {"name": "x" * 1001}}],
        [{"code": "a.b", "parameters": {str(n): n for n in range(17)}}],
        [{"code": "a.b"}] * 21,
    ],
)
def test_messages_of_another_form_are_refused(data):
    with pytest.raises((TypeError, ValueError, KeyError)):
        read_messages(data)


def test_every_sentence_is_a_sentence_with_its_own_placeholders():
    assert all(isinstance(one, Sentence) for one in SENTENCES.values())
    for one in SENTENCES.values():
        values = dict.fromkeys(placeholders(one), "x")
        assert Message(one.value, values).is_known

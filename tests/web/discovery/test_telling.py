"""Messages of runs in the language of whoever reads them."""

import pytest

from catalog.telling import told
from cmdb.plans.models import RunTarget
from schemas.messages import say
from schemas.sentences.ldap import LdapSentence
from schemas.sentences.run import RunSentence
from schemas.sentences.snmp import SnmpSentence
from schemas.vocabulary import Step

TOLD = say(SnmpSentence.NO_ANSWER, endpoint="10.0.0.9")


def target(messages, message="As it was told."):
    return RunTarget(target="10.0.0.9", step=Step.ASKED, message=message, messages=messages)


@pytest.fixture
def german(app):
    with app.test_request_context(headers={"Accept-Language": "de"}):
        yield


def test_a_reader_sees_the_sentence_in_the_language_of_the_request(app):
    row = target([TOLD.as_json(), say(RunSentence.NOT_LOOKED_AT, count=4096).as_json()])
    with app.test_request_context(headers={"Accept-Language": "de"}):
        assert told(row) == "Keine Antwort von 10.0.0.9. Nicht angefragte Adressen: 4’096."
    with app.test_request_context(headers={"Accept-Language": "en"}):
        assert told(row).startswith("No answer from 10.0.0.9.")


def test_a_known_reason_is_translated_and_another_is_told_as_it_came(german):
    for reason, words in (("Connection refused", "Verbindung abgelehnt"), ("Name", "Name")):
        message = say(LdapSentence.UNREACHABLE, server="ldaps://dc1", reason=reason)
        assert words in told(target([message.as_json()]))


def test_rows_without_codes_and_codes_of_newer_collectors_are_told_in_english(german):
    assert told(target([])) == "As it was told."
    assert told(target([{"code": "newer.thing", "parameters": {}}])) == "As it was told."
    assert told(target([{"code": "snmp.no-answer", "parameters": {}}])) == "As it was told."

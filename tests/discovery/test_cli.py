"""`haus-collector` as an operator types it."""

import json
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from click.testing import CliRunner

from discovery.cli import main
from schemas.envelope import load_envelope
from tests.discovery.snmp.lying_agent import LyingAgent, Oid

DEVICE = {
    "1.3.6.1.2.1.1.1.0": b"Example OS",
    "1.3.6.1.2.1.1.2.0": Oid("1.3.6.1.4.1.99999.1"),
    "1.3.6.1.2.1.1.5.0": b"sw-1",
}
SECRETS = '[lab]\nkind = "snmp-community"\ncommunity = "public"\n'


@pytest.fixture
def agent():
    with LyingAgent(DEVICE) as running:
        yield running


@pytest.fixture
def secrets_file(tmp_path):
    path = tmp_path / "secrets.toml"
    path.touch(mode=0o600)
    path.write_text(SECRETS)
    return path


def invoke(*words, **keywords):
    return CliRunner().invoke(main, [str(word) for word in words], **keywords)


def targets(*lines):
    return "\n".join(json.dumps(line) for line in lines)


def test_probe_prints_one_line_per_target(agent, secrets_file):
    result = invoke(
        *("probe", "-", "--secrets", secrets_file, "--timeout", 0.1),
        input=targets(
            {"name": "a", "address": "127.0.0.1", "port": agent.port, "community": "public"},
            {"name": "b", "address": "127.0.0.1", "port": agent.port, "secret": "lab"},
            {
                "name": "c",
                "address": "localhost",
                "port": agent.port,
                "version": 1,
                "community": "public",
            },
            {"name": "d", "address": "nowhere.invalid", "community": "public"},
            {"name": "e", "address": "127.0.0.1", "port": agent.port, "secret": "gone"},
        ),
    )
    assert result.exit_code == 0
    found = {line["name"]: line for line in map(json.loads, result.output.splitlines())}
    assert sorted(found) == ["a", "b", "c", "d", "e"]
    for name in "abc":
        system = found[name]["document"]["sections"]["system"]
        assert system["sys_name"] == "sw-1"
    assert found["d"]["report"]["problem"]["code"] == "unresolved"
    assert found["e"]["report"]["problem"]["code"] == "secret_missing"


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("{", "Line 1 is not JSON"),
        ('{"name": "a"}', "Line 1: address"),
        ('{"name": "a", "address": "10.0.0.1"}', "one of community and secret"),
        (
            '{"name": "a", "address": "10.0.0.1", "community": "x", "version": "3"}',
            "version 3 needs a secret",
        ),
        ('{"name": "a", "address": "10.0.0.1", "community": "x", "port": 0}', "port"),
        ('{"name": "a", "address": "10.0.0.1", "community": "x", "colour": 1}', "colour"),
    ],
)
def test_probe_names_line_and_cause_of_a_wrong_file_and_asks_nobody(line, words):
    result = invoke("probe", "-", input=line)
    assert result.exit_code == 1
    assert words in result.output
    assert "Traceback" not in result.output


def assignment_file(tmp_path, **changes):
    path = tmp_path / "assignment.json"
    values = {
        "id": str(UUID(int=1)),
        "run_id": str(UUID(int=2)),
        "partner": "ebikon",
        "protocol": "snmp",
        "targets": ["127.0.0.1"],
        "credentials": ["lab"],
        "deadline": (datetime.now(UTC) + timedelta(minutes=5)).isoformat(),
    }
    path.write_text(json.dumps(values | changes))
    return path


def test_once_writes_envelopes_and_tells_what_it_found(agent, secrets_file, tmp_path):
    path = assignment_file(tmp_path, options={"port": agent.port})
    output = tmp_path / "envelopes.jsonl"
    result = invoke("once", path, "--secrets", secrets_file, "--output", output)
    assert result.exit_code == 0
    assert "1 of 1 targets looked at, 1 documents, problems: none" in result.output
    (envelope,) = map(load_envelope, output.read_bytes().splitlines())
    assert envelope.is_last
    assert envelope.documents[0].credential == "lab"
    assert b"public" not in output.read_bytes()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"targets": []}, "targets"),
        ({"protocol": "telnet"}, "protocol"),
        ({"options": {"port": "x"}}, "options of the plan: port"),
        ({"surprise": 1}, "surprise"),
        ({"exclusions": ["10.0.0.0/99"]}, "10.0.0.0/99"),
    ],
)
def test_once_names_what_is_wrong_with_an_assignment(changes, words, secrets_file, tmp_path):
    path = assignment_file(tmp_path, **changes)
    output = tmp_path / "envelopes.jsonl"
    result = invoke("once", path, "--secrets", secrets_file, "--output", output)
    assert result.exit_code == 1
    assert words in result.output
    assert not output.exists()


def test_secrets_come_from_the_environment_where_no_file_is_named(agent):
    result = invoke(
        "probe",
        "-",
        input=targets(
            {"name": "a", "address": "127.0.0.1", "port": agent.port, "secret": "core-1"}
        ),
        env={
            "HAUS_SECRET_CORE_1_KIND": "snmp-community",
            "HAUS_SECRET_CORE_1_COMMUNITY": "public",
        },
    )
    assert json.loads(result.output)["document"]["credential"] == "core-1"

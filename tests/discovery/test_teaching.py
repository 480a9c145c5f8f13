"""A device of a made-up maker is explained, found to be unknown, taught and known, without code."""

import json
from pathlib import Path
from uuid import UUID

import pytest
from click.testing import CliRunner

from discovery.cli import main
from discovery.knowledge import evidence
from discovery.knowledge.loader import load_knowledge
from discovery.knowledge.site import FOLDER_VARIABLE
from tests.discovery.snmp.lying_agent import LyingAgent, Oid

RECORDINGS = Path(__file__).parents[1] / "recordings"
UNKNOWN = "1.3.6.1.4.1.4242424"
RECORDING = f"""\
1.3.6.1.2.1.1.1.0|4|Musterwerk Tableau 300 firmware 4.2.1
1.3.6.1.2.1.1.2.0|6|{UNKNOWN}.7.1
{UNKNOWN}.7.10.1.0|4|MW-0003219
"""
RULE = f"""\
vendor = "Musterwerk"

[[device]]
name = "Musterwerk Tableau"
match = {{ sys_object_id = "{UNKNOWN}.7" }}
class = "power.pdu"
model = {{ from = "sys_descr", pattern = 'Musterwerk (\\w+ \\d+)' }}
version = {{ from = "sys_descr", pattern = 'firmware (\\S+)' }}
serial = {{ oid = "{UNKNOWN}.7.10.1.0" }}
proof = "tableau.snmprec"
"""


def invoke(*words, **keywords):
    return CliRunner().invoke(main, [str(word) for word in words], **keywords)


def forget():
    """Let the knowledge be read again, as a new process would."""
    load_knowledge.cache_clear()
    evidence._wanted.cache_clear()


@pytest.fixture
def folder(tmp_path, monkeypatch):
    (tmp_path / "tableau.snmprec").write_text(RECORDING)
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path))
    forget()
    yield tmp_path
    forget()


def test_explain_tells_each_value_with_its_rule_and_place():
    told = invoke("knowledge", "explain", RECORDINGS / "a10_acos.snmprec").output
    assert "SNMPv2-MIB::sysObjectID  1.3.6.1.4.1.22610" in told
    assert "vendor      A10  ← the rule “A10 ACOS”" in told
    assert "no answer at UPS-MIB::upsIdentModel.0" in told
    assert "serial      SN10012345  ← 1.3.6.1.4.1.22610.2.4.1.6.2.0, “A10 ACOS”" in told
    assert "Any UPS with UPS-MIB (RFC 1628): no answer at" in told


def test_a_device_is_taught_by_a_file_and_its_recording(folder):
    unknown = invoke("knowledge", "coverage", folder).output
    assert "0 of 1 devices are fully known." in unknown
    assert f'match = {{ sys_object_id = "{UNKNOWN}.7.1" }}' in unknown
    (folder / "musterwerk.toml").write_text(RULE)
    forget()
    assert invoke("knowledge", "check").output == "1 rules in 1 files hold.\n"
    told = invoke("knowledge", "explain", folder / "tableau.snmprec").output
    for words in ("Musterwerk", "Tableau 300", "4.2.1", "MW-0003219", "power.pdu"):
        assert words in told
    assert "1 of 1 devices are fully known." in invoke("knowledge", "coverage", folder).output


@pytest.mark.parametrize(
    ("wrong", "right", "words"),
    [
        ("tableau.snmprec", "gone.snmprec", "the recording gone.snmprec does not exist"),
        (f"{UNKNOWN}.7.10.1.0", f"{UNKNOWN}.7.10.2.0", "its proof shows no serial"),
        ("class", "clas", "clas"),
        ('"Musterwerk Tableau"', '"A10 ACOS"', "the name “A10 ACOS” is taken in a10.toml"),
    ],
)
def test_a_rule_that_does_not_hold_is_refused_with_its_reason(folder, wrong, right, words):
    (folder / "musterwerk.toml").write_text(RULE.replace(wrong, right))
    result = invoke("knowledge", "check")
    assert result.exit_code == 1
    assert words in result.output


def test_two_rules_of_which_only_chance_puts_one_first_are_refused(folder):
    narrow = RULE.replace(f'{UNKNOWN}.7" }}', f'{UNKNOWN}.7", sys_descr = "Tableau" }}')
    (folder / "musterwerk.toml").write_text(narrow)
    other = narrow.replace('"Tableau"', '"firmware"').replace("Musterwerk Tableau", "Equal")
    (folder / "other.toml").write_text(other)
    told = invoke("knowledge", "check").output
    assert "musterwerk.toml: Musterwerk Tableau: in tableau.snmprec “Equal”" in told
    assert "(other.toml) matches as closely" in told


@pytest.mark.parametrize(
    ("wrong", "right", "words"),
    [
        ('"power.pdu"', '"pdu"', "rule 1 “Musterwerk Tableau”: class.0.is: pdu is not the name"),
        ("'firmware (\\S+)'", '"firmware (\\S+)"', "between single quotes"),
    ],
)
def test_a_complaint_calls_the_rule_by_its_name_and_says_what_helps(folder, wrong, right, words):
    assert wrong in RULE
    (folder / "musterwerk.toml").write_text(RULE.replace(wrong, right))
    assert words in invoke("knowledge", "check").output


def test_a_class_that_does_not_ship_is_doubted(folder):
    (folder / "musterwerk.toml").write_text(RULE.replace("power.pdu", "power.pdus"))
    told = invoke("knowledge", "check").output
    assert "the class power.pdus does not ship; power.pdu does" in told
    assert "1 rules in 1 files hold." in told
    assert "power.pdu\n" in invoke("knowledge", "classes").output


@pytest.mark.parametrize(
    "words",
    [
        ("knowledge", "explain", RECORDINGS / "a10_acos.snmprec"),
        ("knowledge", "coverage", RECORDINGS / "a10_acos.snmprec"),
        ("probe", "-"),
    ],
)
def test_a_wrong_file_is_told_whatever_needs_the_rules(folder, words):
    (folder / "musterwerk.toml").write_text("nonsense")
    result = invoke(*words)
    assert (result.exit_code, result.output[:34]) == (1, "Error: musterwerk.toml: not TOML: ")


@pytest.mark.parametrize("command", ["once", "listen"])
def test_nobody_is_looked_at_by_a_rule_that_is_not_proven(folder, tmp_path, command):
    (folder / "musterwerk.toml").write_text(RULE.replace("tableau.snmprec", "gone.snmprec"))
    assignment = {
        "id": str(UUID(int=1)),
        "run_id": str(UUID(int=2)),
        "partner": "ebikon",
        "protocol": "snmp",
        "targets": ["127.0.0.1"],
        "deadline": "2999-01-01T00:00:00+00:00",
    }
    file = tmp_path / "assignment.json"
    file.write_text(json.dumps(assignment))
    result = invoke(command, file)
    assert result.exit_code == 1
    assert "the recording gone.snmprec does not exist" in result.output


def test_a_file_that_ships_is_not_replaced_by_one_of_the_same_name(folder):
    (folder / "a10.toml").write_text(RULE)
    assert "a10.toml: a file of this name ships" in invoke("knowledge", "check").output


def test_coverage_reads_what_probe_printed_and_refuses_other_lines(tmp_path):
    system = {"sys_object_id": f"{UNKNOWN}.1", "sys_descr": "Acme"}
    lines = [
        {"name": "one", "document": {"key": "10.0.0.1", "sections": {"system": system}}},
        {"name": "two", "report": {"step": "asked"}},
    ]
    file = tmp_path / "documents.jsonl"
    file.write_text("\n".join(json.dumps(line) for line in lines))
    assert "0 of 1 devices are fully known." in invoke("knowledge", "coverage", file).output
    file.write_text("nonsense\n")
    assert "line 1 is not what `probe` prints" in invoke("knowledge", "coverage", file).output


def test_probe_explains_what_was_asked_answered_and_matched_without_the_secret():
    device = {
        "1.3.6.1.2.1.1.1.0": b"Example OS",
        "1.3.6.1.2.1.1.2.0": Oid(f"{UNKNOWN}.1"),
        "1.3.6.1.2.1.2.2.1.2.1": b"eth0",
    }
    with LyingAgent(device) as agent:
        target = {
            "name": "box",
            "address": "127.0.0.1",
            "port": agent.port,
            "community": "public",
        }
        told = invoke("probe", "-", "--explain", input=json.dumps(target)).output
    assert "→ GET SNMPv2-MIB::sysDescr.0" in told
    assert "SNMPv2-MIB::sysServices.0 = not there" in told
    assert "IF-MIB::ifDescr.1 = eth0" in told
    assert "section interfaces   1 rows, complete" in told
    assert "public" not in told


def test_probe_explains_why_nothing_answers():
    with LyingAgent({}) as agent:
        target = {"name": "x", "address": "127.0.0.1", "port": agent.port, "community": "hidden"}
        told = invoke(
            *("probe", "-", "--explain", "--timeout", 0.05), input=json.dumps(target)
        ).output
    assert "! " in told
    assert "wrong community" in told
    assert "hidden" not in told


@pytest.mark.parametrize("secret", ["gr4nite-harbour", "q7z"])
def test_an_explanation_hides_a_secret_that_the_device_repeats(secret):
    octets = secret.encode()
    spelt = ".".join(str(octet) for octet in (len(octets), *octets))
    device = {
        "1.3.6.1.2.1.1.1.0": f"Example OS, read with {secret}".encode(),
        "1.3.6.1.2.1.1.2.0": Oid(f"{UNKNOWN}.1"),
        "1.3.6.1.2.1.1.5.0": secret.encode() + b"\x01",
        f"{UNKNOWN}.1.1.{spelt}": b"read-only",
    }
    with LyingAgent({}, others={secret.encode(): device}) as agent:
        target = {"name": "x", "address": "127.0.0.1", "port": agent.port, "community": secret}
        told = invoke("probe", "-", "--explain", input=json.dumps(target)).output
    assert "Example OS, read with •••" in told
    for form in (secret, secret.encode().hex(":"), spelt):
        assert form not in told

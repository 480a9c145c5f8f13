"""The knowledge itself: every rule is proven; classifying never fails, whatever is said."""

import tomllib
from dataclasses import asdict
from functools import cache
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discovery.knowledge import classify, explain, serial_oids
from discovery.knowledge.evidence import (
    MAX_FURTHER_OIDS,
    evidence_columns,
    evidence_oids,
    evidence_tree,
)
from discovery.knowledge.loader import ENTERPRISES, load_knowledge
from discovery.knowledge.mib_names import mib_name
from discovery.knowledge.proofs import find_unproven
from discovery.simulator import Recording
from discovery.simulator.reading import read_facts

RECORDINGS = Path(__file__).parents[1] / "recordings"
RULES = load_knowledge().rules

texts = st.text(max_size=300) | st.sampled_from(["Linux x 6.1", "Cisco IOS Software", "AXIS", ""])
oids = st.from_regex(r"[0-9]{1,9}(\.[0-9]{1,9}){0,20}", fullmatch=True) | st.sampled_from(
    ["1.3.6.1.4.1.9.1.5", "1.3.6.1.4.1.8072.3.2.10", "1.3.6.1.4.1", "", "nonsense"]
)
values = st.none() | st.integers() | texts | st.binary(max_size=40) | st.booleans()
sections = st.fixed_dictionaries(
    {},
    optional={
        "sys_descr": values,
        "sys_object_id": values | oids,
        "sys_name": values,
        "evidence": st.dictionaries(oids, values, max_size=8) | values,
    },
)
rows = st.dictionaries(
    st.sampled_from(["kind", "parent", "model", "serial", "software_revision", "description"]),
    values | st.just("chassis"),
)


@cache
def read(name):
    path = RECORDINGS / name
    return read_facts(Recording.read(path)) if path.exists() else None


def test_every_rule_has_the_first_word_in_its_own_proof_and_shows_there_what_it_promises():
    unproven = [
        f"{rule.file}: {rule.name}: {why}" for rule, why in find_unproven(load_knowledge(), read)
    ]
    assert unproven == []


def test_every_recording_proves_a_rule():
    assert {path.name for path in RECORDINGS.glob("*.snmprec")} == {rule.proof for rule in RULES}


def test_every_class_named_in_a_rule_ships():
    text = files("config").joinpath("ci_classes.toml").read_text("utf-8")
    shipped = {name for name in tomllib.loads(text)["class"] if "." in name}
    named = {choice.name for rule in RULES for choice in rule.classes}
    makers = load_knowledge().enterprises.values()
    usual = {kind for maker in makers for kind in (maker.ci_class, maker.main_class) if kind}
    assert named | usual | {"unknown.device"} <= shipped


@pytest.mark.parametrize(
    ("descr", "object_id", "expected"),
    [
        ("Linux gate 6.1.0", "1.3.6.1.4.1.8072.3.2.10", (None, "server.physical")),
        ("", "1.3.6.1.4.1.12356.101.1.644", ("Fortinet", "network.firewall")),
        ("Something new", "1.3.6.1.4.1.13742.99", ("Raritan", "power.pdu")),
        ("Something new", "1.3.6.1.4.1.4242424.1", (None, "unknown.device")),
        ("A managed switch", "1.3.6.1.4.1.4242424.1", (None, "network.switch")),
        ("", "", (None, "unknown.device")),
    ],
)
def test_what_nobody_taught_exactly_still_gets_a_vendor_and_a_class(descr, object_id, expected):
    found = classify({"sys_descr": descr, "sys_object_id": object_id})
    assert (found.vendor, found.ci_class) == expected


def test_the_maker_of_a_computer_is_what_its_agent_tells_not_the_agent():
    told = {"1.3.6.1.4.1.2021.7890.2.4.1.2.8.104.97.114.100.119.97.114.101.1": "PowerEdge R650"}
    manufacturer = "1.3.6.1.4.1.2021.7890.3.4.1.2.12.109.97.110.117.102.97.99.116.117.114.101.114.1"
    linux = {"sys_object_id": "1.3.6.1.4.1.8072.3.2.10", "sys_descr": "Linux gate 6.1.0"}
    assert classify({**linux, "evidence": told}).vendor is None
    assert (
        classify({**linux, "evidence": {**told, manufacturer: "Dell Inc."}}).vendor == "Dell Inc."
    )


def test_a_rule_of_another_vendor_is_silenced():
    found = classify(
        {
            "sys_object_id": "1.3.6.1.4.1.8072.3.2.10",
            "sys_descr": "Linux nas 4.4.302+ #69057 SMP x86_64",
            "evidence": {
                "1.3.6.1.4.1.6574.1.5.1.0": "RS1221+",
                "1.3.6.1.4.1.6574.1.5.2.0": "2140SQR000001",
            },
        }
    )
    assert (found.vendor, found.model, found.serial) == ("Synology", "RS1221+", "2140SQR000001")
    assert "Linux with net-snmp" not in found.rules


def test_placeholders_count_as_not_said():
    chassis = {"kind": "chassis", "serial": "Not Specified", "model": "N/A"}
    found = classify({"sys_object_id": "1.3.6.1.4.1.30065.1"}, [chassis])
    assert (found.serial, found.model) == (None, None)


def test_the_second_round_of_evidence_is_asked_only_where_the_first_found_something():
    identity = "1.3.6.1.4.1.8072.3.2.10", "Linux nas 4.4.302+ x86_64"
    assert evidence_oids(*identity, {}) == ()
    more = evidence_oids(*identity, {"1.3.6.1.4.1.6574.1.5.1.0": "RS1221+"})
    assert "1.3.6.1.4.1.6574.1.5.2.0" in more
    assert not set(more) & set(evidence_oids(*identity))


def test_explain_names_the_rules_that_almost_spoke_and_why():
    explanation = explain({"sys_object_id": "1.3.6.1.4.1.9.1.2694", "sys_descr": "Cisco thing"})
    assert explanation.spoke[0] == "Any other Cisco device"
    assert dict(explanation.almost)["Cisco NX-OS"] == "sysDescr does not contain 'Cisco NX-OS'"


def test_serial_oids_are_sorted_oids():
    assert list(serial_oids()) == sorted(set(serial_oids()))
    assert "1.3.6.1.4.1.12356.100.1.1.1.0" in serial_oids()


@given(sections, st.lists(rows, max_size=4))
def test_classifying_never_fails(system, components):
    found = classify(system, components)
    assert found.ci_class
    for value in (found.model, found.os_version, found.serial):
        assert value is None or (value == value.strip() and len(value) <= 255)


@pytest.mark.parametrize(
    "serial", ["N/A", "0x0000", "Default string", "00:a3:" * 60, "1.3.6.1.4.1"]
)
def test_what_says_nothing_is_no_serial_number(serial):
    chassis = {"kind": "chassis", "index": "1", "serial": serial}
    system = {"sys_object_id": "1.3.6.1.4.1.9.1.5"}
    assert classify(system, [chassis]).serial is None
    assert classify(system, [chassis | {"serial": "4c:5e:0c:2a:3b:4d"}]).serial is not None


@given(st.none() | oids, st.none() | texts)
def test_evidence_is_bounded_distinct_and_asked_by_oid(object_id, descr):
    instances, columns = evidence_oids(object_id, descr), evidence_columns(object_id, descr)
    assert len(instances) <= 24
    assert len(columns) <= 8
    assert len(set(instances)) == len(instances)
    assert all(part.isdecimal() for oid in instances + columns for part in oid.split("."))


def test_no_rule_pushes_the_evidence_of_another_one_out():
    def further(prefix):
        first = evidence_oids(prefix, None)
        return evidence_oids(prefix, None, dict.fromkeys(first, "1"))

    full = [one for one in load_knowledge().by_prefix if len(further(one)) >= MAX_FURTHER_OIDS]
    assert full == []


@given(sections)
def test_explaining_agrees_with_classifying(system):
    explanation = explain(system)
    assert explanation.classification == classify(system)
    assert set(explanation.classification.rules) <= set(explanation.spoke)
    found = asdict(explanation.classification)
    said = {name: found[name] for name in ("vendor", "model", "os_version", "serial", "ci_class")}
    told = {reason.field: reason.value for reason in explanation.reasons}
    assert told == {
        name: value for name, value in said.items() if value not in {None, "unknown.device"}
    }


def test_explain_tells_where_vendor_and_class_come_from():
    def places(object_id):
        return {one.field: one.place for one in explain({"sys_object_id": object_id}).reasons}

    knowledge = load_knowledge()
    untaught = next(
        f"{ENTERPRISES}.{number}"
        for number, maker in knowledge.enterprises.items()
        if maker.ci_class and not knowledge.candidates(f"{ENTERPRISES}.{number}.1", "")[0].prefixes
    )
    assert places(f"{untaught}.1") == {
        "vendor": "the enterprise number",
        "ci_class": "what the maker makes, by the enterprise number",
    }
    assert places("1.3.6.1.4.1.9.1.2694")["vendor"] == "the rule “Any other Cisco device”"


def test_what_is_asked_of_standard_mibs_has_a_name():
    sources = [source for rule in RULES for source in rule.sources]
    asked = {oid for source in sources for oid in source.keys if oid.startswith("1.3.6.1.2.1.")}
    asked |= {condition.oid for rule in RULES for condition in rule.evidence}
    asked |= {oid for rule in RULES for choice in rule.classes for oid in choice.answers}
    standard = [oid for oid in asked if not oid.startswith(f"{ENTERPRISES}.")]
    # Some makers register their objects in the standard tree without a right to it.
    assert {oid for oid in standard if mib_name(oid) == oid} <= {
        "1.3.6.1.2.1.7526.2.4",
        "1.3.6.1.2.1.7526.2.4.0",
    }


def test_the_private_tree_tells_the_maker_where_the_sys_object_id_names_the_agent():
    linux = "1.3.6.1.4.1.8072.3.2.10", "Linux box 4.9.0"
    first, second = "1.3.6.1.4.1.2021.4.1.0", "1.3.6.1.4.1.54414.2.1.0"
    assert evidence_tree(*linux, {}, []) == "1.3.6.1.4.1"
    assert evidence_tree(*linux, {}, [first]) == "1.3.6.1.4.1.2022"
    assert evidence_tree(*linux, {}, [first, second]) is None
    evidence = {first: 1, second: 2}
    found = classify({"sys_object_id": linux[0], "sys_descr": linux[1], "evidence": evidence})
    assert found.vendor == load_knowledge().enterprises["54414"].vendor


def test_the_agent_tells_the_system_and_no_product_where_the_maker_is_known_by_its_tree_alone():
    number, maker = untaught("network.router")
    device = {
        "sys_object_id": "1.3.6.1.4.1.8072.3.2.10",
        "sys_descr": "Linux box 4.9.0",
        "evidence": {f"1.3.6.1.4.1.{number}.2.1.0": 2},
    }
    found = classify(device)
    assert (found.vendor, found.ci_class) == (maker.vendor, "network.router")
    assert found.os_version == "4.9.0"


def untaught(main_class):
    """Return a number and its maker of whom nothing but the class of most devices is known."""
    knowledge = load_knowledge()
    return next(
        (number, maker)
        for number, maker in knowledge.enterprises.items()
        if maker.main_class == main_class and not knowledge.by_prefix.get(f"1.3.6.1.4.1.{number}")
    )


def test_no_private_tree_is_searched_where_the_maker_is_told():
    assert evidence_tree("1.3.6.1.4.1.9.1.2694", "", {}, []) is None
    assert evidence_tree("1.3.6.1.4.1.8072.3.2.10", "m0n0wall FreeBSD", {}, []) is None


@given(st.none() | oids, st.none() | texts, st.lists(oids, max_size=9))
def test_the_search_for_a_private_tree_ends_and_goes_forward(object_id, descr, answered):
    question = evidence_tree(object_id, descr, {}, answered)
    if question is not None:
        assert len(answered) < 5
        assert question.startswith("1.3.6.1.4.1")


def test_a_class_may_follow_from_which_standard_mibs_answer():
    unknown = {"sys_object_id": "1.3.6.1.4.1.4242424.1", "sys_descr": "Acme thing"}
    bridge = {"1.3.6.1.2.1.17.1.4.1.2.7": 7}
    assert "1.3.6.1.2.1.17.1.4.1.2" in evidence_columns(*unknown.values())
    assert classify(unknown | {"evidence": bridge}).ci_class == "network.switch"
    # Who is known to make firewalls only is not asked whether it bridges.
    assert "1.3.6.1.2.1.17.1.4.1.2" not in evidence_columns("1.3.6.1.4.1.12356.101.1.1", "")


def test_what_most_devices_of_a_maker_are_counts_less_than_words_and_more_than_mibs():
    silent, _ = untaught("network.router")
    device = {"sys_object_id": f"1.3.6.1.4.1.{silent}.99.1"}
    bridge = {"evidence": {"1.3.6.1.2.1.17.1.4.1.2.7": 7}}
    assert classify(device | bridge).ci_class == "network.router"
    assert classify(device | {"sys_descr": "Linux box 5.4"}).ci_class == "network.router"
    assert classify(device | {"sys_descr": "Acme access point"}).ci_class == "network.access_point"


def test_the_maker_is_told_by_the_first_words_or_by_the_device_itself():
    words = classify({"sys_object_id": "1.3.6.1.4.1.4242424.1", "sys_descr": "RARITAN Dominion"})
    ups = {"1.3.6.1.2.1.33.1.1.1.0": "Acme Power", "1.3.6.1.2.1.33.1.1.2.0": "U-100"}
    told = classify({"sys_object_id": "1.3.6.1.4.1.4242424.1", "evidence": ups})
    assert (words.vendor, told.vendor) == ("Raritan", "Acme Power")


def test_a_part_from_a_makers_own_table_is_not_taken_for_the_device():
    identity = {"sys_object_id": "1.3.6.1.4.1.4242424.1"}
    own = {"index": "3582.4.1.4:1", "kind": "other", "serial": "SV1", "model": "Controller"}
    member = {"index": "12356.13.2:2", "kind": "chassis", "serial": "FG2", "model": "F-60"}
    whole = {"index": "1", "kind": "unknown", "serial": "FG1", "model": "F-60"}
    assert classify(identity, [own]).serial is None
    assert classify(identity, [member]).serial == "FG2"
    assert classify(identity, [own, member, whole]).serial == "FG1"


def test_where_no_part_is_told_to_be_a_chassis_model_and_serial_may_stand_apart():
    rows = [{"index": "3", "serial": "SN300"}, {"index": "5", "model": "D-225"}]
    found = classify({"sys_object_id": "1.3.6.1.4.1.4242424.1"}, rows)
    assert (found.model, found.serial) == ("D-225", "SN300")

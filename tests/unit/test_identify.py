"""Which item is this? The judgement, whatever the data."""

from ipaddress import ip_address
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmdb.kernel.ids import new_key
from cmdb.reconcile.identifiers import (
    Evidence,
    Scopes,
    compute_identifiers,
    full_name,
    short_name,
    usable_mac,
    usable_serial,
)
from cmdb.reconcile.policy import load_policy
from cmdb.reconcile.rules import Ambiguous, Candidate, New, Same, explain, identify
from schemas.vocabulary import IdentifierScheme as Scheme
from schemas.vocabulary import Source

POLICY = load_policy()
EBIKON, KRIENS = UUID(int=1), UUID(int=2)
SCOPES = Scopes(EBIKON, EBIKON)

KEYS = st.tuples(
    st.sampled_from(Scheme), st.sampled_from(["a", "b", "c"]), st.sampled_from([EBIKON, KRIENS])
)
IDENTIFIERS = st.frozensets(KEYS, max_size=8)
CANDIDATES = st.lists(
    st.builds(Candidate, st.integers(1, 20).map(lambda n: UUID(int=n)), IDENTIFIERS, st.booleans()),
    max_size=6,
    unique_by=lambda one: one.item_id,
)


def decide(observed, candidates, source=Source.SNMP):
    return identify(observed, candidates, source=source, policy=POLICY.identify)


def of(**values):
    return frozenset((Scheme(name), value, EBIKON) for name, value in values.items())


@given(observed=IDENTIFIERS, candidates=CANDIDATES, data=st.data())
def test_the_order_of_the_candidates_does_not_matter(observed, candidates, data):
    shuffled = data.draw(st.permutations(candidates))
    assert decide(observed, candidates) == decide(observed, shuffled)


@given(observed=IDENTIFIERS, candidates=CANDIDATES)
def test_devices_of_two_scopes_never_meet(observed, candidates):
    mine = frozenset((scheme, value, EBIKON) for scheme, value, _ in observed)
    theirs = [
        Candidate(
            one.item_id,
            frozenset((scheme, value, KRIENS) for scheme, value, _ in one.identifiers),
            one.is_known_subject,
        )
        for one in candidates
    ]
    assert isinstance(decide(mine, theirs), New)


@given(observed=IDENTIFIERS, candidates=CANDIDATES, key=KEYS)
def test_one_more_agreement_never_takes_a_match_away(observed, candidates, key):
    before = decide(observed, candidates)
    if not isinstance(before, Same):
        return
    more = [
        Candidate(one.item_id, one.identifiers | {key}, one.is_known_subject)
        if one.item_id == before.item_id
        else Candidate(
            one.item_id,
            frozenset(own for own in one.identifiers if own != key),
            one.is_known_subject,
        )
        for one in candidates
    ]
    after = decide(observed | {key}, more)
    assert isinstance(after, Same)
    assert after.item_id == before.item_id


@given(observed=IDENTIFIERS, candidates=CANDIDATES)
def test_a_match_shares_something_and_an_explanation_names_every_candidate(observed, candidates):
    outcome = decide(observed, candidates)
    told = explain(outcome, observed)
    assert len(told["candidates"]) == len(candidates)
    if isinstance(outcome, Same):
        matched = next(one for one in candidates if one.item_id == outcome.item_id)
        assert observed & matched.identifiers


def test_the_same_serial_at_another_address_is_the_same_device():
    item = Candidate(new_key(), of(serial="FOC1", address="10.0.0.1", sys_name="sw-1"))
    outcome = decide(of(serial="FOC1", address="10.0.0.9", sys_name="sw-9"), [item])
    assert isinstance(outcome, Same)


def test_another_serial_at_the_same_address_is_another_device():
    item = Candidate(new_key(), of(serial="FOC1", address="10.0.0.1", sys_name="sw-1"), True)
    outcome = decide(of(serial="FOC2", address="10.0.0.1", sys_name="sw-1"), [item])
    assert isinstance(outcome, New)


def test_a_supervisor_that_was_replaced_leaves_the_device_what_it_is():
    item = Candidate(new_key(), of(serial="FOC1", chassis_id="00:1b:54:00:00:01"))
    outcome = decide(of(serial="FOC1", chassis_id="00:1b:54:00:00:02"), [item])
    assert isinstance(outcome, Same)


def test_name_and_address_together_are_enough_and_each_alone_is_not():
    item = Candidate(new_key(), of(address="10.0.0.1", sys_name="sw-1"))
    assert isinstance(decide(of(address="10.0.0.1", sys_name="sw-1"), [item]), Same)
    assert isinstance(decide(of(address="10.0.0.1", sys_name="sw-2"), [item]), New)
    assert isinstance(decide(of(address="10.0.0.2", sys_name="sw-1"), [item]), Ambiguous)


def test_two_items_that_fit_equally_well_are_a_question():
    twins = [Candidate(new_key(), of(serial="FOC1")) for _ in range(2)]
    outcome = decide(of(serial="FOC1"), twins)
    assert isinstance(outcome, Ambiguous)
    assert set(outcome.candidates) == {one.item_id for one in twins}


def test_the_name_of_a_computer_is_enough_for_its_directory():
    item = Candidate(new_key(), of(sys_name="srv-01", address="10.0.0.5", serial="X"))
    seen = of(sys_name="srv-01", directory_id="ldap:1")
    assert isinstance(decide(seen, [item], Source.LDAP), Same)
    assert isinstance(decide(seen, [item], Source.SNMP), Ambiguous)


@pytest.mark.parametrize(
    "serial",
    [
        "",
        "0",
        "0000000000",
        "0123456789",
        "To be filled by O.E.M.",
        "N/A",
        "none",
        "Default string",
        "xxxxxxxx",
        "-----",
        "Unknown",
        "abc",
    ],
)
def test_a_serial_that_many_devices_have_identifies_none(serial):
    assert usable_serial(serial, POLICY.generic) is None


@pytest.mark.parametrize(
    "name", ["localhost", "localhost.localdomain", "Switch", "10.0.0.1", "", None]
)
def test_a_name_that_many_devices_have_identifies_none(name):
    assert short_name(name, POLICY.generic) is None


@pytest.mark.parametrize(
    "mac",
    [
        "00:00:00:00:00:00",
        "ff:ff:ff:ff:ff:ff",
        "00:00:5e:00:01:0a",
        "00:00:0c:07:ac:01",
        "00:00:0c:9f:f0:01",
        "01:80:c2:00:00:0e",
        "02:42:ac:11:00:02",
        "junk",
        "",
    ],
)
def test_a_mac_that_moves_or_is_shared_identifies_none(mac):
    assert usable_mac(mac, POLICY.generic) is None


@pytest.mark.parametrize(
    "mac", ["00:1B:54:AA:BB:CC", "00-1b-54-aa-bb-cc", "001b.54aa.bbcc", "0x001b54aabbcc"]
)
def test_a_mac_has_one_form_whoever_writes_it(mac):
    assert usable_mac(mac, POLICY.generic) == "00:1b:54:aa:bb:cc"


def test_names_are_compared_without_case_and_a_full_name_needs_a_domain():
    assert short_name("SW-01.Ebikon.example.", POLICY.generic) == "sw-01"
    assert full_name("SW-01.Ebikon.example.") == "sw-01.ebikon.example"
    assert full_name("sw-01") is None
    assert full_name("sw-01.local") is None


def test_a_device_is_recognised_by_what_it_shows():
    evidence = Evidence(
        key="10.0.0.1",
        serial="foc 1234",
        system={"sys_name": "SW-01.ebikon.example"},
        components=[
            {"kind": "chassis", "serial": "FOC 1234"},
            {"kind": "chassis", "serial": "FOC 5678"},
            {"kind": "module", "serial": "MOD 9999"},
        ],
        interfaces=[{"mac": "00:00:5e:00:01:01"}, {"mac": "00:1b:54:00:00:02"}],
        addresses=[
            {"address": ip_address("10.0.0.1")},
            {"address": ip_address("127.0.0.1")},
            {"address": ip_address("fe80::1")},
            {"address": ip_address("10.9.0.1")},
        ],
    )
    found = compute_identifiers(evidence, SCOPES, POLICY.generic)
    assert found == {
        (Scheme.SERIAL, "FOC 1234", EBIKON),
        (Scheme.SERIAL, "FOC 5678", EBIKON),
        (Scheme.MAC, "00:1b:54:00:00:02", EBIKON),
        (Scheme.SYS_NAME, "sw-01", EBIKON),
        (Scheme.FQDN, "sw-01.ebikon.example", EBIKON),
        (Scheme.ADDRESS, "10.0.0.1", EBIKON),
        (Scheme.ADDRESS, "10.9.0.1", EBIKON),
    }


@given(text=st.text(max_size=300))
def test_whatever_a_device_calls_itself_is_judged_without_failing(text):
    evidence = Evidence(
        key=text or "x",
        serial=text,
        system={"sys_name": text},
        interfaces=[{"mac": text}],
    )
    for _scheme, value, _scope in compute_identifiers(evidence, SCOPES, POLICY.generic):
        assert 0 < len(value) <= 255

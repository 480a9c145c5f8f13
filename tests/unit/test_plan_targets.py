"""The targets of plans: forms, sizes, pieces, overlaps."""

import re
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmdb.kernel.errors import InvalidError, TooMuchError
from cmdb.plans import rules
from cmdb.plans.rules import AssignmentEnd
from cmdb.plans.targets import AddressScope, check_address_targets, find_overlap, split
from discovery.ranges import expand_range
from schemas.vocabulary import AssignmentState, ProblemCode, Protocol, RunState

NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("target", "complaint"),
    [
        ("10.0.0.5/24", "Did you mean 10.0.0.0/24?"),
        ("10.0.0.300", "is not an address, a CIDR range or a host name"),
        ("10.0.0.0/33", "is not an address, a CIDR range or a host name"),
        ("sw 1", "is not an address, a CIDR range or a host name"),
        ("224.0.0.0/24", "holds no addresses of devices"),
        ("::", "holds no addresses of devices"),
    ],
)
def test_a_wrong_target_is_refused_with_a_sentence_that_names_it(target, complaint):
    with pytest.raises(InvalidError, match=re.escape(complaint)) as caught:
        check_address_targets([target], [])
    assert target in str(caught.value)


def test_a_plan_of_more_than_65536_addresses_is_refused():
    check_address_targets(["10.0.0.0/16"], [])
    with pytest.raises(TooMuchError, match="131072 addresses"):
        check_address_targets(["10.0.0.0/16", "10.1.0.0/16"], [])


def test_a_host_name_that_is_a_mistyped_address_is_no_host_name():
    assert check_address_targets(["sw1.ebikon.example"], []).host_names == {"sw1.ebikon.example"}
    with pytest.raises(InvalidError):
        check_address_targets(["10.0.0"], [])


@given(
    network=st.builds(
        lambda number, length: ip_network((number << (32 - length), length)),
        st.integers(0, 2**12),
        st.integers(18, 32),
    ).filter(lambda one: not one.is_unspecified and not one.is_multicast),
    data=st.data(),
)
def test_pieces_stand_for_exactly_the_addresses_of_the_range(network, data):
    # 0.0.0.0 is refused as an exclusion: no device has it.
    least = max(1, int(network.network_address))
    numbers = st.integers(least, max(least, int(network.broadcast_address)))
    exclusions = sorted(
        {str(ip_network(one)) for one in data.draw(st.lists(numbers, max_size=3, unique=True))}
    )
    pieces = split(check_address_targets([str(network)], exclusions))
    looked_at = [
        address
        for piece in pieces
        for address in {
            one for entry in piece.targets for one in expand_range(entry, tuple(exclusions))
        }
    ]
    assert sorted(looked_at) == sorted(expand_range(str(network), tuple(exclusions)))
    assert [piece.count for piece in pieces] == [
        len({one for entry in piece.targets for one in expand_range(entry, tuple(exclusions))})
        for piece in pieces
    ]
    assert all(piece.count <= 256 for piece in pieces)


def test_an_ipv6_range_leaves_out_the_anycast_address_of_the_routers():
    pieces = split(check_address_targets(["2001:db8::/118"], []))
    assert sum(piece.count for piece in pieces) == len(expand_range("2001:db8::/118", ()))


def test_overlaps_are_found_in_both_address_families_only_within_each():
    one = check_address_targets(["10.0.0.0/24", "2001:db8::/120"], []).networks
    assert find_overlap(one, [ip_network("10.0.0.128/25")]) == ("10.0.0.0/24", "10.0.0.128/25")
    assert find_overlap(one, [ip_network("10.0.0.7/32")]) == ("10.0.0.0/24", "10.0.0.7")
    assert find_overlap(one, [ip_network("10.0.1.0/24"), ip_network("2001:db9::/120")]) is None


@pytest.mark.parametrize(
    ("target", "key", "is_allowed"),
    [
        ("10.0.0.9", "10.0.0.9", True),
        ("10.0.0.9", "10.0.0.9:10161", True),
        ("10.0.0.9", "10.0.0.8", False),
        ("10.0.1.9", "10.0.1.9", False),
        ("10.0.0.3", "10.0.0.3", False),
        ("sw1.example.ch", "192.168.7.7", True),
        ("sw1.example.ch", "10.0.0.3", False),
        ("sw2.example.ch", "192.168.7.7", False),
        ("2001:db8::9", "[2001:db8::9]:1161", True),
        ("10.0.0.9", "no address", False),
    ],
)
def test_a_document_must_be_about_an_address_of_the_plan(target, key, is_allowed):
    scope = AddressScope.of(["10.0.0.0/24", "sw1.example.ch", "2001:db8::/120"], ["10.0.0.0/29"])
    assert scope.allows(target, key) is is_allowed


def test_a_base_dn_and_a_file_name_have_their_forms():
    rules.check_targets(Protocol.LDAP, ["ou=IT,dc=ebikon,dc=example"], [], {})
    rules.check_targets(Protocol.LDIF, ["ebikon.ldif"], [], {})
    for protocol, target in [
        (Protocol.LDAP, "ebikon.example"),
        (Protocol.LDAP, "dc=ebikon,,dc=example"),
        (Protocol.LDIF, "../secrets.ldif"),
        (Protocol.LDIF, "/etc/passwd"),
    ]:
        with pytest.raises(InvalidError, match="is not"):
            rules.check_targets(protocol, [target], [], {})
    with pytest.raises(InvalidError, match="at least one target"):
        rules.check_targets(Protocol.SNMP, [], [], {})


@pytest.mark.parametrize("minutes", [4, 0, -1, 600_000])
def test_an_interval_has_limits(minutes):
    with pytest.raises(InvalidError, match="between"):
        rules.check_settings((), minutes, None)


def test_a_secret_value_is_not_taken_for_a_name():
    with pytest.raises(InvalidError, match="its value stays out"):
        rules.check_settings(("community public!",), None, None)


@given(
    hours_ago=st.integers(0, 10_000),
    interval=st.integers(rules.MIN_INTERVAL, rules.MAX_INTERVAL),
)
def test_what_was_missed_is_not_made_up_for_and_the_rhythm_stays(hours_ago, interval):
    previous = NOON - timedelta(hours=hours_ago)
    following = rules.compute_next_due(previous, interval, NOON)
    assert following is not None
    assert NOON < following <= NOON + timedelta(minutes=interval)
    assert (following - previous) % timedelta(minutes=interval) == timedelta(0)


ENDS = st.builds(AssignmentEnd, st.sampled_from(AssignmentState), st.booleans())


@given(ends=st.lists(ENDS, min_size=1), reached=st.integers(0, 3))
def test_only_a_run_whose_every_part_was_read_to_its_end_has_succeeded(ends, reached):
    state = rules.decide_run_state(ends, reached=reached)
    is_whole = all(end.state is AssignmentState.DONE and not end.is_partial for end in ends)
    assert (state is RunState.SUCCEEDED) is is_whole
    is_open = any(end.state in {AssignmentState.DUE, AssignmentState.LEASED} for end in ends)
    assert (state is None) is is_open


def test_silence_is_a_result_for_an_address_and_a_failure_for_a_directory():
    silent = ProblemCode.UNREACHABLE
    assert not rules.is_blocking(Protocol.SNMP, silent, is_known=True)
    assert rules.is_blocking(Protocol.LDAP, silent, is_known=True)
    assert rules.is_blocking(Protocol.SNMP, ProblemCode.SECRET_MISSING, is_known=False)
    assert rules.is_blocking(Protocol.SNMP, ProblemCode.TIMEOUT, is_known=True)
    assert not rules.is_blocking(Protocol.SNMP, ProblemCode.TIMEOUT, is_known=False)

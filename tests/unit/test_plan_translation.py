"""What must not be asked is not asked, by whichever of its two addresses it is written."""

from ipaddress import IPv4Network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmdb.kernel.errors import InvalidError
from cmdb.plans import rules
from cmdb.plans.translation import inside_exclusions
from discovery.collectors.snmp.translation import outside_address
from discovery.ranges import excluded_networks, is_excluded
from schemas.vocabulary import Protocol

INSIDE, OUTSIDE = "10.20.0.0/16", "100.64.0.0/16"
OPTIONS = {"translate": {INSIDE: OUTSIDE}}


def of(*exclusions, **options):
    return inside_exclusions(exclusions, options or OPTIONS)


@pytest.mark.parametrize(
    ("written", "inside"),
    [
        ("100.64.3.7", "10.20.3.7/32"),
        ("100.64.3.0/24", "10.20.3.0/24"),
        (OUTSIDE, INSIDE),
        ("100.64.0.0/10", INSIDE),
        ("0.0.0.0/0", INSIDE),
    ],
)
def test_an_outside_exclusion_is_one_inside_too(written, inside):
    assert of(written) == (inside,)


@pytest.mark.parametrize("written", ["10.20.3.7", "192.0.2.1", "2001:db8::/32", "no address"])
def test_another_exclusion_stays_what_it_is(written):
    assert of(written) == ()


@pytest.mark.parametrize("translate", [None, [], {"x": "y"}, {INSIDE: "100.64.0.0/24"}, {1: 2}])
def test_a_translation_that_is_none_translates_nothing(translate):
    assert of("100.64.3.7", translate=translate) == ()


@given(
    prefix=st.integers(8, 30),
    length=st.integers(0, 32),
    bits=st.integers(0, 2**32 - 1),
    host=st.integers(0, 2**22 - 1),
)
def test_a_device_is_excluded_exactly_where_its_outside_address_is(prefix, length, bits, host):
    inside = IPv4Network(("10.0.0.0", prefix))
    outside = IPv4Network(("100.0.0.0", prefix))
    excluded = str(IPv4Network((bits & ~(2 ** (32 - length) - 1), length)))
    options = {"translate": {str(inside): str(outside)}}
    device = str(inside[host % inside.num_addresses])
    translated = outside_address(device, options["translate"])
    forbidden = excluded_networks((excluded, *inside_exclusions([excluded], options)))
    is_meant = is_excluded(device, excluded_networks((excluded,))) or is_excluded(
        translated, excluded_networks((excluded,))
    )
    assert is_excluded(device, forbidden) == is_meant


def test_a_plan_neither_asks_nor_believes_nor_counts_what_is_excluded_outside():
    about = Protocol.SNMP, ["10.20.3.0/24"], ["100.64.3.0/25"], OPTIONS
    scope = rules.check_targets(*about)
    assert scope is not None
    assert not scope.allows("10.20.3.7", "10.20.3.7")
    assert scope.allows("10.20.3.200", "10.20.3.200")
    assert sum(piece.count for piece in rules.compute_pieces(*about)) == 127
    assert rules.compute_pieces(Protocol.SNMP, ["10.20.3.0/24"], [OUTSIDE], OPTIONS) == []


def test_exclusions_of_both_kinds_share_one_limit():
    many = [f"100.64.{number >> 8}.{number & 255}" for number in range(300)]
    rules.check_targets(Protocol.SNMP, ["10.20.0.0/16"], many, {})
    with pytest.raises(InvalidError, match="at most 512"):
        rules.check_targets(Protocol.SNMP, ["10.20.0.0/16"], many, OPTIONS)

"""Devices behind an address translation."""

from ipaddress import IPv4Address, IPv4Network

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import ValidationError

from discovery.collectors.snmp.translation import check_translations, outside_address

PAIRS = {"10.20.0.0/16": "127.21.0.0/16"}


def test_an_inside_address_is_reached_outside():
    assert outside_address("10.20.3.7", PAIRS) == "127.21.3.7"


@pytest.mark.parametrize("address", ["10.21.3.7", "switch.example", "2001:db8::1"])
def test_other_addresses_and_names_stay(address):
    assert outside_address(address, PAIRS) == address


@given(st.integers(0, 2**16 - 1))
def test_no_two_inside_addresses_meet_outside(offset):
    inside = IPv4Network("10.20.0.0/16")[offset]
    outside = IPv4Address(outside_address(str(inside), PAIRS))
    assert int(outside) - int(IPv4Address("127.21.0.0")) == offset


@pytest.mark.parametrize(
    "pairs", [{"10.20.0.0/16": "127.21.0.0/24"}, {"10.20.0.1/16": "127.21.0.0/16"}, {"a": "b"}]
)
def test_ranges_of_different_size_or_form_are_refused(pairs):
    with pytest.raises(ValidationError):
        check_translations(pairs)

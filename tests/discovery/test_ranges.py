"""Ranges of addresses: bounded, without what is excluded, never guessed."""

import asyncio
from ipaddress import ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discovery.errors import MalformedError, TooMuchError
from discovery.names import resolve
from discovery.ranges import MAX_HOSTS, excluded_networks, expand_range, is_excluded

PREFIXES = st.integers(20, 32)
ADDRESSES = st.ip_addresses(v=4)


def test_single_targets_stand_for_themselves():
    assert expand_range("10.0.0.7", ()) == ["10.0.0.7"]
    assert expand_range("2001:DB8::1", ()) == ["2001:db8::1"]
    assert expand_range("sw-1.example.ch", ()) == ["sw-1.example.ch"]


def test_a_range_leaves_out_network_and_broadcast_address():
    assert expand_range("10.0.0.0/30", ()) == ["10.0.0.1", "10.0.0.2"]
    assert expand_range("10.0.0.4/31", ()) == ["10.0.0.4", "10.0.0.5"]
    assert expand_range("10.0.0.4/32", ()) == ["10.0.0.4"]


@pytest.mark.parametrize(
    "target", ["10.0.0.0/33", "10.0.0", "10.0.0.256", "1.2.3.4.5", "a b", "", "-x", "x/y", "[::1]"]
)
def test_what_is_no_target_is_said_to_be_none(target):
    with pytest.raises(MalformedError, match="is not an address"):
        expand_range(target, ())


def test_a_range_has_at_most_65536_addresses():
    assert len(expand_range("10.0.0.0/16", ())) == MAX_HOSTS - 2
    for target in ("10.0.0.0/15", "fd00::/64", "::/0"):
        with pytest.raises(TooMuchError, match="Divide it"):
            expand_range(target, ())


@given(ADDRESSES, PREFIXES, st.lists(st.tuples(ADDRESSES, st.integers(8, 32)), max_size=3))
def test_no_excluded_address_comes_out_and_every_other_host_does(address, prefix, excluded):
    exclusions = tuple(f"{network}/{length}" for network, length in excluded)
    forbidden = [ip_network(one, strict=False) for one in exclusions]
    target = f"{address}/{prefix}"
    expected = [
        str(host)
        for host in ip_network(target, strict=False).hosts()
        if not any(host in one for one in forbidden)
    ]
    assert expand_range(target, exclusions) == expected


def test_an_excluded_single_address_gives_nothing():
    assert expand_range("10.0.0.7", ("10.0.0.0/24",)) == []
    assert expand_range("::1", ("10.0.0.0/24", "::/64")) == []
    assert str(ip_address("10.0.0.7")) in expand_range("10.0.0.7", ("::/0",))


def test_an_excluded_address_of_ipv4_stays_excluded_when_it_is_written_as_ipv6():
    assert expand_range("::ffff:10.0.0.7", ()) == ["10.0.0.7"]
    assert expand_range("::ffff:10.0.0.7", ("10.0.0.0/24",)) == []
    assert expand_range("10.0.0.7", ("::ffff:10.0.0.0/120",)) == []
    assert expand_range("::ffff:10.0.0.4/126", ("10.0.0.5",)) == ["10.0.0.6"]
    assert is_excluded("::ffff:a00:7", excluded_networks(("10.0.0.0/24",)))
    assert asyncio.run(resolve("::ffff:10.0.0.7")) == "10.0.0.7"

"""Kinds of interfaces are named in words, and every word stands beside a name that IANA gave."""

from catalog.web.interface_types import WORDS
from discovery.collectors.snmp.interface_types import interface_type

HIGHEST = 400


def test_the_words_are_for_names_on_the_wire():
    known = {interface_type(number) for number in range(1, HIGHEST)}
    assert set(WORDS) <= known

"""Which secrets are tried at which address, and in which order."""

from ipaddress import ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import ValidationError

from discovery.collectors.snmp.collector import SnmpCollector
from discovery.collectors.snmp.credentials import secrets_for
from discovery.secrets import SnmpCommunity
from schemas.vocabulary import ProblemCode
from tests.discovery.snmp.leaping_look import look_at
from tests.discovery.snmp.looking import MemorySecrets
from tests.discovery.snmp.lying_agent import LyingAgent
from tests.discovery.snmp.test_lies import DEVICE

RANGES = {"10.0.0.0/8": ["wide"], "10.9.0.0/16": ["core", "spare"], "10.9.0.7/32": ["one"]}


@pytest.mark.parametrize(
    ("address", "names"),
    [
        ("10.1.1.1", ("wide",)),
        ("10.9.1.1", ("core", "spare")),
        ("10.9.0.7", ("one",)),
        ("192.0.2.1", ("plan",)),
        ("2001:db8::1", ("plan",)),
    ],
)
def test_the_smallest_range_names_the_secrets(address, names):
    assert secrets_for(address, RANGES, ["plan"]) == names


@given(
    st.ip_addresses(v=4).map(str),
    st.dictionaries(
        st.tuples(st.integers(0, 2**32 - 1), st.integers(0, 32)).map(
            lambda one: str(ip_network((one[0] >> (32 - one[1]) << (32 - one[1]), one[1])))
        ),
        st.lists(st.text("abc", min_size=1), min_size=1),
        max_size=6,
    ),
)
def test_what_is_tried_is_named_for_a_range_that_holds_the_address_or_by_the_plan(address, ranges):
    chosen = secrets_for(address, ranges, ["plan"])
    holding = [t for t in ranges if ip_address(address) in ip_network(t)]
    assert chosen in [tuple(ranges[text]) for text in holding] or (
        not holding and chosen == ("plan",)
    )


def test_a_device_in_a_range_is_opened_by_the_secret_of_the_range():
    known = {"plan": SnmpCommunity("wrong"), "range": SnmpCommunity("public")}
    secrets = MemorySecrets(known)
    agent = LyingAgent(DEVICE)
    options = {"credentials_by_range": {"127.0.0.0/8": ["range"]}}
    looked = look_at(agent, secrets=secrets, credentials=("plan",), **options)
    assert looked.document.credential == "range"
    elsewhere = {"credentials_by_range": {"10.0.0.0/8": ["range"]}}
    looked = look_at(agent, secrets=secrets, credentials=("plan",), **elsewhere)
    assert looked.report.problem.code is ProblemCode.UNREACHABLE


@pytest.mark.parametrize(
    "ranges", [{"10.0.0.1/8": ["x"]}, {"here": ["x"]}, {"10.0.0.0/8": []}, {"10.0.0.0/8": "x"}]
)
def test_what_is_no_range_or_names_nothing_is_refused(ranges):
    with pytest.raises(ValidationError):
        SnmpCollector().check_options({"credentials_by_range": ranges})

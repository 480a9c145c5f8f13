"""Agents and secrets for the tests of SNMP."""

import time

import pytest

from discovery.errors import DiscoveryError
from discovery.secrets import SnmpCommunity
from tests.discovery.snmp import snmpd
from tests.discovery.snmp.asking import ask


@pytest.fixture(scope="session")
def snmpd_port(tmp_path_factory):
    """The port of a real agent that has begun to answer."""
    if snmpd.SNMPD is None:
        pytest.skip("snmpd is not installed")
    with snmpd.running_snmpd(tmp_path_factory.mktemp("snmpd")) as port:
        _wait_until_it_answers(port)
        yield port


def _wait_until_it_answers(port):
    ends_at = time.monotonic() + 10
    while True:
        try:
            return ask(
                port,
                lambda client: client.get(["1.3.6.1.2.1.1.5.0"]),
                credential=SnmpCommunity(snmpd.COMMUNITY),
                timeout=0.1,
                retries=0,
            )
        except DiscoveryError:
            if time.monotonic() > ends_at:
                raise

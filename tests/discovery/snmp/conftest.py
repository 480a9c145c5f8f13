"""Agents for the tests of SNMP."""

import pytest

from tests.discovery.snmp import snmpd


@pytest.fixture(scope="session")
def snmpd_port(tmp_path_factory):
    """The port of a real agent that has begun to answer."""
    if snmpd.SNMPD is None:
        pytest.skip("snmpd is not installed")
    with snmpd.running_snmpd(tmp_path_factory.mktemp("snmpd")) as port:
        snmpd.wait_until_it_answers(port)
        yield port

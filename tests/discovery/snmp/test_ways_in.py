"""Every pair of protocols of SNMP v3 against a real agent, by both engines."""

from itertools import product

import pytest

from discovery.secrets import SnmpUser
from tests.discovery.snmp import snmpd
from tests.discovery.snmp.asking import ENGINES, ask
from tests.discovery.snmp.snmpd import AUTH_PASSWORD, PRIVACY_PASSWORD

NAME = "1.3.6.1.2.1.1.5.0"
AUTH = {
    "md5": "MD5",
    "sha1": "SHA",
    "sha224": "SHA-224",
    "sha256": "SHA-256",
    "sha384": "SHA-384",
    "sha512": "SHA-512",
}
PRIVACY = {
    "des": "DES",
    "aes128": "AES",
    "aes192": "AES-192",
    "aes256": "AES-256",
    "aes192c": "AES-192-C",
    "aes256c": "AES-256-C",
}
PAIRS = list(product(AUTH, PRIVACY))


def user(auth, privacy):
    return SnmpUser(f"{auth}-{privacy}", auth, AUTH_PASSWORD, privacy, PRIVACY_PASSWORD)


@pytest.fixture(scope="module")
def port(tmp_path_factory):
    """The port of an agent that knows a user for every pair."""
    if snmpd.SNMPD is None:
        pytest.skip("snmpd is not installed")
    lines = [
        f"createUser {auth}-{privacy} {AUTH[auth]} {AUTH_PASSWORD} "
        f"{PRIVACY[privacy]} {PRIVACY_PASSWORD}\nrouser {auth}-{privacy} priv"
        for auth, privacy in PAIRS
    ]
    folder = tmp_path_factory.mktemp("ways")
    with snmpd.running_snmpd(folder, more="\n".join(lines)) as port:
        snmpd.wait_until_it_answers(port)
        yield port


@pytest.mark.parametrize("engine", ENGINES, ids=str)
@pytest.mark.parametrize(("auth", "privacy"), PAIRS, ids="-".join)
def test_every_pair_of_protocols_opens(port, engine, auth, privacy):
    found = ask(port, lambda c: c.get([NAME]), engine=engine, credential=user(auth, privacy))
    assert found == {NAME: b"lab-host.example.ch"}

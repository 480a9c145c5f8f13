"""A real net-snmp agent on a high loopback port, with a community and users of v3."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from discovery.errors import DiscoveryError
from discovery.secrets import SnmpCommunity, SnmpUser
from tests.discovery.snmp.asking import ask

SNMPD = shutil.which("snmpd", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
COMMUNITY = "lab-community"
AUTH_PASSWORD, PRIVACY_PASSWORD = "auth-pass-12345", "privacy-pass-12345"
USERS = {
    "sha1-aes128": SnmpUser("shaaes", "sha1", AUTH_PASSWORD, "aes128", PRIVACY_PASSWORD),
    "sha256-aes128": SnmpUser("sha256aes", "sha256", AUTH_PASSWORD, "aes128", PRIVACY_PASSWORD),
    "sha512-aes256": SnmpUser("sha512aes", "sha512", AUTH_PASSWORD, "aes256", PRIVACY_PASSWORD),
    "md5-des": SnmpUser("md5des", "md5", AUTH_PASSWORD, "des", PRIVACY_PASSWORD),
    "sha1": SnmpUser("shaonly", "sha1", AUTH_PASSWORD),
}
IN_CONTEXT = SnmpUser(
    "ctxuser", "sha1", AUTH_PASSWORD, "aes128", PRIVACY_PASSWORD, context="vlan-1"
)

_CONFIGURATION = f"""
agentaddress udp:127.0.0.1:{{port}}
rocommunity {COMMUNITY} 127.0.0.1
createUser shaaes SHA {AUTH_PASSWORD} AES {PRIVACY_PASSWORD}
createUser sha256aes SHA-256 {AUTH_PASSWORD} AES {PRIVACY_PASSWORD}
createUser sha512aes SHA-512 {AUTH_PASSWORD} AES-256 {PRIVACY_PASSWORD}
createUser md5des MD5 {AUTH_PASSWORD} DES {PRIVACY_PASSWORD}
createUser shaonly SHA {AUTH_PASSWORD}
rouser shaaes priv
rouser sha256aes priv
rouser sha512aes priv
rouser md5des priv
rouser shaonly auth
view everything included .1
createUser ctxuser SHA {AUTH_PASSWORD} AES {PRIVACY_PASSWORD}
rouser ctxuser priv -V everything vlan-1
proxy -Cn vlan-1 -v 2c -c {COMMUNITY} 127.0.0.1:{{port}} .1.3.6.1.2.1.1
sysName lab-host.example.ch
sysLocation Laboratory
sysContact nobody
sysServices 72
"""


@contextmanager
def running_snmpd(folder: Path, port: int | None = None, more: str = "") -> Iterator[int]:
    """Run snmpd, its memory of earlier starts in `folder`, and yield its port.

    `more` are further lines of its configuration.
    """
    port = port or free_port()
    configuration = folder / "snmpd.conf"
    configuration.write_text(_CONFIGURATION.format(port=port) + more)
    process = subprocess.Popen(
        [
            *(SNMPD, "-f", "-C", "-c", configuration, "-Lf", folder / "snmpd.log"),
            *("-I", "-smux", "-p", folder / "snmpd.pid"),
        ],
        env={"SNMP_PERSISTENT_DIR": str(folder / "state"), "MIBS": ""},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield port
    finally:
        process.terminate()
        process.wait()


def wait_until_it_answers(port: int) -> None:
    """Return as soon as the agent gives a value, which takes it long on a busy machine."""
    ends_at = time.monotonic() + 60
    while True:
        try:
            ask(
                port,
                lambda client: client.get(["1.3.6.1.2.1.1.5.0"]),
                credential=SnmpCommunity(COMMUNITY),
                timeout=0.1,
                retries=0,
            )
        except DiscoveryError:
            if time.monotonic() > ends_at:
                raise
        else:
            return


def free_port() -> int:
    """Return a UDP port that nobody uses at the moment."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]

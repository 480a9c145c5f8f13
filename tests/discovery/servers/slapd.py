"""A real OpenLDAP server as an ordinary process: free loopback ports, own authority, no root."""

import shutil
import socket
import subprocess
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from tests.discovery.servers.certificates import Certificates, make_certificates

BASE = "dc=site,dc=example"
BIND_DN = f"cn=inventory,ou=services,{BASE}"
PASSWORD = "inventory-secret-4711"
SCHEMA = Path(__file__).with_name("ad_mini.schema")

_SLAPD = shutil.which("slapd") or shutil.which("slapd", path="/usr/sbin:/usr/local/sbin")
_SLAPADD = shutil.which("slapadd") or shutil.which("slapadd", path="/usr/sbin:/usr/local/sbin")
MISSING = None if _SLAPD and _SLAPADD else "slapd is not installed (apt-get install slapd)"

_CONFIG = """\
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/nis.schema
include /etc/ldap/schema/inetorgperson.schema
{ad_schema}
modulepath /usr/lib/ldap
moduleload back_mdb
pidfile {folder}/slapd.pid
argsfile {folder}/slapd.args
TLSCACertificateFile {tls.ca_file}
TLSCertificateFile {tls.certificate}
TLSCertificateKeyFile {tls.key}
TLSProtocolMin 3.3
sizelimit size.soft=500 size.hard=500 size.pr={page_cap} size.prtotal={total}
security simple_bind=128
threads 4
loglevel none
database mdb
suffix "{base}"
directory {folder}/db
maxsize 1073741824
envflags nosync nometasync
index objectClass eq
access to attrs=userPassword by anonymous auth by * none
access to * by users read by * none
"""


@dataclass(frozen=True)
class Slapd:
    """A running server."""

    port: int
    tls_port: int
    tls: Certificates
    base: str = BASE

    @property
    def start_tls_url(self) -> str:
        return f"ldap://127.0.0.1:{self.port}"

    @property
    def tls_url(self) -> str:
        return f"ldaps://127.0.0.1:{self.tls_port}"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def skeleton_ldif() -> str:
    """Return the root, the unit of services and the account that reads."""
    return (
        f"dn: {BASE}\nobjectClass: dcObject\nobjectClass: organization\ndc: site\no: Site\n\n"
        f"dn: ou=services,{BASE}\nobjectClass: organizationalUnit\nou: services\n\n"
        f"dn: {BIND_DN}\nobjectClass: device\nobjectClass: simpleSecurityObject\n"
        f"cn: inventory\nuserPassword: {PASSWORD}\n\n"
    )


@contextmanager
def running_slapd(folder: Path, ldif: str, *, with_ad=True, page_cap=1000, total="unlimited"):
    """Load an LDIF offline, start slapd on it and stop it at the end."""
    tls = make_certificates(folder / "tls")
    (folder / "db").mkdir()
    config = folder / "slapd.conf"
    config.write_text(
        _CONFIG.format(
            folder=folder,
            tls=tls,
            base=BASE,
            page_cap=page_cap,
            total=total,
            ad_schema=f"include {SCHEMA}" if with_ad else "",
        )
    )
    content = folder / "content.ldif"
    content.write_text(ldif, "utf-8")
    subprocess.run(
        [_SLAPADD, "-q", "-f", config, "-l", content], check=True, capture_output=True, timeout=120
    )
    port, tls_port = free_port(), free_port()
    urls = f"ldap://127.0.0.1:{port}/ ldaps://127.0.0.1:{tls_port}/"
    with (folder / "slapd.log").open("wb") as log:
        process = subprocess.Popen(
            [_SLAPD, "-f", config, "-h", urls, "-d", "0"],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
    try:
        _wait_for(process, tls_port, folder / "slapd.log")
        yield Slapd(port, tls_port, tls)
    finally:
        process.terminate()
        process.wait(10)


def _wait_for(process, port, log):
    until = monotonic() + 20
    while monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError(f"slapd ended at once: {log.read_text()[-500:]}")
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            process_pause(process)
        else:
            return
    raise RuntimeError("slapd did not listen within 20 s")


def process_pause(process):
    """Wait a little for the process to end, which it should not."""
    try:
        process.wait(0.02)
    except subprocess.TimeoutExpired:
        return

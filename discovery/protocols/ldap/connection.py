"""Reach a directory: address, verified TLS from the first or second message on, then a bind."""

import contextlib
import socket
import ssl
from dataclasses import dataclass
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

import ldap3
from ldap3.core.exceptions import LDAPExceptionError

from discovery.errors import (
    MalformedError,
    RefusedError,
    TimeLimitError,
    TlsRefusedError,
    UnreachableError,
    UnresolvedError,
)
from discovery.protocols.ldap.reader import AnswerReader, Limits
from discovery.protocols.ldap.results import is_success, sign_in_error
from discovery.secrets import LdapBind
from schemas.sentences.ldap import LdapSentence
from schemas.sentences.run import RunSentence

_START_TLS = "1.3.6.1.4.1.1466.20037"
_PORTS = {"ldaps": 636, "ldap": 389}


@dataclass(frozen=True, slots=True)
class DirectoryServer:
    """One server of a directory; `is_start_tls` means TLS after the first message (port 389)."""

    host: str
    port: int
    is_start_tls: bool

    @classmethod
    def from_url(cls, url: str) -> "DirectoryServer":
        """Read `ldaps://host[:port]` (TLS at once) or `ldap://host[:port]` (StartTLS).

        Raises:
            ValueError: the text is no such address.
        """
        parts = urlsplit(url)
        extra = parts.path.strip("/") or parts.query or parts.fragment or parts.username
        if parts.scheme not in _PORTS or not parts.hostname or extra:
            raise ValueError(f"{url[:100]!r} is not of the form ldaps://host or ldap://host:port.")
        port = parts.port or _PORTS[parts.scheme]
        return cls(parts.hostname, port, parts.scheme == "ldap")

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'ldap' if self.is_start_tls else 'ldaps'}://{host}:{self.port}"


@dataclass(slots=True)
class Channel:
    """A connection on which somebody has signed in."""

    server: DirectoryServer
    connection: Any
    reader: AnswerReader

    def close(self) -> None:
        """Say goodbye and close the socket; never fails."""
        with contextlib.suppress(LDAPExceptionError, OSError):
            self.connection.unbind()
        self.abort()

    def abort(self) -> None:
        """Close the socket at once; a reader in another thread ends with an error."""
        connected: socket.socket | None = self.connection.socket
        if connected is not None:
            with contextlib.suppress(OSError):
                connected.shutdown(socket.SHUT_RDWR)
            connected.close()


def tls_context(ca_file: str | None) -> ssl.SSLContext:
    """Return a context that verifies chain and host name; there is no way to switch that off.

    Raises:
        TlsRefusedError: the file of the certificate authority cannot be used.
    """
    try:
        return ssl.create_default_context(ssl.Purpose.SERVER_AUTH, cafile=ca_file)
    except (OSError, ssl.SSLError):
        raise TlsRefusedError(LdapSentence.CA_FILE, file=ca_file or "") from None


def connect(server: DirectoryServer, bind: LdapBind, limits: Limits, deadline: float) -> Channel:
    """Return a channel over verified TLS on which the bind account has signed in.

    Raises:
        DiscoveryError: the server is not there, not who it says, or refuses the account.
    """
    check_bind(bind)
    context = tls_context(bind.ca_file)
    connected = _open_socket(server, limits, deadline)
    try:
        if not server.is_start_tls:
            connected = _wrap(connected, context, server)
        channel = _attach(connected, server, bind, (limits, deadline))
    except BaseException:
        connected.close()
        raise
    try:
        if server.is_start_tls:
            _start_tls(channel, context)
        _sign_in(channel, bind)
    except BaseException:
        channel.abort()
        raise
    return channel


def check_bind(bind: LdapBind) -> None:
    """Refuse an empty name or password, which a directory would take as anonymous success.

    Raises:
        RefusedError: one of the two is empty.
    """
    if not bind.bind_dn.strip() or not bind.password:
        raise RefusedError(LdapSentence.EMPTY_BIND)


def _open_socket(server: DirectoryServer, limits: Limits, deadline: float) -> socket.socket:
    wait = max(0.01, min(limits.connect_seconds, deadline - monotonic()))
    try:
        connected = socket.create_connection((server.host, server.port), timeout=wait)
    except socket.gaierror:
        raise UnresolvedError(RunSentence.NO_ADDRESS, host=server.host) from None
    except TimeoutError:
        raise UnreachableError(LdapSentence.NO_ANSWER, server=str(server), seconds=wait) from None
    except OSError as error:
        raise UnreachableError(
            LdapSentence.UNREACHABLE, server=str(server), reason=error.strerror or "no route"
        ) from None
    connected.settimeout(max(0.01, min(limits.answer_seconds, deadline - monotonic())))
    return connected


def _wrap(
    connected: socket.socket, context: ssl.SSLContext, server: DirectoryServer
) -> ssl.SSLSocket:
    try:
        return context.wrap_socket(connected, server_hostname=server.host)
    except ssl.SSLCertVerificationError as error:
        raise TlsRefusedError(
            LdapSentence.CERTIFICATE, server=str(server), reason=error.verify_message
        ) from None
    except TimeoutError:
        raise TimeLimitError(LdapSentence.HANDSHAKE, server=str(server)) from None
    except OSError as error:
        reason = getattr(error, "reason", None) or error.strerror or "connection closed"
        raise TlsRefusedError(LdapSentence.NO_TLS, server=str(server), reason=str(reason)) from None


def _attach(
    connected: socket.socket,
    server: DirectoryServer,
    bind: LdapBind,
    bounds: tuple[Limits, float],
) -> Channel:
    """Give the open socket to an ldap3 connection that neither opens nor follows anything."""
    address, port = connected.getpeername()[:2]
    described = ldap3.Server(
        address, port=port, get_info=ldap3.NONE, allowed_referral_hosts=[], connect_timeout=1
    )
    connection: Any = ldap3.Connection(
        described,
        user=bind.bind_dn,
        authentication=ldap3.SIMPLE,
        password=bind.password,
        client_strategy=ldap3.SYNC,
        auto_bind=ldap3.AUTO_BIND_NONE,
        check_names=False,
        auto_referrals=False,
        auto_range=False,
        return_empty_attributes=False,
        read_only=True,
        raise_exceptions=False,
    )
    reader = AnswerReader(connection, *bounds)

    def adopt(*_: Any, **__: Any) -> None:
        connection.socket = connected
        connection.closed = False

    strategy = connection.strategy
    strategy._open_socket = adopt  # noqa: SLF001 — ldap3 has no other way to take a socket
    strategy._get_response = reader.read  # noqa: SLF001 — nor to take another decoder
    connection.open(read_server_info=False)
    return Channel(server, connection, reader)


def _start_tls(channel: Channel, context: ssl.SSLContext) -> None:
    connection = channel.connection
    connection.extended(_START_TLS)
    if not is_success(connection.result):
        raise TlsRefusedError(LdapSentence.NO_START_TLS, server=str(channel.server))
    # Octets that came before the handshake could be a stranger's (CVE-2011-0411 and its kin).
    if channel.reader.has_unread:
        raise MalformedError(LdapSentence.BEFORE_TLS, server=str(channel.server))
    connection.socket = _wrap(connection.socket, context, channel.server)
    connection.tls_started = True


def _sign_in(channel: Channel, bind: LdapBind) -> None:
    connection = channel.connection
    try:
        connection.bind(read_server_info=False)
    except LDAPExceptionError:
        raise RefusedError(LdapSentence.BIND_NOT_SENT, name=bind.bind_dn) from None
    finally:
        # The representation of an ldap3 connection prints the password.
        connection.password = None
    if not is_success(connection.result):
        raise sign_in_error(connection.result, bind.bind_dn)

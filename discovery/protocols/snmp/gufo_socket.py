"""Opens the private sockets of gufo-snmp."""

from typing import Any

from gufo.snmp import _fast  # pyright: ignore[reportPrivateUsage] — pinned to 0.13
from gufo.snmp.utils import format_sock_addr

from discovery.errors import UnreachableError
from discovery.protocols.snmp.wire import Endpoint
from discovery.secrets import SnmpCommunity, SnmpUser
from schemas.sentences.snmp import SnmpSentence


def new_socket(endpoint: Endpoint, credential: SnmpCommunity | SnmpUser) -> Any:
    """Return the Rust socket of one agent and one credential; it closes as nothing refers to it.

    Raises:
        UnreachableError: the address cannot be used from here.
    """
    address = format_sock_addr(endpoint.address, endpoint.port)
    try:
        if isinstance(credential, SnmpUser):
            return _fast.SnmpV3ClientSocket(address, b"", "", 0, b"", 0, b"", 0, 0, 0, 0)
        if credential.version == "1":
            return _fast.SnmpV1ClientSocket(address, credential.community, 0, 0, 0, 0)
        return _fast.SnmpV2cClientSocket(address, credential.community, 0, 0, 0, 0)
    except (OSError, ValueError) as error:
        raise UnreachableError(
            SnmpSentence.UNREACHABLE, endpoint=str(endpoint), reason=str(error)
        ) from error

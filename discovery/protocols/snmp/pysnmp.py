"""The second engine: pysnmp, a hundred times slower, for what the fast one cannot do.

It knows v3 contexts, reads answers of up to 64 KB and tells every error status. MIBs are never
looked up. Every agent gets an engine of its own that is closed afterwards: engines remember each
agent they met and become slower with every one, and their book-keeping cannot be emptied reliably
(its use counts rise with each request).
"""

import asyncio
from typing import Any
from weakref import WeakKeyDictionary

from discovery.errors import (
    DiscoveryError,
    MalformedError,
    RefusedError,
    SecretMissingError,
    TimeLimitError,
    UnreachableError,
)
from discovery.protocols.snmp.wire import Endpoint, StatusError, Value
from discovery.secrets import SnmpCommunity, SnmpUser
from schemas.sentences.secrets import SecretSentence
from schemas.sentences.snmp import SnmpSentence

MAX_ENGINES = 4
_TICK = 1.0
"""The library looks at its clock twice a second, so that its waits are longer than agreed."""
_CREDENTIAL_ERRORS = (
    "UnknownUserName",
    "UnknownSecurityName",
    "WrongDigest",
    "AuthenticationFailure",
    "AuthenticationError",
    "UnsupportedSecurityLevel",
    "DecryptionError",
    "AuthorizationError",
    "NoAccessEntry",
)

_slots: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()


class PysnmpWire:
    """One pysnmp engine talking to one agent."""

    def __init__(self, endpoint: Endpoint, credential: SnmpCommunity | SnmpUser) -> None:
        self.endpoint = endpoint
        self.speaks_bulk = not (isinstance(credential, SnmpCommunity) and credential.version == "1")
        self._credential = credential
        self._slot = _slots.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(MAX_ENGINES))
        self._engine: Any = None
        self._common: tuple[Any, ...] = ()
        self._patience = (endpoint.timeout + _TICK) * (endpoint.retries + 1) + _TICK

    async def open(self) -> None:
        """Wait for a free engine and, with a user, prove it by one question."""
        # Loaded only where it is needed: it costs a third of a second and 20 MB.
        from pysnmp.hlapi.v3arch import asyncio as api

        from discovery.protocols.snmp.guarded import GuardedTarget, GuardedTarget6

        auth = _auth_data(api, self._credential)
        is_v6 = ":" in self.endpoint.address
        target_class = GuardedTarget6 if is_v6 else GuardedTarget
        where = (self.endpoint.address, self.endpoint.port)
        waits = {"timeout": self.endpoint.timeout, "retries": self.endpoint.retries}
        target = await target_class.create(where, **waits)
        context = self._credential.context if isinstance(self._credential, SnmpUser) else ""
        await self._slot.acquire()
        self._engine = api.SnmpEngine()
        self._common = (self._engine, auth, target, api.ContextData(contextName=context.encode()))
        if isinstance(self._credential, SnmpUser):
            await self.get(["1.3.6.1.2.1.1.2.0"])

    async def get(self, oids: list[str]) -> dict[str, Value]:
        """Return the values of instances in one request; what the agent lacks is left out."""
        from pysnmp.hlapi.v3arch.asyncio import get_cmd

        return await self._ask(get_cmd, (), oids)

    async def after(
        self, oid: str, repetitions: int, attempts: int | None = None
    ) -> dict[str, Value]:
        """Return what follows an OID by one GETBULK, or one GETNEXT where `repetitions` is 0.

        pysnmp repeats by itself, so `attempts` has no meaning here.
        """
        del attempts
        from pysnmp.hlapi.v3arch.asyncio import bulk_cmd, next_cmd

        command, numbers = (bulk_cmd, (0, repetitions)) if repetitions else (next_cmd, ())
        found = await self._ask(command, numbers, [oid])
        return found or await self._ask(command, numbers, [oid])

    async def _ask(
        self, command: Any, numbers: tuple[int, ...], oids: list[str]
    ) -> dict[str, Value]:
        from pyasn1.error import PyAsn1Error
        from pysnmp.error import PySnmpError
        from pysnmp.hlapi.v3arch.asyncio import ObjectIdentity, ObjectType

        if self._engine is None:
            await self.open()
        questions = [ObjectType(ObjectIdentity(oid)) for oid in oids]
        try:
            indication, status, _, bindings = await asyncio.wait_for(
                command(*self._common, *numbers, *questions, lookupMib=False), self._patience
            )
        except TimeoutError as error:
            # An answer that trips the library leaves its request without any end.
            raise TimeLimitError(SnmpSentence.NO_ANSWER, endpoint=str(self.endpoint)) from error
        except PyAsn1Error as error:
            # The OID to go on from, which the agent named, cannot be written.
            raise MalformedError(
                SnmpSentence.EXCHANGE, endpoint=str(self.endpoint), reason=type(error).__name__
            ) from error
        except (PySnmpError, OSError) as error:
            raise UnreachableError(
                SnmpSentence.UNREACHABLE, endpoint=str(self.endpoint), reason=type(error).__name__
            ) from error
        if indication:
            raise self._failure(indication)
        if int(status):
            raise StatusError(int(status))
        found: dict[str, Value] = {}
        for name, value in bindings:
            if not _is_absent(value):
                found[str(name)] = _plain(value)
        return found

    def _failure(self, indication: Any) -> DiscoveryError:
        kind = type(indication).__name__
        if kind == "RequestTimedOut":
            return TimeLimitError(SnmpSentence.NO_ANSWER, endpoint=str(self.endpoint))
        if kind in _CREDENTIAL_ERRORS and isinstance(self._credential, SnmpUser):
            return RefusedError(
                SnmpSentence.REFUSED,
                endpoint=str(self.endpoint),
                user=self._credential.user,
                reason=str(indication),
            )
        return MalformedError(
            SnmpSentence.EXCHANGE, endpoint=str(self.endpoint), reason=str(indication)
        )

    def close(self) -> None:
        """Close the engine and let the next agent have its place."""
        if self._engine is not None:
            self._engine.close_dispatcher()
            self._engine = None
            self._slot.release()


def _is_absent(value: Any) -> bool:
    return type(value).__name__ in {"NoSuchObject", "NoSuchInstance", "EndOfMibView"}


def _plain(value: Any) -> Value:
    kind = type(value).__name__
    if kind == "Null":
        return None
    if kind == "IpAddress":
        return ".".join(str(octet) for octet in value.asOctets())
    if hasattr(value, "asOctets"):
        return value.asOctets()
    if kind in {"ObjectIdentifier", "ObjectIdentity", "ObjectName"}:
        return str(value)
    return int(value)


def _auth_data(api: Any, credential: SnmpCommunity | SnmpUser) -> Any:
    if isinstance(credential, SnmpCommunity):
        return api.CommunityData(
            credential.community, mpModel=0 if credential.version == "1" else 1
        )
    return api.UsmUserData(
        credential.user,
        authKey=credential.auth_password,
        privKey=credential.privacy_password,
        authProtocol=auth_protocol(credential),
        privProtocol=privacy_protocol(credential),
    )


def auth_protocol(user: SnmpUser) -> Any:
    """Return what pysnmp calls the authentication protocol of a user.

    Raises:
        SecretMissingError: there is no such protocol.
    """
    from pysnmp.hlapi.v3arch import asyncio as api

    protocols: dict[str | None, Any] = {
        None: api.usmNoAuthProtocol,
        "md5": api.usmHMACMD5AuthProtocol,
        "sha1": api.usmHMACSHAAuthProtocol,
        "sha224": api.usmHMAC128SHA224AuthProtocol,
        "sha256": api.usmHMAC192SHA256AuthProtocol,
        "sha384": api.usmHMAC256SHA384AuthProtocol,
        "sha512": api.usmHMAC384SHA512AuthProtocol,
    }
    return _known(protocols, user.auth_protocol, user)


def privacy_protocol(user: SnmpUser) -> Any:
    """Return what pysnmp calls the privacy protocol of a user.

    Raises:
        SecretMissingError: there is no such protocol.
    """
    from pysnmp.hlapi.v3arch import asyncio as api

    protocols: dict[str | None, Any] = {
        None: api.usmNoPrivProtocol,
        "des": api.usmDESPrivProtocol,
        "aes128": api.usmAesCfb128Protocol,
        "aes192": api.usmAesBlumenthalCfb192Protocol,
        "aes256": api.usmAesBlumenthalCfb256Protocol,
        "aes192c": api.usmAesCfb192Protocol,
        "aes256c": api.usmAesCfb256Protocol,
    }
    return _known(protocols, user.privacy_protocol, user)


def _known(protocols: dict[str | None, Any], name: str | None, user: SnmpUser) -> Any:
    if name not in protocols:
        raise SecretMissingError(SecretSentence.SNMP_USER_PROTOCOL, user=user.user)
    return protocols[name]

"""Finds the credential that opens a device, in the order of the plan."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from functools import partial

from discovery.collectors.base import CollectorContext
from discovery.collectors.snmp.budget import socket_slots
from discovery.collectors.snmp.options import SnmpOptions
from discovery.collectors.snmp.system import PROBE
from discovery.errors import (
    DiscoveryError,
    RefusedError,
    SecretMissingError,
    TimeLimitError,
    UnreachableError,
)
from discovery.protocols.snmp.budget import Budget
from discovery.protocols.snmp.client import SnmpClient
from discovery.protocols.snmp.engines import make_client
from discovery.protocols.snmp.tracing import Trace, TracingClient
from discovery.protocols.snmp.wire import Endpoint, Value
from discovery.secrets import SnmpCommunity, SnmpUser
from schemas.sentences.secrets import SecretSentence
from schemas.sentences.snmp import SnmpSentence


@dataclass(frozen=True, slots=True)
class Access:
    """An open client, the name of the secret that opened it and the answer to the probe.

    Attributes:
        in_vlan: makes the client that reads the tables of one VLAN of a Cisco switch.
    """

    client: SnmpClient
    credential: str
    probe: dict[str, Value]
    slot: asyncio.Semaphore
    in_vlan: Callable[[int], SnmpClient]

    def close(self) -> None:
        """Give back the socket and its slot."""
        self.client.close()
        self.slot.release()


VLAN_SECONDS = 10.0
"""Time for the tables of one VLAN."""

Candidate = tuple[str, SnmpCommunity | SnmpUser]
Ask = Callable[
    [Endpoint, SnmpCommunity | SnmpUser, Budget], Awaitable[tuple[SnmpClient, dict[str, Value]]]
]


async def open_device(address: str, context: CollectorContext, options: SnmpOptions) -> Access:
    """Try the credentials one after another until the device answers the probe.

    A device is never asked two things at once. Users of v3 come first because a wrong one is
    answered at once, v1 comes last. A wrong community is met with silence: of several every one is
    tried once before the first is repeated, so that the right one is not waited for long.

    Raises:
        SecretMissingError: none of the secrets is to be had here.
        RefusedError: the device answers, but to none of the credentials.
        UnreachableError: nothing answers.
    """
    endpoint = Endpoint(address, options.port, options.timeout, options.retries)
    candidates = sorted(_candidates(context), key=_place)
    ask = partial(_ask, options, context.trace)
    slot = socket_slots(options.concurrency)
    await slot.acquire()
    try:
        if len(candidates) == 1:
            return await _open(ask, endpoint, candidates[0], slot, options)
        chosen = await _find_credential(ask, endpoint, candidates, options)
        return await _open(ask, endpoint, chosen, slot, options)
    except BaseException:
        slot.release()
        raise


def _candidates(context: CollectorContext) -> list[Candidate]:
    found: list[Candidate] = []
    missing: SecretMissingError | None = None
    for name in context.credentials:
        try:
            secret = context.secrets.get(name)
        except SecretMissingError as error:
            missing = error
            continue
        if isinstance(secret, SnmpCommunity | SnmpUser):
            found.append((name, secret))
        else:
            missing = SecretMissingError(SecretSentence.NOT_FOR_SNMP, name=name)
    if not found:
        raise missing or SecretMissingError(SecretSentence.NO_SNMP_SECRET)
    return found


def _place(candidate: Candidate) -> int:
    secret = candidate[1]
    if isinstance(secret, SnmpUser):
        return 0
    return 2 if secret.version == "1" else 1


async def _find_credential(
    ask: Ask, endpoint: Endpoint, candidates: list[Candidate], options: SnmpOptions
) -> Candidate:
    """Return the first credential that the device answers to, in as few waits as there are."""
    failures: dict[str, DiscoveryError] = {}
    for wait in endpoint.waits():
        once = replace(endpoint, timeout=wait, retries=0)
        for candidate in candidates:
            if isinstance(failures.get(candidate[0]), RefusedError):
                continue
            try:
                client, _ = await ask(once, candidate[1], Budget(options.limits()))
            except DiscoveryError as error:
                failures[candidate[0]] = error
                continue
            client.close()
            return candidate
    raise _verdict(endpoint, list(failures.values()))


async def _open(
    ask: Ask,
    endpoint: Endpoint,
    candidate: Candidate,
    slot: asyncio.Semaphore,
    options: SnmpOptions,
) -> Access:
    name, secret = candidate
    budget = Budget(options.limits())
    try:
        client, probe = await ask(endpoint, secret, budget)
    except DiscoveryError as error:
        raise _verdict(endpoint, [error]) from error
    return Access(client, name, probe, slot, partial(_in_vlan, endpoint, secret, options, budget))


def _in_vlan(
    endpoint: Endpoint,
    secret: SnmpCommunity | SnmpUser,
    options: SnmpOptions,
    whole: Budget,
    vlan: int,
) -> SnmpClient:
    """Return a client, not open yet, for one VLAN: community indexing, or a context of v3."""
    if isinstance(secret, SnmpUser):
        inside = replace(secret, context=f"vlan-{vlan}")
    else:
        inside = replace(secret, community=f"{secret.community}@{vlan}")
    limits = replace(options.limits(), seconds=min(options.seconds, VLAN_SECONDS))
    # A switch that does not know the way is silent, for which once is enough to wait.
    once = replace(endpoint, retries=0)
    return make_client(once, inside, limits, options.engine, Budget(limits, whole))


async def _ask(
    options: SnmpOptions,
    trace: Trace | None,
    endpoint: Endpoint,
    secret: SnmpCommunity | SnmpUser,
    budget: Budget,
) -> tuple[SnmpClient, dict[str, Value]]:
    """Return an open client and the answer to the probe."""
    client = make_client(endpoint, secret, options.limits(), options.engine, budget)
    if trace is not None:
        client = TracingClient(client, trace)
    try:
        await client.open()
        return client, await client.get(PROBE)
    except BaseException:
        client.close()
        raise


def _verdict(endpoint: Endpoint, failures: list[DiscoveryError]) -> DiscoveryError:
    refusals = [one for one in failures if isinstance(one, RefusedError)]
    if refusals:
        return refusals[0]
    telling = [one for one in failures if not isinstance(one, TimeLimitError)]
    if telling:
        return telling[0]
    return UnreachableError(SnmpSentence.SILENT, endpoint=str(endpoint))

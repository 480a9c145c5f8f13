"""Finds the credential that opens a device, in the order of the plan."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from discovery.collectors.base import CollectorContext
from discovery.collectors.snmp.budget import Turn
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
    turn: Turn
    in_vlan: Callable[[int], SnmpClient]

    def close(self) -> None:
        """Give back the socket and the turn."""
        self.client.close()
        self.turn.give_back()


VLAN_SECONDS = 10.0
"""Time for the tables of one VLAN."""

Candidate = tuple[str, SnmpCommunity | SnmpUser]


@dataclass(frozen=True, slots=True)
class _Door:
    """Makes the clients of one device; whatever they ask is part of what the device may cost."""

    endpoint: Endpoint
    options: SnmpOptions
    trace: Trace | None
    budget: Budget

    def client(self, secret: SnmpCommunity | SnmpUser) -> SnmpClient:
        """Return the client, not open yet, that asks the device."""
        return self._client(self.endpoint, secret, self.budget)

    def trying(self, candidate: Candidate, wait: float) -> SnmpClient:
        """Return the client that finds out once whether a secret is right."""
        once = replace(self.endpoint, timeout=wait, retries=0)
        part = Budget(self.budget.limits, self.budget)
        return self._client(once, candidate[1], part, f"secret “{candidate[0]}”")

    def in_vlan(self, secret: SnmpCommunity | SnmpUser, vlan: int) -> SnmpClient:
        """Return the client of one VLAN: community indexing, or a context of v3."""
        if isinstance(secret, SnmpUser):
            inside: SnmpCommunity | SnmpUser = replace(secret, context=f"vlan-{vlan}")
        else:
            inside = replace(secret, community=f"{secret.community}@{vlan}")
        limits = replace(self.budget.limits, seconds=min(self.options.seconds, VLAN_SECONDS))
        # A switch that does not know the way is silent, for which once is enough to wait.
        once = replace(self.endpoint, retries=0)
        return self._client(once, inside, Budget(limits, self.budget), f"VLAN {vlan}")

    def _client(
        self, endpoint: Endpoint, secret: SnmpCommunity | SnmpUser, budget: Budget, way: str = ""
    ) -> SnmpClient:
        client = make_client(endpoint, secret, budget.limits, self.options.engine, budget)
        return client if self.trace is None else TracingClient(client, self.trace, way)


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
    turn = await Turn.take(str(endpoint), options.concurrency)
    try:
        door = _Door(endpoint, options, context.trace, Budget(options.limits()))
        chosen = candidates[0]
        if len(candidates) > 1:
            chosen = await _find_credential(door, candidates)
        return await _open(door, chosen, turn)
    except BaseException:
        turn.give_back()
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


async def _find_credential(door: _Door, candidates: list[Candidate]) -> Candidate:
    """Return the first credential that the device answers to, in as few waits as there are."""
    failures: dict[str, DiscoveryError] = {}
    for wait in door.endpoint.waits():
        for candidate in candidates:
            if isinstance(failures.get(candidate[0]), RefusedError):
                continue
            try:
                client = door.trying(candidate, wait)
                await _ask(client)
            except DiscoveryError as error:
                failures[candidate[0]] = error
                continue
            client.close()
            return candidate
    raise _verdict(door.endpoint, list(failures.values()))


async def _open(door: _Door, candidate: Candidate, turn: Turn) -> Access:
    name, secret = candidate
    try:
        client = door.client(secret)
        probe = await _ask(client)
    except DiscoveryError as error:
        raise _verdict(door.endpoint, [error]) from error
    return Access(client, name, probe, turn, partial(door.in_vlan, secret))


async def _ask(client: SnmpClient) -> dict[str, Value]:
    """Open a client and return the answer to the probe."""
    try:
        await client.open()
        return await client.get(PROBE)
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

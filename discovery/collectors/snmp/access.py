"""Finds the credential that opens a device, in the order of the plan."""

import asyncio
from collections.abc import Coroutine, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

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
from discovery.protocols.snmp.client import SnmpClient
from discovery.protocols.snmp.engines import make_client
from discovery.protocols.snmp.wire import Endpoint, Value
from discovery.secrets import SnmpCommunity, SnmpUser
from schemas.sentences.secrets import SecretSentence
from schemas.sentences.snmp import SnmpSentence

_BURST = 4


@dataclass(frozen=True, slots=True)
class Access:
    """An open client, the name of the secret that opened it and the answer to the probe."""

    client: SnmpClient
    credential: str
    probe: dict[str, Value]
    slot: asyncio.Semaphore

    def close(self) -> None:
        """Give back the socket and its slot."""
        self.client.close()
        self.slot.release()


Candidate = tuple[str, SnmpCommunity | SnmpUser]


async def open_device(address: str, context: CollectorContext, options: SnmpOptions) -> Access:
    """Try the credentials until the device answers the probe.

    Users of v3 come first because a wrong one is answered at once; communities follow a few at a
    time because a wrong one is met with silence; v1 comes last.

    Raises:
        SecretMissingError: none of the secrets is to be had here.
        RefusedError: the device answers, but to none of the credentials.
        UnreachableError: nothing answers.
    """
    endpoint = Endpoint(address, options.port, options.timeout, options.retries)
    failures: list[DiscoveryError] = []
    for burst in _bursts(_candidates(context)):
        tries = [_try(endpoint, candidate, options) for candidate in burst]
        outcome = await _first_success(tries)
        if isinstance(outcome, Access):
            return outcome
        failures.extend(outcome)
    raise _verdict(endpoint, failures)


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


def _bursts(candidates: list[Candidate]) -> list[list[Candidate]]:
    users = [[one] for one in candidates if isinstance(one[1], SnmpUser)]
    bursts = users
    for is_v1 in (False, True):
        same = [one for one in candidates if _is_community(one[1], is_v1=is_v1)]
        bursts += [same[at : at + _BURST] for at in range(0, len(same), _BURST)]
    return bursts


def _is_community(secret: SnmpCommunity | SnmpUser, *, is_v1: bool) -> bool:
    return isinstance(secret, SnmpCommunity) and (secret.version == "1") == is_v1


async def _try(endpoint: Endpoint, candidate: Candidate, options: SnmpOptions) -> Access:
    name, secret = candidate
    slot = socket_slots(options.concurrency)
    await slot.acquire()
    client: SnmpClient | None = None
    try:
        client = make_client(endpoint, secret, options.limits(), options.engine)
        await client.open()
        return Access(client, name, await client.get(PROBE), slot)
    except BaseException:
        if client is not None:
            client.close()
        slot.release()
        raise


async def _first_success(
    tries: Sequence[Coroutine[Any, Any, Access]],
) -> Access | list[DiscoveryError]:
    tasks = [asyncio.ensure_future(one) for one in tries]
    winner: Access | None = None
    try:
        for task in asyncio.as_completed(tasks):
            with suppress(DiscoveryError):
                winner = await task
                return winner
    finally:
        for task in tasks:
            task.cancel()
        outcomes = await asyncio.gather(*tasks, return_exceptions=True)
        for outcome in outcomes:
            if isinstance(outcome, Access) and outcome is not winner:
                outcome.close()
    return [outcome for outcome in outcomes if isinstance(outcome, DiscoveryError)]


def _verdict(endpoint: Endpoint, failures: list[DiscoveryError]) -> DiscoveryError:
    refusals = [one for one in failures if isinstance(one, RefusedError)]
    if refusals:
        return refusals[0]
    telling = [one for one in failures if not isinstance(one, TimeLimitError)]
    if telling:
        return telling[0]
    return UnreachableError(SnmpSentence.SILENT, endpoint=str(endpoint))

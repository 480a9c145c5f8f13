"""Listens at a site without a server: who sends a trap or an inform is looked at, one by one."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from itertools import chain
from uuid import uuid4

from discovery.errors import SecretMissingError
from discovery.notifications import Hearing
from discovery.protocols.snmp.receiver import Receiver
from discovery.ranges import Network, excluded_networks
from discovery.run import run
from discovery.secrets import SecretSource, SnmpCommunity, SnmpUser
from discovery.transport import Sink
from schemas.assignment import Assignment

LOOK_TIME = timedelta(minutes=15)


async def listen(
    assignment: Assignment,
    secrets: SecretSource,
    sink: Sink,
    *,
    address: str,
    port: int,
    ready: Callable[[int], object] = lambda _: None,
) -> None:
    """Listen until cancelled, and look at each sender with what the assignment says.

    Only senders among the addresses and ranges of the assignment are heard; host names in it are
    not, nor are devices behind an address translation.

    Raises:
        OSError: the port cannot be used.
    """
    wanted: asyncio.Queue[str] = asyncio.Queue()
    hearing = Hearing(_Scope(assignment).device_of)

    def want(sender: str) -> None:
        if device := hearing.accept(sender):
            wanted.put_nowait(device)

    receiver = Receiver(_secrets_of(assignment, secrets), hearing.admits, want)
    ready(await receiver.start(address, port))
    try:
        while True:
            alone = _alone(assignment, await wanted.get())
            await asyncio.to_thread(run, alone, secrets, sink, name="listen")
    finally:
        receiver.close()


class _Scope:
    def __init__(self, assignment: Assignment) -> None:
        self._excluded = excluded_networks(assignment.exclusions)
        ranges = tuple(one for one in assignment.targets if "/" in one or _is_address(one))
        self._networks: list[Network] = excluded_networks(ranges)

    def device_of(self, sender: str) -> str | None:
        is_known = _is_in(sender, self._networks) and not _is_in(sender, self._excluded)
        return sender if is_known else None


def _is_in(sender: str, networks: list[Network]) -> bool:
    return any(ip_address(sender) in one for one in networks)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _secrets_of(assignment: Assignment, secrets: SecretSource) -> list[SnmpCommunity | SnmpUser]:
    found: list[SnmpCommunity | SnmpUser] = []
    of_ranges = (assignment.options.get("credentials_by_range") or {}).values()
    for name in dict.fromkeys([*assignment.credentials, *chain.from_iterable(of_ranges)]):
        with suppress(SecretMissingError):
            secret = secrets.get(name)
            if isinstance(secret, SnmpCommunity | SnmpUser):
                found.append(secret)
    return found


def _alone(assignment: Assignment, device: str) -> Assignment:
    options = {name: value for name, value in assignment.options.items() if name != "crawl"}
    deadline = datetime.now(UTC) + LOOK_TIME
    return replace(assignment, id=uuid4(), targets=(device,), options=options, deadline=deadline)

"""Listens at a site without a server: who sends a trap or an inform is looked at, one by one."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from itertools import chain
from uuid import uuid4

from discovery.collectors.snmp.translation import check_translations, inside_address
from discovery.errors import SecretMissingError
from discovery.names import NameBook
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

    Only senders that the assignment names are heard: by the address at which they are reached,
    that is behind an address translation by the outside one, and by that of their host name.

    Raises:
        OSError: the port cannot be used.
        ValidationError: the option `translate` is malformed.
    """
    wanted: asyncio.Queue[str] = asyncio.Queue()
    scope = _Scope(assignment)
    await scope.names.renew()
    hearing = Hearing(scope.device_of)

    def want(sender: str) -> None:
        if device := hearing.accept(sender):
            wanted.put_nowait(device)

    receiver = Receiver(_secrets_of(assignment, secrets), hearing.admits, want)
    ready(await receiver.start(address, port))
    renewing = asyncio.create_task(scope.names.keep_new())
    try:
        while True:
            alone = _alone(assignment, await wanted.get())
            await asyncio.to_thread(run, alone, secrets, sink, name="listen")
    finally:
        renewing.cancel()
        receiver.close()


class _Scope:
    """Who an assignment looks at, by the address from which they send."""

    def __init__(self, assignment: Assignment) -> None:
        self._pairs: dict[str, str] = assignment.options.get("translate") or {}
        check_translations(self._pairs)
        self._excluded = excluded_networks(assignment.exclusions)
        ranges = tuple(one for one in assignment.targets if "/" in one or _is_address(one))
        self._networks: list[Network] = excluded_networks(ranges)
        host_names = set(assignment.targets) - set(ranges)
        self.names = NameBook(lambda: host_names)

    def device_of(self, sender: str) -> str | None:
        """Return the target that sends from an address, None for a stranger."""
        if _is_in(sender, self._excluded):
            return None
        inside = inside_address(sender, self._pairs)
        if inside is not None and _is_in(inside, self._networks):
            return None if _is_in(inside, self._excluded) else inside
        return min(self.names.names_at(sender), default=None)


def _is_in(address: str, networks: list[Network]) -> bool:
    return any(ip_address(address) in one for one in networks)


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

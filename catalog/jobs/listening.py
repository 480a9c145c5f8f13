"""Traps and informs heard by `haus serve`: who sends one is looked at soon, by its own plan."""

import asyncio
import threading
from collections import defaultdict
from collections.abc import Iterator, Mapping
from concurrent.futures import Future
from contextlib import suppress
from uuid import UUID

import structlog
from flask import Flask

from catalog.jobs.workplace import Workplace
from cmdb.kernel.errors import HausError
from cmdb.plans.commands import request_look
from cmdb.plans.senders import ListeningPlan, list_listening_plans
from config.settings import ServerSettings
from discovery.errors import SecretMissingError
from discovery.names import NameBook
from discovery.notifications import Hearing, HearingLimits
from discovery.secrets import SnmpCommunity, SnmpUser

START_SECONDS = 20.0
FLUSH_SECONDS = 2.0
REFRESH_SECONDS = 30.0

log = structlog.get_logger()

Accepted = tuple[SnmpCommunity | SnmpUser, ...]


class NotificationListener:
    """Hears senders that a plan knows and that prove a secret of a plan; asks for looks at them.

    Several senders of one plan share one run. While another run of the plan is under way they
    wait, because it may have passed them already.
    """

    def __init__(
        self, place: Workplace, address: str, port: int, limits: HearingLimits | None = None
    ) -> None:
        self._place = place
        self._where = address, port
        self._plans: list[ListeningPlan] = []
        self._names = NameBook(
            lambda: (name for plan in self._plans for name in plan.scope.host_names)
        )
        self._wanted: defaultdict[UUID, set[str]] = defaultdict(set)
        self._hearing = Hearing(self._known, limits or HearingLimits())
        self._opened: Future[int] = Future()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping: asyncio.Event | None = None
        self._thread = threading.Thread(target=self._run, name="listener", daemon=True)

    @classmethod
    def for_app(cls, app: Flask, settings: ServerSettings) -> "NotificationListener | None":
        """Return the listener of a server, None where the settings name no port."""
        if not settings.notification_port:
            return None
        place = Workplace.for_app(app, settings)
        return cls(place, settings.notification_address, settings.notification_port)

    def start(self) -> int:
        """Open the port and listen in a thread of its own; returns the port.

        Raises:
            OSError: the address or the port cannot be used.
        """
        self._thread.start()
        return self._opened.result(START_SECONDS)

    def stop(self) -> None:
        """Close the port; what was wanted and not yet requested is forgotten."""
        if self._loop is not None and self._stopping is not None:
            with suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._stopping.set)
        if self._thread.is_alive():
            self._thread.join(START_SECONDS)
        log.info("notifications", **self._hearing.counts)

    def _run(self) -> None:
        try:
            asyncio.run(self._listen())
        except BaseException as error:
            if self._opened.done():
                log.exception("listening for notifications ended")
            else:
                self._opened.set_exception(error)

    async def _listen(self) -> None:
        # A server that listens to nothing starts without what it takes.
        from discovery.protocols.snmp.receiver import Receiver

        self._loop, self._stopping = asyncio.get_running_loop(), asyncio.Event()
        accepted = await asyncio.to_thread(self._refresh)
        # Nobody waits for name servers to open the port; some take long to say nothing.
        renewing = asyncio.create_task(self._names.keep_new())
        address, port = self._where
        while not self._stopping.is_set():
            receiver = Receiver(accepted, self._hearing.admits, self._want)
            port = await receiver.start(address, port)
            if not self._opened.done():
                self._opened.set_result(port)
            try:
                accepted = await self._until_secrets_change(accepted)
            finally:
                receiver.close()
        renewing.cancel()

    async def _until_secrets_change(self, accepted: Accepted) -> Accepted:
        assert self._stopping is not None  # noqa: S101 — set where the loop begins
        loop = asyncio.get_running_loop()
        refreshed_at, found = loop.time(), accepted
        while found == accepted and not self._stopping.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), FLUSH_SECONDS)
            taken, self._wanted = self._wanted, defaultdict(set)
            for plan_id, devices in (await asyncio.to_thread(self._request, taken)).items():
                self._wanted[plan_id] |= devices
            if loop.time() - refreshed_at >= REFRESH_SECONDS:
                found, refreshed_at = await asyncio.to_thread(self._refresh), loop.time()
        return found

    def _refresh(self) -> Accepted:
        """Learn the plans anew and return the secrets of theirs that are to be had here."""
        with self._place.session_factory() as session:
            self._plans = list_listening_plans(session, self._place.actor)
        found: dict[str, SnmpCommunity | SnmpUser] = {}
        for name in sorted({name for plan in self._plans for name in plan.credentials}):
            with suppress(SecretMissingError):
                secret = self._place.secrets.get(name)
                if isinstance(secret, SnmpCommunity | SnmpUser):
                    found[name] = secret
        return tuple(found.values())

    def _known(self, sender: str) -> str | None:
        return sender if any(self._devices_of(sender)) else None

    def _devices_of(self, sender: str) -> Iterator[tuple[UUID, str]]:
        """Yield by which plan a sender is known, and how the plan calls it."""
        names = self._names.names_at(sender)
        for plan in self._plans:
            if device := plan.device_of(sender, names):
                yield plan.id, device

    def _want(self, sender: str) -> None:
        if self._hearing.accept(sender) is None:
            return
        for plan_id, device in self._devices_of(sender):
            self._wanted[plan_id].add(device)
        log.info("notification heard", sender=sender)

    def _request(self, wanted: Mapping[UUID, set[str]]) -> dict[UUID, set[str]]:
        """Ask for the looks that are wanted; returns what cannot be begun now."""
        waiting: dict[UUID, set[str]] = {}
        for plan_id, devices in wanted.items():
            try:
                with self._place.transaction() as session:
                    run = request_look(session, self._place.actor, plan_id, devices)
            except HausError as error:
                # The plan was paused, changed or deleted meanwhile.
                log.info("no look at a sender", plan=str(plan_id), reason=error.code)
            except Exception:
                log.exception("asking for a look failed", plan=str(plan_id))
                waiting[plan_id] = devices
            else:
                if run is None:
                    waiting[plan_id] = devices
        return waiting

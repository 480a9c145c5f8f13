"""The embedded carrier: a ticker thread and a few worker threads inside `haus serve`."""

import os
import socket
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import structlog
from flask import Flask
from sqlalchemy import event
from sqlalchemy.orm import Session, object_session

from catalog.jobs.carrying import Worker, carry_next
from catalog.jobs.ticks import forget, tick
from catalog.jobs.workplace import Workplace
from cmdb.kernel.clock import now
from cmdb.kernel.events import EventRecord
from cmdb.plans.leases import list_workers, release_worker
from config.settings import ServerSettings

HOUR = timedelta(hours=1)
IDLE_SECONDS = 5.0
"""How long a worker that found nothing waits, if nobody wakes it."""
STOP_SECONDS = 20.0

log = structlog.get_logger()


class EmbeddedCarrier:
    """Works off assignments in threads of this process; a second process beside it does no harm."""

    def __init__(self, place: Workplace, *, workers: int, tick_seconds: float) -> None:
        self._place = place
        self._tick_seconds = tick_seconds
        self._stopping = threading.Event()
        self._work = threading.Condition()
        self._rounds = 0
        self._threads = [threading.Thread(target=self._keep_ticking, name="ticker", daemon=True)]
        self._threads += [
            threading.Thread(target=self._keep_working, args=(number,), name=f"worker-{number}")
            for number in range(1, workers + 1)
        ]
        for thread in self._threads:
            thread.daemon = True

    @classmethod
    def for_app(cls, app: Flask, settings: ServerSettings) -> "EmbeddedCarrier":
        """Return a carrier that works with the database and the settings of an app."""
        place = Workplace.for_app(app, settings)
        return cls(place, workers=settings.discovery_workers, tick_seconds=settings.tick_seconds)

    def start(self) -> None:
        """Take over what dead workers of this machine have left, and begin to work."""
        self._take_over()
        event.listen(EventRecord, "after_insert", _note_request)
        event.listen(Session, "after_commit", self._wake_on_request)
        for thread in self._threads:
            thread.start()

    def wake(self) -> None:
        """Let idle workers look for work now."""
        with self._work:
            self._rounds += 1
            self._work.notify_all()

    def stop(self) -> None:
        """Stop gently: workers hand back what they have begun."""
        self._stopping.set()
        self.wake()
        if event.contains(Session, "after_commit", self._wake_on_request):
            event.remove(Session, "after_commit", self._wake_on_request)
            event.remove(EventRecord, "after_insert", _note_request)
        for thread in self._threads:
            if thread.is_alive():
                thread.join(STOP_SECONDS)

    def _wake_on_request(self, session: Session) -> None:
        if session.info.pop(_REQUESTED, False):
            self.wake()

    def _take_over(self) -> None:
        with self._place.transaction() as session:
            for name in list_workers(session, self._place.actor):
                if is_dead(name):
                    count = release_worker(session, self._place.actor, name, at=now())
                    log.info("taken over from a dead worker", worker=name, assignments=count)

    def _keep_ticking(self) -> None:
        forgotten_at = now() - HOUR
        while not self._stopping.is_set():
            at = now()
            if _is_done("tick", lambda at=at: tick(self._place, at=at)):
                self.wake()
            if at - forgotten_at >= HOUR:
                forgotten_at = at
                _is_done("retention", lambda at=at: bool(forget(self._place, at=at)))
            self._stopping.wait(self._tick_seconds)

    def _keep_working(self, number: int) -> None:
        worker = Worker(worker_name(number), self._stopping.is_set)
        while not self._stopping.is_set():
            seen = self._rounds
            if not _is_done("work", lambda: carry_next(self._place, worker)):
                self._wait_for_work(seen)

    def _wait_for_work(self, seen: int) -> None:
        with self._work:
            # A call to wake that came while we looked is not slept through.
            if self._rounds == seen and not self._stopping.is_set():
                self._work.wait(IDLE_SECONDS)


def worker_name(number: int) -> str:
    """Return a name that no worker of another process has."""
    return f"{socket.gethostname()}/{os.getpid()}/{number}"


def is_dead(name: str) -> bool:
    """Tell whether a worker ran on this machine and its process is gone, or is this new one."""
    host, _, rest = name.rpartition("/")[0].rpartition("/")
    if host != socket.gethostname() or not rest.isdigit():
        return False
    process = int(rest)
    if process == os.getpid():
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


_REQUESTED = "haus.run_requested"


def _note_request(_mapper: Any, _connection: Any, row: EventRecord) -> None:
    session = object_session(row)
    if session is not None and row.kind == "run_requested":
        session.info[_REQUESTED] = True


def _is_done(what: str, act: Callable[[], bool]) -> bool:
    """Do something that must not end its thread when it fails."""
    try:
        return act()
    except Exception:
        log.exception("background work failed", what=what)
        return False

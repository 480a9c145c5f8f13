"""Packs documents into envelopes and hands them over while the collection goes on."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import orjson

from discovery.transport import Sink
from schemas.assignment import Assignment
from schemas.observation import Document, Envelope, TargetReport

MAX_ENVELOPE_DOCUMENTS = 100
MAX_ENVELOPE_REPORTS = 500
MAX_ENVELOPE_SIZE = 2_000_000
MAX_AGE_SECONDS = 1.0
_WAITING_ENVELOPES = 2


class Outbox:
    """Collects on the event loop, submits in one thread of its own.

    An envelope leaves when it is full or a second old. When the sink is slower than the devices,
    `add` waits: nothing piles up.
    """

    def __init__(self, assignment: Assignment, collector: str, sink: Sink) -> None:
        self._assignment = assignment
        self._collector = collector
        self._sink = sink
        self._queue: asyncio.Queue[Envelope | None] = asyncio.Queue(_WAITING_ENVELOPES)
        self._lock = asyncio.Lock()
        self._documents: list[Document] = []
        self._reports: list[TargetReport] = []
        self._size = 0
        self._sequence = 0

    @property
    def envelopes(self) -> int:
        """How many envelopes have been closed so far."""
        return self._sequence

    async def add(self, item: Document | TargetReport) -> None:
        """Take a document or a report."""
        # While one waits with a full envelope, nobody else begins the next.
        async with self._lock:
            if isinstance(item, Document):
                self._documents.append(item)
                self._size += len(orjson.dumps(item.sections, option=orjson.OPT_NON_STR_KEYS))
            else:
                self._reports.append(item)
            if self._is_full():
                await self._queue.put(self._close())

    def _is_full(self) -> bool:
        return (
            len(self._documents) >= MAX_ENVELOPE_DOCUMENTS
            or len(self._reports) >= MAX_ENVELOPE_REPORTS
            or self._size >= MAX_ENVELOPE_SIZE
        )

    async def finish(self) -> None:
        """Close the last envelope, which says that nothing follows."""
        await self._queue.put(self._close(is_last=True))
        await self._queue.put(None)

    async def deliver(self) -> None:
        """Submit envelopes until the last one is safe at the other side."""
        loop = asyncio.get_running_loop()
        with ThreadPoolExecutor(1, thread_name_prefix="sink") as thread:
            while True:
                envelope = await self._next()
                if envelope is None:
                    return
                await loop.run_in_executor(thread, self._sink.submit, envelope)

    async def _next(self) -> Envelope | None:
        while True:
            try:
                async with asyncio.timeout(MAX_AGE_SECONDS):
                    return await self._queue.get()
            except TimeoutError:
                if self._documents or self._reports:
                    return self._close()

    def _close(self, *, is_last: bool = False) -> Envelope:
        envelope = Envelope(
            assignment_id=self._assignment.id,
            run_id=self._assignment.run_id,
            collector=self._collector,
            sequence=self._sequence,
            is_last=is_last,
            documents=self._documents,
            reports=self._reports,
        )
        self._documents, self._reports, self._size = [], [], 0
        self._sequence += 1
        return envelope

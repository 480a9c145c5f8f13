"""Carries out one assignment: targets in, envelopes out; the one door to all collectors."""

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from discovery.collectors.base import Collector, CollectorContext
from discovery.collectors.registry import get_collector
from discovery.crawling import Crawl, CrawlLimits
from discovery.errors import DiscoveryError, OutOfScopeError, TooMuchError
from discovery.names import resolve
from discovery.outbox import Outbox
from discovery.pacing import SubnetPace, mix_subnets
from discovery.ranges import excluded_networks, is_excluded
from discovery.secrets import SecretSource
from discovery.transport import Sink
from schemas.assignment import Assignment
from schemas.messages import say
from schemas.observation import Document, Problem, TargetReport
from schemas.sentences.run import RunSentence
from schemas.vocabulary import ProblemCode, Protocol, Step

MAX_SINGLE_TARGETS = 262_144
DEFAULT_CONCURRENCY = 64
_POLL_SECONDS = 0.2
_GRACE_SECONDS = 10.0

# Collectors whose single targets are addresses or host names; the others look elsewhere.
_ADDRESSED = frozenset({Protocol.SNMP})

_TOO_LATE = Problem.of(ProblemCode.TIMEOUT, [say(RunSentence.TOO_LATE)])
_CANCELLED = Problem.of(ProblemCode.INCOMPLETE, [say(RunSentence.CANCELLED)])

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run has come: single targets, those looked at, documents, problems."""

    targets: int
    looked_at: int
    documents: int
    problems: int


@dataclass(frozen=True, slots=True)
class RunSummary:
    """What became of an assignment.

    Attributes:
        progress: the last progress.
        envelopes: how many were submitted.
        problems: how many targets met which problem.
        stopped_by: why it ended early; None when every target was looked at.
    """

    progress: Progress
    envelopes: int
    problems: dict[ProblemCode, int]
    stopped_by: ProblemCode | None = None


def run(  # noqa: PLR0913 — one call says everything a carrier can want
    assignment: Assignment,
    secrets: SecretSource,
    sink: Sink,
    *,
    progress: Callable[[Progress], object] | None = None,
    is_cancelled: Callable[[], bool] | None = None,
    collector: Collector | None = None,
    name: str = "embedded",
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> RunSummary:
    """Look at all targets of an assignment and submit what they show.

    Blocks until the last envelope is submitted. A target that fails becomes a report; when the
    deadline comes or somebody cancels, what is there is submitted and every unfinished target of
    the assignment gets a report that says so.

    Raises:
        marshmallow.ValidationError: an option of the plan is wrong.
        MalformedError: an exclusion of the plan is neither an address nor a range.
        LookupError: there is no such collector.
        Exception: whatever the sink raises; then the assignment is not finished.
    """
    chosen = collector or get_collector(assignment.protocol)
    options = chosen.check_options(assignment.options)
    context = CollectorContext(secrets, assignment.credentials, options, now)
    outbox = Outbox(assignment, name, sink)
    work = _Work(assignment, chosen, context, outbox, progress or (lambda _: None))
    return asyncio.run(_carry_out(work, outbox, is_cancelled))


class _Work:
    """The targets of one assignment and how far they have come."""

    def __init__(
        self,
        assignment: Assignment,
        collector: Collector,
        context: CollectorContext,
        outbox: Outbox,
        tell: Callable[[Progress], object],
    ) -> None:
        self.assignment = assignment
        self.context = context
        self.stopped_by: Problem | None = None
        self.problems: Counter[ProblemCode] = Counter()
        self._collector = collector
        self._outbox = outbox
        self._tell = tell
        self._forbidden = excluded_networks(assignment.exclusions)
        self._singles: list[tuple[str, str]] = []
        self._open: Counter[str] = Counter()
        self._targets = self._looked_at = self._documents = 0
        crawl = CrawlLimits(**context.options.get("crawl") or {})
        self._crawl = Crawl(crawl, assignment.exclusions)

    @property
    def progress(self) -> Progress:
        """How far the run has come."""
        return Progress(self._targets, self._looked_at, self._documents, self.problems.total())

    async def collect(self) -> None:
        """Look at every single target, so many at a time, then at neighbours where wanted."""
        self._tell(self.progress)
        pace = SubnetPace(self.assignment.rate, self.context.options.get("subnet_rate"))
        await self._look_at_all(self._singles, pace)
        while found := self._crawl.next_hop():
            self._open.update(found)
            self._targets += len(found)
            await self._look_at_all(mix_subnets([(one, one) for one in found]), pace)
        if self._crawl.left_out:
            await self._report_left_out()

    async def _look_at_all(self, singles: list[tuple[str, str]], pace: SubnetPace) -> None:
        concurrency = self.context.options.get("concurrency", DEFAULT_CONCURRENCY)
        remaining = iter(singles)
        async with asyncio.TaskGroup() as group:
            for _ in range(min(concurrency, len(singles))):
                group.create_task(self._work_off(remaining, pace))

    async def _report_left_out(self) -> None:
        limits, count = self._crawl.limits, self._crawl.left_out
        error = TooMuchError(RunSentence.CRAWL_FULL, count=count, limit=limits.devices)
        await self._report(TargetReport(limits.ranges[0], Step.ASKED, error.as_problem()))

    async def expand(self) -> None:
        """Find the single targets, each once, with the target of the assignment that led to it."""
        singles: dict[str, str] = {}
        for target in self.assignment.targets:
            try:
                expanded = self._collector.expand(target, self.assignment.exclusions)
                if len(singles) + len(expanded) > MAX_SINGLE_TARGETS:
                    raise TooMuchError(
                        RunSentence.LEFT_OUT, limit=MAX_SINGLE_TARGETS, target=target
                    )
            except DiscoveryError as error:
                await self._report(TargetReport(target, Step.ASKED, error.as_problem()))
                continue
            if not expanded:
                error = OutOfScopeError(RunSentence.ALL_EXCLUDED, target=target)
                await self._report(TargetReport(target, Step.ASKED, error.as_problem()))
            for single in expanded:
                singles.setdefault(single, target)
        self._open.update(singles.values())
        self._targets = len(singles)
        self._singles = mix_subnets(list(singles.items()))
        self._crawl.know(singles)

    async def _work_off(self, remaining: Iterator[tuple[str, str]], pace: SubnetPace) -> None:
        for single, target in remaining:
            await self._look_at(single, pace)
            self._open[target] -= 1
            self._looked_at += 1
            self._tell(self.progress)

    async def _look_at(self, single: str, pace: SubnetPace) -> None:
        try:
            address = await self._address_of(single)
            await pace.wait(address)
            self._crawl.know([address])
            stream = self._collector.collect(address, self.context)
            try:
                async for item in stream:
                    # The document is about the address, its target stays the name in the plan.
                    await self._take(item if address == single else replace(item, target=single))
            finally:
                # Else a cancelled look keeps its connection until the garbage is collected.
                if isinstance(stream, AsyncGenerator):
                    await stream.aclose()
        except DiscoveryError as error:
            await self._report(TargetReport(single, Step.ASKED, error.as_problem()))
        except Exception as error:  # noqa: BLE001 — logged, and reported for this target
            # One device that trips the collector must not cost the others their turn.
            _log.exception("The collector failed at %s", single)
            told = say(RunSentence.COLLECTOR_FAILED, error=type(error).__name__)
            problem = Problem.of(ProblemCode.INCOMPLETE, [told])
            await self._report(TargetReport(single, Step.ASKED, problem))

    async def _address_of(self, single: str) -> str:
        if self.assignment.protocol not in _ADDRESSED:
            return single
        address = await resolve(single)
        if is_excluded(address, self._forbidden):
            raise OutOfScopeError(RunSentence.ADDRESS_EXCLUDED, target=single, address=address)
        return address

    async def _take(self, item: Document | TargetReport) -> None:
        if isinstance(item, Document):
            self._documents += 1
            self._crawl.note(item)
            await self._outbox.add(item)
        elif item.problem or item.documents != 1 or self.assignment.protocol not in _ADDRESSED:
            # The one document of a device already says that its target was reached.
            await self._report(item)

    async def _report(self, report: TargetReport) -> None:
        if report.problem is not None:
            self.problems[report.problem.code] += 1
        await self._outbox.add(report)

    async def close(self, stopped_by: Problem | None) -> None:
        """Report every target of the assignment that was not looked at to its end."""
        self.stopped_by = stopped_by
        if stopped_by is None:
            return
        for target, count in sorted(self._open.items()):
            if count:
                rest = say(RunSentence.NOT_LOOKED_AT, count=count)
                problem = Problem.of(stopped_by.code, [*stopped_by.messages, rest])
                await self._report(TargetReport(target, Step.ASKED, problem))


async def _carry_out(
    work: _Work, outbox: Outbox, is_cancelled: Callable[[], bool] | None
) -> RunSummary:
    delivery = asyncio.create_task(outbox.deliver())
    collection = asyncio.create_task(_collect(work, outbox, is_cancelled))
    try:
        await asyncio.wait({delivery, collection}, return_when=asyncio.FIRST_COMPLETED)
        if delivery.done():
            # Before the collection has ended only a failing sink can end the delivery.
            delivery.result()
        await collection
        await delivery
    finally:
        collection.cancel()
        delivery.cancel()
        await asyncio.gather(collection, delivery, return_exceptions=True)
    return RunSummary(
        progress=work.progress,
        envelopes=outbox.envelopes,
        problems=dict(work.problems),
        stopped_by=work.stopped_by.code if work.stopped_by else None,
    )


async def _collect(work: _Work, outbox: Outbox, is_cancelled: Callable[[], bool] | None) -> None:
    await work.expand()
    await work.close(await _look_until_stopped(work, is_cancelled))
    await outbox.finish()


async def _look_until_stopped(
    work: _Work, is_cancelled: Callable[[], bool] | None
) -> Problem | None:
    """Look at the targets; return why that ended early, None where it did not."""
    left = (work.assignment.deadline - work.context.now()).total_seconds()
    if left <= 0:
        return _TOO_LATE
    # What has been collected must arrive while the lease still holds.
    seconds = left - min(_GRACE_SECONDS, left / 10)
    looking = asyncio.create_task(work.collect())
    watching = asyncio.create_task(_watch(seconds, is_cancelled))
    try:
        await asyncio.wait({looking, watching}, return_when=asyncio.FIRST_COMPLETED)
        if looking.done():
            looking.result()
            return None
        return watching.result()
    finally:
        looking.cancel()
        watching.cancel()
        await asyncio.gather(looking, watching, return_exceptions=True)


async def _watch(seconds: float, is_cancelled: Callable[[], bool] | None) -> Problem:
    """Return why the run must stop, as soon as it must."""
    loop = asyncio.get_running_loop()
    ends_at = loop.time() + seconds
    while (left := ends_at - loop.time()) > 0:
        if is_cancelled is not None and await asyncio.to_thread(is_cancelled):
            return _CANCELLED
        await asyncio.sleep(left if is_cancelled is None else min(_POLL_SECONDS, left))
    return _TOO_LATE

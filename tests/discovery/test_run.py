"""What `run` makes of an assignment: envelopes, order, limits, an end in every case."""

import asyncio
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

import marshmallow
import pytest

from discovery import outbox
from discovery.errors import MalformedError, RefusedError
from discovery.outbox import MAX_ENVELOPE_DOCUMENTS
from discovery.ranges import expand_range
from discovery.run import Progress, run
from discovery.transport.local import LocalSink, MemorySink
from schemas.assignment import Assignment
from schemas.envelope import load_envelope
from schemas.observation import Document, TargetReport, dump_envelope
from schemas.sentences.snmp import SnmpSentence
from schemas.vocabulary import ProblemCode, Protocol, Section, Source, Step, SubjectKind

NOW = datetime(2026, 3, 1, tzinfo=UTC)


class NoSecrets:
    def get(self, name):
        raise AssertionError(name)


def assignment(*targets: str, **changes) -> Assignment:
    values = {
        "id": UUID(int=1),
        "run_id": UUID(int=2),
        "partner": "ebikon",
        "protocol": Protocol.SNMP,
        "targets": targets,
        "deadline": NOW + timedelta(minutes=5),
    }
    return Assignment(**values | changes)


@dataclass
class FakeCollector:
    """Gives one document per target, unless the test says otherwise; counts who is inside."""

    name: str = "fake"
    concurrency: int = 8
    size: int = 10
    asked: list[str] = field(default_factory=list)
    most_at_once: int = 0
    at_once: int = 0

    def check_options(self, options):
        if options.get("wrong"):
            raise marshmallow.ValidationError({"wrong": ["Unknown field."]})
        return {"concurrency": self.concurrency} | options

    def expand(self, target, exclusions):
        return expand_range(target, exclusions)

    async def collect(self, target, context):
        self.asked.append(target)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            async for item in self.answer(target):
                yield item
        finally:
            self.at_once -= 1

    async def answer(self, target):
        await asyncio.sleep(0)
        yield self.document(target)
        yield TargetReport(target, Step.AUTHENTICATED, documents=1)

    def document(self, target) -> Document:
        system = {"sys_descr": "x" * self.size}
        sections = {Section.SYSTEM: system}
        return Document(SubjectKind.DEVICE, target, target, Source.SNMP, NOW, sections)


def carry_out(collector, *targets, sink=None, options=None, **changes):
    sink = sink if sink is not None else MemorySink()
    keywords = options or {}
    summary = run(
        assignment(*targets, **changes),
        NoSecrets(),
        sink,
        collector=collector,
        now=lambda: NOW,
        **keywords,
    )
    return summary, sink


def test_every_target_of_a_range_gives_its_document_once():
    summary, sink = carry_out(FakeCollector(), "10.0.0.0/28", "10.0.0.1", "10.0.0.3")
    keys = sorted(document.key for document in sink.documents)
    assert keys == sorted(f"10.0.0.{number}" for number in range(1, 15))
    assert summary.progress == Progress(targets=14, looked_at=14, documents=14, problems=0)
    assert (summary.stopped_by, summary.problems) == (None, {})


def test_envelopes_are_numbered_bounded_and_the_last_one_says_so():
    summary, sink = carry_out(FakeCollector(), "10.0.0.0/23")
    assert [envelope.sequence for envelope in sink.envelopes] == list(range(len(sink.envelopes)))
    assert [e.is_last for e in sink.envelopes] == [False] * (len(sink.envelopes) - 1) + [True]
    assert {len(e.documents) for e in sink.envelopes[:-1]} == {MAX_ENVELOPE_DOCUMENTS}
    assert summary.envelopes == len(sink.envelopes) == 6
    for envelope in sink.envelopes:
        assert load_envelope(dump_envelope(envelope)) == envelope


def test_large_documents_make_smaller_envelopes():
    _, sink = carry_out(FakeCollector(size=500_000), "10.0.0.0/27")
    assert max(len(envelope.documents) for envelope in sink.envelopes) == 4


def test_a_trickle_of_documents_is_not_kept_back(monkeypatch):
    monkeypatch.setattr(outbox, "MAX_AGE_SECONDS", 0.01)
    first_arrived = threading.Event()

    class Slow(FakeCollector):
        async def answer(self, target):
            if target != "10.0.0.1":
                await asyncio.to_thread(first_arrived.wait, 5)
            yield self.document(target)
            yield TargetReport(target, Step.AUTHENTICATED, documents=1)

    sink = MemorySink()
    deliver = LocalSink(lambda envelope: (sink.submit(envelope), first_arrived.set()))
    carry_out(Slow(), "10.0.0.1", "10.0.0.2", sink=deliver)
    assert [document.key for document in sink.envelopes[0].documents] == ["10.0.0.1"]
    assert not sink.envelopes[0].is_last


def test_never_more_targets_at_once_than_the_plan_allows():
    collector = FakeCollector(concurrency=5)
    carry_out(collector, "10.0.0.0/24")
    assert collector.most_at_once == 5


def test_a_sweep_of_65536_addresses_stays_within_its_budget_of_sockets():
    collector = FakeCollector(concurrency=64)
    summary, _ = carry_out(collector, "10.0.0.0/16", sink=LocalSink(lambda _: None))
    assert summary.progress.looked_at == 65_534
    assert collector.most_at_once == 64


def test_excluded_addresses_are_never_asked():
    collector = FakeCollector()
    carry_out(collector, "10.0.0.0/29", exclusions=("10.0.0.2", "10.0.0.4/31"))
    assert sorted(collector.asked) == ["10.0.0.1", "10.0.0.3", "10.0.0.6"]


def test_a_name_that_leads_to_an_excluded_address_is_out_of_scope():
    collector = FakeCollector()
    _, sink = carry_out(collector, "localhost", exclusions=("127.0.0.0/8", "::1"))
    assert collector.asked == []
    (report,) = sink.reports
    assert report.problem.code is ProblemCode.OUT_OF_SCOPE
    assert "127.0.0.1" in report.problem.message


def test_a_range_that_is_excluded_as_a_whole_is_out_of_scope():
    _, sink = carry_out(FakeCollector(), "10.0.0.0/30", exclusions=("10.0.0.0/8",))
    assert [report.problem.code for report in sink.reports] == [ProblemCode.OUT_OF_SCOPE]


def test_a_document_keeps_the_name_by_which_the_plan_calls_its_target():
    _, sink = carry_out(FakeCollector(), "localhost")
    (document,) = sink.documents
    assert (document.target, document.key) == ("localhost", "127.0.0.1")


def test_a_name_without_address_is_unresolved():
    _, sink = carry_out(FakeCollector(), "nowhere.invalid")
    (report,) = sink.reports
    assert (report.step, report.problem.code) == (Step.ASKED, ProblemCode.UNRESOLVED)
    assert "nowhere.invalid" in report.problem.message


@pytest.mark.parametrize(
    ("target", "code"),
    [
        ("10.0.0.0/33", ProblemCode.MALFORMED),
        ("10.0.0.300", ProblemCode.MALFORMED),
        ("10.0.0.0/8", ProblemCode.TOO_MUCH),
        ("two words", ProblemCode.MALFORMED),
    ],
)
def test_a_target_that_cannot_be_is_reported_and_the_others_are_looked_at(target, code):
    _, sink = carry_out(FakeCollector(), target, "10.0.0.1")
    assert [(report.target, report.problem.code) for report in sink.reports] == [(target, code)]
    assert [document.key for document in sink.documents] == ["10.0.0.1"]


def test_a_collector_that_fails_at_one_target_goes_on_with_the_others():
    class Failing(FakeCollector):
        async def answer(self, target):
            if target == "10.0.0.1":
                raise KeyError("a value that must not be told")
            async for item in super().answer(target):
                yield item

    summary, sink = carry_out(Failing(), "10.0.0.0/29")
    (report,) = sink.reports
    assert (report.target, report.problem.code) == ("10.0.0.1", ProblemCode.INCOMPLETE)
    assert "KeyError" in report.problem.message
    assert "must not be told" not in report.problem.message
    assert len(sink.documents) == 5
    assert summary.progress.looked_at == 6


def test_reports_are_passed_on_unless_the_document_says_everything():
    refusal = RefusedError(SnmpSentence.NO_ANSWER, endpoint="10.0.0.1")

    class Mixed(FakeCollector):
        async def answer(self, target):
            if target == "10.0.0.1":
                yield TargetReport(target, Step.REACHED, refusal.as_problem())
            else:
                yield self.document(target)
                yield TargetReport(target, Step.AUTHENTICATED, documents=1)

    summary, sink = carry_out(Mixed(), "10.0.0.1", "10.0.0.2")
    assert [report.target for report in sink.reports] == ["10.0.0.1"]
    assert summary.problems == {ProblemCode.REFUSED: 1}


def test_the_report_of_a_directory_is_always_passed_on():
    class Directory(FakeCollector):
        def expand(self, target, exclusions):
            return [target]

    _, sink = carry_out(Directory(), "dc=example,dc=ch", protocol=Protocol.LDAP)
    assert [report.documents for report in sink.reports] == [1]
    assert sink.documents[0].key == "dc=example,dc=ch"


def test_a_cancelled_run_hands_in_what_it_has_and_says_what_it_has_not():
    seen = threading.Event()

    class Endless(FakeCollector):
        async def answer(self, target):
            if target != "10.0.0.1":
                await asyncio.Event().wait()
            yield self.document(target)

    def progress(state):
        if state.looked_at:
            seen.set()

    collector = Endless()
    options = {"is_cancelled": seen.is_set, "progress": progress}
    summary, sink = carry_out(collector, "10.0.0.0/28", options=options)
    assert [document.key for document in sink.documents] == ["10.0.0.1"]
    assert summary.stopped_by is ProblemCode.INCOMPLETE
    (report,) = sink.reports
    assert (report.target, report.step) == ("10.0.0.0/28", Step.ASKED)
    assert "cancelled" in report.problem.message
    assert "13" in report.problem.message
    assert sink.envelopes[-1].is_last
    assert collector.at_once == 0


def test_the_deadline_ends_a_run_in_time():
    class Endless(FakeCollector):
        async def answer(self, target):
            await asyncio.Event().wait()
            yield self.document(target)

    soon = NOW + timedelta(seconds=0.1)
    summary, sink = carry_out(Endless(), "10.0.0.1", "10.0.0.2", deadline=soon)
    assert summary.stopped_by is ProblemCode.TIMEOUT
    assert [report.problem.code for report in sink.reports] == [ProblemCode.TIMEOUT] * 2
    assert sink.envelopes[-1].is_last


def test_a_deadline_that_has_passed_asks_nobody():
    collector = FakeCollector()
    summary, sink = carry_out(collector, "10.0.0.1", deadline=NOW - timedelta(seconds=1))
    assert summary.stopped_by is ProblemCode.TIMEOUT
    assert sink.documents == []


def test_a_sink_that_fails_ends_the_run_with_its_error():
    def refuse(envelope):
        raise ConnectionError("the intake is closed")

    with pytest.raises(ConnectionError, match="the intake is closed"):
        carry_out(FakeCollector(), "10.0.0.0/22", sink=LocalSink(refuse))


def test_a_slow_sink_holds_the_collection_back():
    release, waiting = threading.Event(), threading.Event()
    collector = FakeCollector()

    def slow(envelope):
        waiting.set()
        release.wait(5)

    thread = threading.Thread(
        target=carry_out, args=(collector, "10.0.0.0/20"), kwargs={"sink": LocalSink(slow)}
    )
    thread.start()
    waiting.wait(5)
    # One envelope is being submitted, two wait, one is full; each worker holds one document more.
    release_at = len(collector.asked)
    release.set()
    thread.join()
    assert release_at <= 4 * MAX_ENVELOPE_DOCUMENTS + collector.concurrency
    assert len(collector.asked) == 4094


def test_wrong_options_are_told_before_anything_is_asked():
    collector = FakeCollector()
    with pytest.raises(marshmallow.ValidationError):
        run(
            assignment("10.0.0.1", options={"wrong": 1}),
            NoSecrets(),
            MemorySink(),
            collector=collector,
        )
    assert collector.asked == []


def test_a_wrong_exclusion_is_told_before_anything_is_asked():
    collector = FakeCollector()
    with pytest.raises(MalformedError, match=r"10\.0\.0\.0/99"):
        carry_out(collector, "10.0.0.1", exclusions=("10.0.0.0/99",))
    assert collector.asked == []


def test_there_must_be_a_collector_for_the_protocol():
    with pytest.raises(LookupError, match="telnet"):
        run(assignment("10.0.0.1", protocol="telnet"), NoSecrets(), MemorySink())

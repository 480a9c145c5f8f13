"""A run follows neighbours where its plan says so, each once, and never out of its ranges."""

from hypothesis import given
from hypothesis import strategies as st

from discovery.crawling import Crawl, CrawlLimits
from discovery.ranges import excluded_networks, is_excluded
from schemas.observation import Document
from schemas.vocabulary import ProblemCode, Section, Source, SubjectKind
from tests.discovery.test_run import NOW, FakeCollector, carry_out

RANGES = ["10.0.0.0/16"]


class Cabled(FakeCollector):
    """Devices that tell their neighbours, and further addresses of their own."""

    def __init__(self, cables, own=()):
        super().__init__()
        self.cables = cables
        self.own = dict(own)

    def document(self, target):
        neighbours = [
            {"protocol": "lldp", "remote_address": a} for a in self.cables.get(target, ())
        ]
        addresses = [{"address": address} for address in self.own.get(target, ())]
        sections = {Section.NEIGHBOURS: neighbours, Section.ADDRESSES: addresses}
        return Document(SubjectKind.DEVICE, target, target, Source.SNMP, NOW, sections)


CHAIN = {f"10.0.0.{n}": [f"10.0.0.{n - 1}", f"10.0.0.{n + 1}"] for n in range(1, 10)}


def asked(cables, *targets, own=(), exclusions=(), options=None):
    """Return what was asked, the summary and the sink of a run."""
    collector = Cabled(cables, own)
    collector.check_options = lambda _: {"concurrency": 8} | (options or {})
    summary, sink = carry_out(collector, *targets, exclusions=exclusions)
    return collector.asked, summary, sink


def following(**limits):
    return {"crawl": {"ranges": RANGES} | limits}


def test_without_the_option_no_neighbour_is_followed():
    found, summary, _ = asked(CHAIN, "10.0.0.1")
    assert found == ["10.0.0.1"]
    assert summary.progress.targets == 1


def test_neighbours_are_followed_so_many_hops_and_each_is_met_once():
    found, summary, sink = asked(CHAIN, "10.0.0.5", options=following(hops=2))
    assert sorted(found) == [f"10.0.0.{n}" for n in range(3, 8)]
    assert summary.progress.targets == summary.progress.looked_at == 5
    assert sorted(document.target for document in sink.documents) == sorted(found)


def test_a_ring_comes_to_an_end():
    ring = {f"10.0.0.{n}": [f"10.0.0.{n % 4 + 1}"] for n in range(1, 5)}
    found, _, _ = asked(ring, "10.0.0.1", options=following(hops=8))
    assert sorted(found) == [f"10.0.0.{n}" for n in range(1, 5)]


def test_addresses_out_of_the_ranges_and_excluded_ones_are_never_asked():
    cables = {
        "10.0.0.1": ["10.1.0.1", "10.0.0.2", "192.0.2.1", "fe80::1", "10.0.0.3", "no address"]
    }
    found, _, _ = asked(cables, "10.0.0.1", exclusions=("10.0.0.2",), options=following())
    assert found == ["10.0.0.1", "10.0.0.3"]


def test_an_excluded_neighbour_is_not_asked_by_its_address_written_as_ipv6():
    cables = {"10.0.0.1": ["::ffff:10.0.0.2", "::ffff:10.0.0.3", "::ffff:192.0.2.1"]}
    found, _, _ = asked(cables, "10.0.0.1", exclusions=("10.0.0.2",), options=following())
    assert found == ["10.0.0.1", "10.0.0.3"]


def test_another_address_of_a_device_that_was_met_is_not_asked():
    cables = {"10.0.0.1": ["10.0.0.2"], "10.0.0.2": ["10.0.99.1"]}
    own = {"10.0.0.1": ["10.0.0.1", "10.0.99.1"]}
    found, _, _ = asked(cables, "10.0.0.1", own=own, options=following(hops=8))
    assert found == ["10.0.0.1", "10.0.0.2"]


def test_targets_of_the_plan_are_not_asked_again():
    found, _, _ = asked(CHAIN, "10.0.0.4/30", options=following(hops=1))
    assert len(found) == len(set(found))


def test_no_more_devices_are_followed_than_allowed_and_the_rest_is_told():
    star = {"10.0.0.1": [f"10.0.1.{n}" for n in range(1, 21)]}
    found, summary, sink = asked(star, "10.0.0.1", options=following(devices=5))
    assert len(found) == 6
    assert summary.problems == {ProblemCode.TOO_MUCH: 1}
    (report,) = sink.reports
    assert (report.target, "15" in report.problem.message) == (RANGES[0], True)


ADDRESSES = st.sampled_from([f"10.{a}.0.{n}" for a in (0, 1) for n in range(1, 9)])


@given(
    st.dictionaries(ADDRESSES, st.lists(ADDRESSES, max_size=6)),
    st.integers(1, 8),
    st.integers(1, 10),
    st.lists(ADDRESSES, max_size=3).map(tuple),
)
def test_whatever_the_cables_a_crawl_ends_within_its_limits(cables, hops, devices, exclusions):
    crawl = Crawl(CrawlLimits(("10.0.0.0/16",), hops, devices), exclusions)
    crawl.know(["10.0.0.1"])
    met, now, rounds = ["10.0.0.1"], ["10.0.0.1"], 0
    while now:
        for address in now:
            crawl.note(Cabled(cables).document(address))
        now = crawl.next_hop()
        met += now
        rounds += bool(now)
    assert len(met) == len(set(met)) <= devices + 1
    assert rounds <= hops
    forbidden = excluded_networks(exclusions)
    assert all(a.startswith("10.0.") and not is_excluded(a, forbidden) for a in met[1:])

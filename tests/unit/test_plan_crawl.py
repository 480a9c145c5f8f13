"""A plan that follows neighbours: where it may go, what it may say, and how it is divided."""

import pytest

from cmdb.kernel.errors import InvalidError
from cmdb.plans import rules
from cmdb.plans.targets import find_overlap
from schemas.vocabulary import Protocol

OPTIONS = {"crawl": {"ranges": ["10.9.0.0/16"]}}


def scope(*targets, exclusions=(), options=OPTIONS):
    found = rules.check_targets(Protocol.SNMP, targets, exclusions, options)
    assert found is not None
    return found


def test_what_was_met_on_the_way_may_be_told_but_its_absence_means_nothing():
    plan = scope("10.1.0.1", "core.example.ch", exclusions=["10.9.7.0/24"])
    assert plan.allows("10.9.3.3", "10.9.3.3")
    assert not plan.covers("10.9.3.3", "10.9.3.3")
    assert plan.allows("10.1.0.1", "10.1.0.1")
    assert plan.covers("10.1.0.1", "10.1.0.1")
    assert plan.covers("core.example.ch", "10.9.3.3")
    assert not plan.allows("10.9.7.1", "10.9.7.1")
    assert not plan.allows("10.8.0.1", "10.8.0.1")
    assert not plan.allows("10.1.0.1", "10.9.3.3")


def test_without_the_option_a_neighbour_is_out_of_scope():
    assert not scope("10.1.0.1", options={}).allows("10.9.3.3", "10.9.3.3")


def test_ranges_that_are_followed_overlap_those_of_others():
    mine, theirs = scope("10.1.0.1"), scope("10.9.4.0/24", options={})
    assert find_overlap(mine.claimed, theirs.claimed) == ("10.9.0.0/16", "10.9.4.0/24")


def test_one_assignment_follows_all_neighbours_so_that_none_is_met_twice():
    about = Protocol.SNMP, ["10.1.0.0/23", "10.2.0.1", "core.example.ch"], []
    (piece,) = rules.compute_pieces(*about, OPTIONS)
    assert piece.count == sum(one.count for one in rules.compute_pieces(*about, {})) == 512
    assert {"10.2.0.1", "core.example.ch"} < set(piece.targets)


def test_a_plan_that_follows_neighbours_begins_with_few():
    with pytest.raises(InvalidError, match="follows neighbours"):
        scope("10.1.0.0/16")


def test_ranges_to_follow_are_checked():
    with pytest.raises(InvalidError, match="Did you mean"):
        scope("10.1.0.1", options={"crawl": {"ranges": ["10.9.0.1/16"]}})


@pytest.mark.parametrize("crawl", [None, [], {"ranges": "10.0.0.0/8"}, {"hops": 3}])
def test_a_form_that_names_no_ranges_follows_nobody(crawl):
    assert scope("10.1.0.1", options={"crawl": crawl}).crawled == ()

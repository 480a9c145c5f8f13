"""Targets of a run stand in the order of their addresses, page after page, on both databases."""

import pytest

from cmdb.plans.models import RunTarget
from cmdb.plans.progress import TargetFate, record_fates, sort_position
from cmdb.plans.queries import list_targets
from schemas.vocabulary import Step
from tests.builders import make_plan, make_run, make_viewer

TARGETS = [
    "10.0.0.2",
    "10.0.0.10",
    "10.0.0.128/25",
    "10.0.0.200",
    "192.168.1.9",
    "core.site.example",
    "2001:db8::2",
    "2001:db8::10",
]
VIEWER = make_viewer("run.read")


@pytest.fixture
def run(session):
    run = make_run(session, make_plan(session))
    fates = [TargetFate(target, Step.ASKED) for target in sorted(TARGETS)]
    record_fates(session, run, fates)
    return run


def test_addresses_come_by_their_number_page_after_page(session, run):
    seen, after = [], None
    while True:
        page = list_targets(session, VIEWER, run.id, after=after, limit=3)
        seen += [row.target for row in page.rows]
        after = page.next_cursor
        if after is None:
            break
    assert seen == TARGETS


def test_a_host_name_stands_where_its_address_stands(session, run):
    record_fates(session, run, [TargetFate("core.site.example", Step.DECIDED, "10.0.0.3")])
    shown = [row.key or row.target for row in list_targets(session, VIEWER, run.id).rows]
    assert shown[:3] == ["10.0.0.2", "10.0.0.3", "10.0.0.10"]


@pytest.mark.parametrize(
    ("target", "key", "position"),
    [
        ("10.0.0.9", "", "010.000.000.009"),
        ("10.0.0.9", "10.0.0.9:1161", "010.000.000.009"),
        ("10.0.0.0/24", "", "010.000.000.000/24"),
        ("dc=site,dc=example", "", "dc=site,dc=example"),
        ("export.ldif", "ldap:1", "ldap:1"),
        ("x" * 999, "", "x" * 255),
    ],
)
def test_what_a_target_is_sorted_by(target, key, position):
    assert sort_position(target, key) == position


def test_every_stored_target_has_its_place(session, run):
    assert all(row.position for row in session.query(RunTarget).all())

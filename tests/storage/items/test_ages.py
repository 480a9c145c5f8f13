"""The devices of a house by class and by when they were last seen."""

from datetime import timedelta

from cmdb.items.ages import list_class_ages
from cmdb.kernel.clock import now
from schemas.vocabulary import Lifecycle
from tests.builders import make_item, make_viewer
from tests.counting import statements

WITHIN = (timedelta(days=1), timedelta(days=7))


def test_each_device_in_use_counts_once_by_its_age(session, everyone, partner):
    moment = now()
    for age in (timedelta(hours=1), timedelta(days=3), timedelta(days=300)):
        make_item(session, partner, seen_at=moment - age)
    make_item(session, partner, seen_at=None)
    make_item(session, partner, seen_at=moment, lifecycle=Lifecycle.RETIRED)
    make_item(session, partner, seen_at=moment, class_name="server.physical")
    with statements(session) as sql:
        switches, servers = list_class_ages(session, everyone, at=moment, within=WITHIN)
    assert (switches.label_de, switches.counts, switches.total) == ("Switch", (1, 1, 1, 1), 4)
    assert (servers.name, servers.counts) == ("server.physical", (1, 0, 0, 0))
    assert len(sql) == 1


def test_what_a_viewer_may_not_see_is_not_counted(session, partner, other, anna):
    make_item(session, partner)
    make_item(session, other)
    (counted,) = list_class_ages(session, anna, at=now(), within=WITHIN)
    assert counted.total == 1
    nobody = make_viewer("item.read", partners=set())
    assert list_class_ages(session, nobody, at=now(), within=WITHIN) == []

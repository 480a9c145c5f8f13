"""Which collectors a site has."""

from importlib.metadata import EntryPoint

import pytest

from discovery.collectors import registry
from discovery.collectors.registry import ENTRY_POINT_GROUP, get_collector
from schemas.vocabulary import Protocol


class ForeignCollector:
    name = "foreign"


@pytest.mark.parametrize("protocol", Protocol)
def test_every_protocol_of_a_plan_has_its_collector(protocol):
    assert get_collector(protocol).name == protocol


def test_a_package_can_bring_a_collector(monkeypatch):
    entry = EntryPoint("foreign", f"{__name__}:ForeignCollector", ENTRY_POINT_GROUP)
    monkeypatch.setattr(EntryPoint, "load", lambda self: ForeignCollector)
    monkeypatch.setattr(registry, "entry_points", lambda **_: [entry])
    assert isinstance(get_collector("foreign"), ForeignCollector)
    get_collector.cache_clear()


def test_an_unknown_collector_is_named():
    with pytest.raises(LookupError, match="'telnet'"):
        get_collector("telnet")

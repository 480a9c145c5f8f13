"""A rule that is taught counts at once, also for devices that say the same as before."""

import pytest

from discovery.knowledge import evidence, knowledge_mark
from discovery.knowledge.loader import load_knowledge
from discovery.knowledge.site import FOLDER_VARIABLE
from schemas.vocabulary import Section
from tests.observing import make_document

STRANGER = make_document(
    7,
    sections={
        Section.SYSTEM: {
            "sys_descr": "Musterwerk Tableau 300 firmware 4.2.1",
            "sys_object_id": "1.3.6.1.4.1.4242424.7.1",
            "evidence": {},
        }
    },
    without={Section.COMPONENTS},
)
RULE = """
vendor = "Musterwerk"
[[device]]
name = "Musterwerk Tableau"
match = { sys_object_id = "1.3.6.1.4.1.4242424.7" }
class = "network.switch"
proof = "tableau.snmprec"
"""


def forget():
    """Let the knowledge be read again, as a new process would."""
    for cached in (load_knowledge, knowledge_mark, evidence._wanted):
        cached.cache_clear()


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path))
    forget()
    yield tmp_path
    forget()


def test_a_device_that_says_the_same_is_judged_by_the_new_rule(house, folder):
    house.see(STRANGER)
    assert (house.item().vendor, house.item().class_name) == ("", "unknown.device")
    (folder / "musterwerk.toml").write_text(RULE)
    forget()
    run = house.see(STRANGER)
    assert (house.item().vendor, house.item().class_name) == ("Musterwerk", "network.switch")
    assert (run.changed, run.unchanged) == (1, 0)
    assert house.see(STRANGER).unchanged == 1

"""What discovery saw last, device by device, for those who may see it."""

import pytest

from catalog.transactions import unit_of_work
from cmdb.intake import queries
from cmdb.intake.queries import export_documents
from tests.builders import make_classes, make_partner, make_plan, make_viewer
from tests.observing import make_document, observe


@pytest.fixture
def everyone():
    return make_viewer("item.read")


@pytest.fixture
def plan(session):
    with unit_of_work(session):
        make_classes(session)
        return make_plan(session, targets=["10.0.0.0/24"])


def seen(session, viewer, partners=()):
    found = export_documents(session, viewer, partners)
    return {key: document["sections"]["system"]["sys_name"] for key, document in found}


def test_the_newest_document_of_every_device_is_told_in_chunks(
    session, everyone, plan, monkeypatch
):
    monkeypatch.setattr(queries, "EXPORT_CHUNK", 2)
    observe(session, plan, [make_document(number) for number in range(1, 6)])
    observe(session, plan, [make_document(3, name="renamed")])
    names = {f"10.0.0.{number}": f"sw-{number:05}" for number in range(1, 6)}
    assert seen(session, everyone) == names | {"10.0.0.3": "renamed"}
    assert seen(session, everyone, (plan.partner_id,)) == seen(session, everyone)


def test_a_foreign_partner_is_told_nothing(session, everyone, plan):
    observe(session, plan, [make_document()])
    with unit_of_work(session):
        stranger = make_partner(session, name="Fremd")
    viewer = make_viewer("item.read", partners={stranger.id})
    assert seen(session, viewer) == {}
    assert seen(session, everyone, (stranger.id,)) == {}

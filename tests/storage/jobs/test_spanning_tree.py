"""A switch that does not speak LLDP is linked to the one above it by the spanning tree."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from catalog.jobs.carrying import Worker, carry_next
from catalog.transactions import unit_of_work
from cmdb.items.models import ConfigurationItem, Relation
from cmdb.plans.commands import request_run
from discovery.simulator import DemoNetwork, DemoPartner, DemoSite, Simulator
from tests.builders import make_classes, make_plan, make_viewer

ACTOR = make_viewer("plan.read", "plan.write", "run.read", "run.request")
SITE = DemoSite("gh", "Gemeindehaus", {"distribution_switch": 1, "access_switch_24": 3})
NETWORK = DemoNetwork([DemoPartner("mus", "Musterwil", "127.21", "10.21", [SITE])])


def test_every_switch_is_linked_to_the_one_above_it(engine, place):
    with Simulator(NETWORK) as simulator:
        with Session(engine) as session, unit_of_work(session):
            make_classes(session)
            options = {"port": simulator.port, "timeout": 2.0, "retries": 0}
            plan = make_plan(session, targets=["127.21.1.0/29"], options=options)
            request_run(session, ACTOR, plan.id)
        while carry_next(place, Worker("test")):
            pass
    with Session(engine) as session:
        names = dict(session.execute(sa.select(ConfigurationItem.id, ConfigurationItem.name)).all())
        links = {
            frozenset((names[one.source_item_id], names[one.target_item_id])): one.protocol
            for one in session.scalars(sa.select(Relation))
        }
    top = "ds-mus-gh-01"
    assert links == {
        frozenset((top, "sw-mus-gh-01")): "lldp",
        frozenset((top, "sw-mus-gh-02")): "lldp",
        frozenset((top, "sw-mus-gh-03")): "stp",
    }

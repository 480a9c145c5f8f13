"""A simulated network and a place to work on it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session, sessionmaker

from catalog.jobs.workplace import Workplace
from catalog.transactions import unit_of_work
from discovery.secrets import SnmpCommunity
from discovery.simulator import Simulator
from discovery.simulator.synthetic import record_device
from discovery.simulator.templates import Device, load_templates
from tests.builders import make_classes, make_plan


class OneCommunity:
    """Opens every door with the same word."""

    def get(self, name):
        return SnmpCommunity("public")


def make_network(count, block="127.20.0"):
    """Return recordings of so many different devices at loopback addresses."""
    templates = list(load_templates().values())
    first = Device(templates[0], "", "Rathaus", "")
    return {
        f"{block}.{number}": record_device(
            replace(
                first,
                template=templates[number % len(templates)],
                name=f"dev-{number:03}",
                address=f"{block}.{number}",
                number=number,
            ),
            lambda name: first,
        )
        for number in range(1, count + 1)
    }


@pytest.fixture(scope="module")
def simulator():
    with Simulator(make_network(10)) as simulator:
        yield simulator


@pytest.fixture
def place(engine, tmp_path):
    return Workplace(
        sessionmaker(engine, expire_on_commit=False),
        OneCommunity(),
        tmp_path,
        timedelta(minutes=15),
    )


@pytest.fixture
def plan(engine, simulator):
    """Return a plan that finds the ten devices of the simulator and two silent addresses."""
    with Session(engine, expire_on_commit=False) as session, unit_of_work(session):
        make_classes(session)
        return make_plan(
            session,
            targets=["127.20.0.0/28"],
            exclusions=["127.20.0.13", "127.20.0.14"],
            options={"port": simulator.port, "timeout": 0.3, "retries": 0},
        )

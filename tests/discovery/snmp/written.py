"""Tables written down as an agent would answer them, and what the collector makes of them."""

from schemas.vocabulary import Section
from tests.discovery.snmp.looking import look_at_device
from tests.discovery.snmp.lying_agent import LyingAgent, Oid

SYSTEM = {
    "1.3.6.1.2.1.1.1.0": b"Example",
    "1.3.6.1.2.1.1.2.0": Oid("1.3.6.1.4.1.99999.1"),
    "1.3.6.1.2.1.1.5.0": b"sw-1",
}


def section(name: Section, values: dict):
    with LyingAgent(SYSTEM | values) as agent:
        return look_at_device(agent.port).sections.get(name)


def entry(root: str, index: str, cells: dict):
    return {f"{root}.{column}.{index}": value for column, value in cells.items()}


def if_row(index: int, **cells):
    return entry("1.3.6.1.2.1.2.2.1", str(index), {int(k[1:]): v for k, v in cells.items()})


def if_x_row(index: int, **cells):
    return entry("1.3.6.1.2.1.31.1.1.1", str(index), {int(k[1:]): v for k, v in cells.items()})


def maker(number: int | str, values: dict) -> dict:
    """Return values of a device whose sysObjectID is of this maker, or of its branch."""
    return {"1.3.6.1.2.1.1.2.0": Oid(f"1.3.6.1.4.1.{number}.1")} | values

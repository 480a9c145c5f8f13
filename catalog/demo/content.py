"""What the demonstration contains, read from `config/demo`."""

import tomllib
from functools import cache
from importlib import resources
from typing import Any, Final

from discovery.simulator.network import DemoNetwork, DemoPartner, DemoSite

COMMUNITY: Final = "haus-demo"
SECRET: Final = "snmp-demo"  # noqa: S105 — the name of a secret


@cache
def content() -> dict[str, Any]:
    """Return the tables of `config/demo/demo.toml`."""
    return tomllib.loads(read("demo.toml"))


def read(name: str) -> str:
    """Return the text of a file of the demonstration."""
    return resources.files("config").joinpath("demo", name).read_text("utf-8")


def demo_network() -> DemoNetwork:
    """Return the invented network, address by address."""
    return DemoNetwork([_partner(one) for one in content()["networks"]])


def devices_used_through(order: dict[str, Any]) -> list[str]:
    """Return the names of the devices that an order of the demonstration reaches."""
    used = order.get("used_through", {"names": "", "count": 0})
    return [used["names"].format(number) for number in range(1, used["count"] + 1)]


def _partner(network: dict[str, Any]) -> DemoPartner:
    sites = [DemoSite(one["key"], one["name"], one["counts"]) for one in network["sites"]]
    return DemoPartner(
        key=network["code"],
        name=network["partner"].title(),
        served=network["served"],
        inside=network["inside"],
        sites=sites,
    )

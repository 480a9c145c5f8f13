"""What the fictional partners wrote into their own lists before discovery, right and wrong.

Most of it agrees with what discovery will see. Some models are out of date, which becomes a
question, and some devices are known by name only, which is too little to recognise them by.
"""

from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Session

from catalog.demo.content import content, demo_network, devices_used_through
from catalog.demo.orders import PARTNER
from cmdb.items.changes import NewItem
from cmdb.items.commands import bulk_create
from cmdb.kernel.viewer import Viewer

PARTNERS: Final = ("musterwil", "beispielikon", "probenau")
CLASSES: Final = {"access": "network.switch", "printer": "printer.device"}
COMPUTER: Final = "client.workstation"
OUTDATED: Final = 3
"""Every so many switches is listed with the model that stood there before."""
BY_NAME_ONLY: Final = 4
FORMER_MODEL: Final = "WS-C2960X-24TS-L"
REASON: Final = "Bestandesliste der Gemeinde"


def seed_declarations(session: Session, actor: Viewer, ids: dict[str, UUID]) -> None:
    """Declare what the fictional partners' own lists say."""
    for network in content()["networks"]:
        if network["partner"] in PARTNERS:
            items = _items(network, ids[network["partner"]])
            bulk_create(session, actor, items, reason=REASON)
    bulk_create(session, actor, _computers(ids[PARTNER]), reason=REASON)


def _computers(partner_id: UUID) -> list[NewItem]:
    """Return the computers that ordered services are used on; the list knows their names only."""
    devices = demo_network()
    in_network = {devices.device(address).name for address in devices}
    orders = content()["orders"]
    names = [name for one in orders for name in devices_used_through(one)]
    return [NewItem(COMPUTER, name, partner_id) for name in names if name not in in_network]


def _items(network: dict[str, Any], partner_id: UUID) -> list[NewItem]:
    devices = demo_network()
    known = [devices.device(one) for one in devices.addresses_of(network["code"])]
    switches = [one for one in known if one.template.role == "access"]
    printers = [one for one in known if one.template.role == "printer"]
    items: list[NewItem] = []
    for number, device in enumerate(switches):
        model = FORMER_MODEL if number % OUTDATED == 0 else device.template.model
        values = {"serial": device.serial, "model": model}
        items.append(NewItem(CLASSES["access"], device.name, partner_id, values=values))
    items += [
        NewItem(CLASSES["printer"], device.name, partner_id) for device in printers[:BY_NAME_ONLY]
    ]
    return items

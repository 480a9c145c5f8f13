"""What devices tell of themselves beyond interfaces, addresses and parts, as tables."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from cmdb.kernel.db import Base
from cmdb.kernel.types import Key


class Told:
    """One row that a look at a device has brought; it goes with the item."""

    id: Mapped[Key]

    @declared_attr
    @classmethod
    def item_id(cls) -> Mapped[UUID]:
        """The item that tells it."""
        return mapped_column(sa.ForeignKey("configuration_item.id", ondelete="CASCADE"))

    @declared_attr
    @classmethod
    def subject_id(cls) -> Mapped[UUID | None]:
        """Under which identity it was told."""
        return mapped_column(sa.ForeignKey("subject.id"))


class Vlan(Told, Base):
    """A VLAN that a device knows; numbers over 4094 mean something to that device only."""

    __tablename__ = "vlan"
    __table_args__ = (sa.UniqueConstraint("item_id", "number"),)

    number: Mapped[int] = mapped_column(sa.BigInteger())
    name: Mapped[str] = mapped_column(sa.String(255), default="")


class Neighbour(Told, Base):
    """What a device says of the device at the other end of a link, known to the house or not.

    `place` tells the neighbours of one device apart: protocol, our port, their chassis and port.
    """

    __tablename__ = "neighbour"
    __table_args__ = (sa.UniqueConstraint("item_id", "place"),)

    place: Mapped[str] = mapped_column(sa.String(64))
    protocol: Mapped[str] = mapped_column(sa.String(16))
    local_interface_index: Mapped[int | None] = mapped_column(sa.BigInteger())
    local_port: Mapped[str] = mapped_column(sa.String(255), default="")
    remote_chassis_id: Mapped[str] = mapped_column(sa.String(255), default="")
    remote_port: Mapped[str] = mapped_column(sa.String(255), default="")
    remote_name: Mapped[str] = mapped_column(sa.String(255), default="")
    remote_description: Mapped[str] = mapped_column(sa.String(1024), default="")
    remote_address: Mapped[str] = mapped_column(sa.String(64), default="")


class AttachedDevice(Told, Base):
    """An access point behind a controller, or a virtual machine of a hypervisor."""

    __tablename__ = "attached_device"
    __table_args__ = (sa.UniqueConstraint("item_id", "index"),)

    index: Mapped[str] = mapped_column(sa.String(64))
    kind: Mapped[str] = mapped_column(sa.String(32))
    name: Mapped[str] = mapped_column(sa.String(255), default="")
    model: Mapped[str] = mapped_column(sa.String(255), default="")
    serial: Mapped[str] = mapped_column(sa.String(255), default="")
    mac: Mapped[str] = mapped_column(sa.String(32), default="")
    address: Mapped[str] = mapped_column(sa.String(64), default="")
    version: Mapped[str] = mapped_column(sa.String(255), default="")
    system: Mapped[str] = mapped_column(sa.String(255), default="")


class Supply(Told, Base):
    """What a printer uses up, or a receptacle that fills; what is left, in steps of ten percent."""

    __tablename__ = "supply"
    __table_args__ = (sa.UniqueConstraint("item_id", "index"),)

    index: Mapped[str] = mapped_column(sa.String(64))
    kind: Mapped[str] = mapped_column(sa.String(32))
    name: Mapped[str] = mapped_column(sa.String(255), default="")
    color: Mapped[str] = mapped_column(sa.String(64), default="")
    is_receptacle: Mapped[bool] = mapped_column(default=False)
    level_percent: Mapped[int | None]


class Gauge(Told, Base):
    """A value that moves, told in steps: pages printed, charge and load of a UPS.

    `origin` is the section that showed it: `printer` or `power`.
    """

    __tablename__ = "gauge"
    __table_args__ = (sa.UniqueConstraint("item_id", "origin", "name"),)

    origin: Mapped[str] = mapped_column(sa.String(32))
    name: Mapped[str] = mapped_column(sa.String(64))
    value: Mapped[str] = mapped_column(sa.String(64))


class Software(Told, Base):
    """A package that is installed on a server."""

    __tablename__ = "software"
    __table_args__ = (sa.UniqueConstraint("item_id", "name"),)

    name: Mapped[str] = mapped_column(sa.String(255))

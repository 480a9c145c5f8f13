"""What devices tell of where other devices are, and who says so of each link, as tables."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from cmdb.items.told import Told
from cmdb.kernel.db import Base
from cmdb.kernel.types import Key


class ForwardingEntry(Told, Base):
    """An address that a port of a switch has learned, or about how many where there are many.

    `place` tells the entries of one switch apart: interface and address. A `count` of 8 stands for
    8 to 15 addresses, and `mac` is then empty.
    """

    __tablename__ = "forwarding_entry"
    __table_args__ = (
        sa.UniqueConstraint("item_id", "place"),
        sa.Index("ix_forwarding_entry_mac", "mac"),
    )

    place: Mapped[str] = mapped_column(sa.String(64))
    interface_index: Mapped[int] = mapped_column(sa.BigInteger())
    mac: Mapped[str] = mapped_column(sa.String(32), default="")
    vlan: Mapped[int | None] = mapped_column(sa.BigInteger())
    count: Mapped[int | None] = mapped_column(sa.BigInteger())


class SpanningTreePort(Told, Base):
    """Which port of which bridge leads the segment at a port; all ports of a segment say the same.

    `is_designated` says that the port leads its segment itself.
    """

    __tablename__ = "spanning_tree_port"
    __table_args__ = (
        sa.UniqueConstraint("item_id", "interface_index"),
        sa.Index("ix_spanning_tree_port_segment", "designated_bridge", "designated_port"),
    )

    interface_index: Mapped[int] = mapped_column(sa.BigInteger())
    designated_bridge: Mapped[str] = mapped_column(sa.String(32))
    designated_port: Mapped[str] = mapped_column(sa.String(16))
    root_bridge: Mapped[str] = mapped_column(sa.String(32), default="")
    is_root_port: Mapped[bool] = mapped_column(default=False)
    is_designated: Mapped[bool] = mapped_column(default=False)


class ArpEntry(Told, Base):
    """The hardware address that a router has resolved for an IP address (ARP or ND)."""

    __tablename__ = "arp_entry"
    __table_args__ = (
        sa.UniqueConstraint("item_id", "address"),
        sa.Index("ix_arp_entry_mac", "mac"),
    )

    address: Mapped[str] = mapped_column(sa.String(64))
    mac: Mapped[str] = mapped_column(sa.String(32))
    interface_index: Mapped[int | None] = mapped_column(sa.BigInteger())


class LinkReport(Base):
    """That one look says by one protocol that a link exists.

    `missed` counts the complete looks in a row that have not told it again.
    """

    __tablename__ = "link_report"
    __table_args__ = (
        sa.UniqueConstraint("relation_id", "subject_id", "protocol"),
        sa.Index("ix_link_report_subject_id", "subject_id"),
    )

    id: Mapped[Key]
    relation_id: Mapped[UUID] = mapped_column(sa.ForeignKey("relation.id", ondelete="CASCADE"))
    subject_id: Mapped[UUID] = mapped_column(sa.ForeignKey("subject.id", ondelete="CASCADE"))
    protocol: Mapped[str] = mapped_column(sa.String(16))
    missed: Mapped[int] = mapped_column(default=0)

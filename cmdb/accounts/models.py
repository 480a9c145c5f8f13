"""Account records, directory groups and the log of who read which record for what purpose."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from cmdb.kernel.clock import now
from cmdb.kernel.db import Base
from cmdb.kernel.types import JsonList, Key
from schemas.vocabulary import AccountType, LogonBucket


class Purpose(StrEnum):
    """The closed list of purposes for which an account record may be read."""

    LICENCE_COUNT = "licence_count"
    SECURITY = "security"
    ORDER_FULFILMENT = "order_fulfilment"
    INCIDENT = "incident"
    AUDIT = "audit"
    RIGHT_OF_ACCESS = "right_of_access"


class AccountRecord(Base):
    """One account of a partner's directory, with the attributes that data protection allows.

    `directory_key` is the directory's own pseudonymous id (objectGUID, entryUUID).
    """

    __tablename__ = "account_record"
    __table_args__ = (
        sa.UniqueConstraint("partner_id", "directory_key"),
        sa.Index("ix_account_record_partner_id_name", "partner_id", "name", "id"),
    )

    id: Mapped[Key]
    partner_id: Mapped[UUID] = mapped_column(sa.ForeignKey("organisation.id"))
    subject_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("subject.id"), index=True)
    directory_key: Mapped[str] = mapped_column(sa.String(255))
    name: Mapped[str] = mapped_column(sa.String(255))
    type: Mapped[AccountType]
    is_enabled: Mapped[bool]
    created_on: Mapped[date | None]
    disabled_on: Mapped[date | None]
    expires_on: Mapped[date | None]
    last_logon: Mapped[LogonBucket] = mapped_column(default=LogonBucket.UNKNOWN)
    org_unit: Mapped[str] = mapped_column(sa.String(1024), default="")
    is_privileged: Mapped[bool] = mapped_column(default=False)
    privileged_reason: Mapped[str] = mapped_column(sa.String(255), default="")
    seen_at: Mapped[datetime]
    gone_at: Mapped[datetime | None]


class DirectoryGroup(Base):
    """A group of a partner's directory: its size, not its members."""

    __tablename__ = "directory_group"
    __table_args__ = (sa.UniqueConstraint("partner_id", "directory_key"),)

    id: Mapped[Key]
    partner_id: Mapped[UUID] = mapped_column(sa.ForeignKey("organisation.id"))
    subject_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("subject.id"), index=True)
    directory_key: Mapped[str] = mapped_column(sa.String(255))
    name: Mapped[str] = mapped_column(sa.String(255))
    org_unit: Mapped[str] = mapped_column(sa.String(1024), default="")
    member_count: Mapped[int | None]
    is_privileged: Mapped[bool] = mapped_column(default=False)
    seen_at: Mapped[datetime]
    gone_at: Mapped[datetime | None]


class AccountAccess(Base):
    """That somebody read account records, for what purpose and which fields; only ever added."""

    __tablename__ = "account_access"

    id: Mapped[Key]
    at: Mapped[datetime] = mapped_column(default=now, index=True)
    partner_id: Mapped[UUID] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    account_id: Mapped[UUID | None] = mapped_column(index=True)
    viewer_id: Mapped[UUID | None]
    viewer_name: Mapped[str] = mapped_column(sa.String(120))
    purpose: Mapped[Purpose]
    reference: Mapped[str] = mapped_column(sa.String(120), default="")
    fields: Mapped[JsonList] = mapped_column(default=list)
    request_id: Mapped[str] = mapped_column(sa.String(64), default="")

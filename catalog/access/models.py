"""People, their roles per partner, their sessions and their API tokens.

Of passwords, sessions and tokens only hashes are stored.
"""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cmdb.kernel.clock import now
from cmdb.kernel.db import Base
from cmdb.kernel.types import JsonList, Key
from cmdb.partners.models import Organisation


class Language(StrEnum):
    """In which language a person reads the pages."""

    GERMAN = "de"
    ENGLISH = "en"


class Theme(StrEnum):
    """Which colours a person wants."""

    AUTO = "auto"
    LIGHT = "light"
    DARK = "dark"


class Density(StrEnum):
    """How close the rows of a person's tables stand."""

    COMPACT = "compact"
    COMFORTABLE = "comfortable"


class Person(Base):
    """Somebody who signs in.

    `sign_in_name` is an e-mail address or short name in lower case. `organisation_id` is where the
    person works; None stands for the joint organisation. What the person may do does not follow
    from it but from the role assignments.
    """

    __tablename__ = "person"
    __table_args__ = (sa.Index("ix_person_name_id", "name", "id"),)

    id: Mapped[Key]
    sign_in_name: Mapped[str] = mapped_column(sa.String(254), unique=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    organisation_id: Mapped[UUID | None] = mapped_column(
        sa.ForeignKey("organisation.id"), index=True
    )
    password_hash: Mapped[str] = mapped_column(sa.String(255))
    must_change_password: Mapped[bool] = mapped_column(default=True)
    is_active: Mapped[bool] = mapped_column(default=True)
    failed_sign_ins: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]
    signed_in_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
    language: Mapped[Language] = mapped_column(default=Language.GERMAN)
    theme: Mapped[Theme] = mapped_column(default=Theme.AUTO)
    density: Mapped[Density] = mapped_column(default=Density.COMPACT)

    organisation: Mapped[Organisation | None] = relationship()
    assignments: Mapped[list["RoleAssignment"]] = relationship(
        back_populates="person", order_by="RoleAssignment.id"
    )


class RoleAssignment(Base):
    """One role of one person for one partner, or for all where no organisation is named.

    `valid_until` is the last day on which the role holds. Rows are ended, never deleted.
    """

    __tablename__ = "role_assignment"

    id: Mapped[Key]
    person_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"), index=True)
    role: Mapped[str] = mapped_column(sa.String(64))
    organisation_id: Mapped[UUID | None] = mapped_column(
        sa.ForeignKey("organisation.id"), index=True
    )
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]
    is_revoked: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(default=now)

    person: Mapped[Person] = relationship(back_populates="assignments")
    organisation: Mapped[Organisation | None] = relationship()


class WebSession(Base):
    """One sign-in in one browser, found by the SHA-256 of its token.

    It ends at `idle_until`, which use pushes ahead, and at `expires_at` in any case.
    """

    __tablename__ = "web_session"

    id: Mapped[Key]
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    person_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("person.id", ondelete="CASCADE"), index=True
    )
    created_at: Mapped[datetime] = mapped_column(default=now)
    seen_at: Mapped[datetime] = mapped_column(default=now)
    idle_until: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)

    person: Mapped[Person] = relationship()


class ApiToken(Base):
    """A key with which a program acts for a person, found by the SHA-256 of its text.

    `prefix` is its beginning, by which people recognise it. `scopes` are permissions; they hold
    only as far as the person holds them, and only for `organisation_id` where one is named.
    """

    __tablename__ = "api_token"

    id: Mapped[Key]
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    prefix: Mapped[str] = mapped_column(sa.String(16))
    person_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("person.id", ondelete="CASCADE"), index=True
    )
    name: Mapped[str] = mapped_column(sa.String(80))
    scopes: Mapped[JsonList]
    organisation_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("organisation.id"))
    created_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship()
    organisation: Mapped[Organisation | None] = relationship()


class SentRequest(Base):
    """A request of a program that may come again under the same key, and what it made.

    `fingerprint` tells another request under the same key apart; `made` are the keys of the things
    that it made, which are read anew when it is repeated.
    """

    __tablename__ = "sent_request"
    __table_args__ = (sa.UniqueConstraint("person_id", "key"),)

    id: Mapped[Key]
    person_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(sa.String(64))
    fingerprint: Mapped[str] = mapped_column(sa.String(64))
    made: Mapped[JsonList]
    at: Mapped[datetime] = mapped_column(default=now, index=True)

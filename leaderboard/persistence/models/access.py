"""Logins, links, sessions and tokens. What opens a door is kept as a hash only."""

from sqlalchemy import ForeignKey, Index, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from leaderboard.domain.rulebook import Party
from leaderboard.persistence.db import Base
from leaderboard.persistence.models._columns import KEYED, STRICT, one_of, row_id
from leaderboard.persistence.types import Flag, InstantColumn, Text, Whole

ROLES = ("rep", "manager", "admin")
LINK_PURPOSES = ("password",)
THEMES = ("auto", "light", "dark")


class User(Base):
    """A login. `email` is kept in lower case; `password_hash` is None until one was chosen."""

    __tablename__ = "users"
    __table_args__ = (
        UniqueConstraint("email"),
        one_of("role", ROLES),
        one_of("theme", THEMES),
        one_of("signs_for", Party),
        STRICT,
    )

    id: Mapped[int] = row_id()
    email: Mapped[str] = mapped_column(Text)
    password_hash: Mapped[str | None] = mapped_column(Text)
    role: Mapped[str] = mapped_column(Text)
    person_id: Mapped[int | None] = mapped_column(
        Whole, ForeignKey("people.id", ondelete="RESTRICT"), index=True
    )
    name: Mapped[str | None] = mapped_column(Text)
    """What its holder is called, where it stands for no rep."""
    locale: Mapped[str | None] = mapped_column(Text)
    theme: Mapped[str] = mapped_column(Text, server_default="auto")
    disabled_at: Mapped[int | None] = mapped_column(InstantColumn)
    created_at: Mapped[int] = mapped_column(InstantColumn)
    may_edit_rules: Mapped[bool] = mapped_column(Flag, server_default=false())
    """For a manager; administrators may in any case."""
    signs_for: Mapped[str | None] = mapped_column(Text)
    """The party of the agreement in whose name a manager or administrator may sign; None for neither."""
    seen_at: Mapped[int | None] = mapped_column(InstantColumn)
    """When it was last used, to some minutes; None: never."""


class OneTimeLink(Base):
    """A link that opens once: to choose a password."""

    __tablename__ = "one_time_links"
    __table_args__ = (one_of("purpose", LINK_PURPOSES), KEYED)

    token_hash: Mapped[str] = mapped_column(Text, primary_key=True)
    user_id: Mapped[int] = mapped_column(Whole, ForeignKey("users.id", ondelete="RESTRICT"), index=True)
    purpose: Mapped[str] = mapped_column(Text)
    created_at: Mapped[int] = mapped_column(InstantColumn)
    expires_at: Mapped[int] = mapped_column(InstantColumn)
    used_at: Mapped[int | None] = mapped_column(InstantColumn)


class LoginSession(Base):
    """A browser that is logged in. Its row goes when it ends."""

    __tablename__ = "sessions"
    __table_args__ = (KEYED,)

    token_hash: Mapped[str] = mapped_column(Text, primary_key=True)
    user_id: Mapped[int] = mapped_column(Whole, ForeignKey("users.id", ondelete="RESTRICT"), index=True)
    created_at: Mapped[int] = mapped_column(InstantColumn)
    seen_at: Mapped[int] = mapped_column(InstantColumn, index=True)


class LoginAttempt(Base):
    """A try to log in, under a hashed key of who or where from; rows go when they are old."""

    __tablename__ = "login_attempts"
    __table_args__ = (Index("ix_login_attempts_key_at", "key", "at"), STRICT)

    id: Mapped[int] = row_id()
    key: Mapped[str] = mapped_column(Text)
    at: Mapped[int] = mapped_column(InstantColumn, index=True)
    succeeded: Mapped[bool] = mapped_column(Flag)


class ApiToken(Base):
    """A bearer token: its scopes and the sources it may speak for, as JSON lists."""

    __tablename__ = "api_tokens"
    __table_args__ = (UniqueConstraint("token_hash"), STRICT)

    id: Mapped[int] = row_id()
    name: Mapped[str] = mapped_column(Text)
    token_hash: Mapped[str] = mapped_column(Text)
    scopes: Mapped[str] = mapped_column(Text)
    sources: Mapped[str] = mapped_column(Text)
    created_at: Mapped[int] = mapped_column(InstantColumn)
    created_by: Mapped[str] = mapped_column(Text)
    revoked_at: Mapped[int | None] = mapped_column(InstantColumn)
    last_used_at: Mapped[int | None] = mapped_column(InstantColumn)

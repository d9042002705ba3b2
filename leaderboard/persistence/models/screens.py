"""The screens on the walls: what each shows, its last sign of life, how it was let in, and what it is told to do."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from leaderboard.persistence.db import Base
from leaderboard.persistence.models._columns import KEYED, STRICT, one_of, row_id
from leaderboard.persistence.types import Flag, InstantColumn, Text, Whole

SCREEN_THEMES = ("dark", "light")
ORDER_KINDS = ("reload", "message", "slide", "reveal", "stop")
MOMENT_KINDS = ("badge", "lead", "target")
MOST_PLACES = 50
MOST_FROZEN_DAYS = 31


class Screen(Base):
    """A screen. Its token is kept as a hash, until it is revoked.

    `line_up` and `teams` are JSON: its slides, and the keys of the teams whose people it shows (none: all).
    `revision` rises with every change, so that two who edit it never overwrite each other silently.
    """

    __tablename__ = "screens"
    __table_args__ = (
        UniqueConstraint("token_hash"),
        one_of("theme", SCREEN_THEMES),
        CheckConstraint(f"top_places BETWEEN 1 AND {MOST_PLACES}", name="top_places"),
        CheckConstraint("(night_from IS NULL) = (night_until IS NULL)", name="night"),
        CheckConstraint("(revoked_at IS NULL) = (token_hash IS NOT NULL)", name="revoked"),
        STRICT,
    )

    id: Mapped[int] = row_id()
    name: Mapped[str] = mapped_column(Text)
    token_hash: Mapped[str | None] = mapped_column(Text)
    language: Mapped[str] = mapped_column(Text)
    theme: Mapped[str] = mapped_column(Text)
    has_sound: Mapped[bool] = mapped_column(Flag, server_default=false())
    top_places: Mapped[int] = mapped_column(Whole)
    night_from: Mapped[int | None] = mapped_column(Whole)
    """Minutes after midnight from which on it is dimmed, and until when; None: never."""
    night_until: Mapped[int | None] = mapped_column(Whole)
    line_up: Mapped[str] = mapped_column(Text)
    teams: Mapped[str] = mapped_column(Text)
    revision: Mapped[int] = mapped_column(Whole)
    created_at: Mapped[int] = mapped_column(InstantColumn)
    created_by: Mapped[str] = mapped_column(Text)
    revoked_at: Mapped[int | None] = mapped_column(InstantColumn)
    revoked_by: Mapped[str | None] = mapped_column(Text)


class ScreenSign(Base):
    """A screen's last sign of life, and what it said of itself."""

    __tablename__ = "screen_signs"
    __table_args__ = (KEYED,)

    screen_id: Mapped[int] = mapped_column(
        Whole, ForeignKey("screens.id", ondelete="RESTRICT"), primary_key=True, autoincrement=False
    )
    seen_at: Mapped[int] = mapped_column(InstantColumn)
    slide: Mapped[str] = mapped_column(Text)
    browser: Mapped[str] = mapped_column(Text)
    width: Mapped[int] = mapped_column(Whole)
    height: Mapped[int] = mapped_column(Whole)
    is_muted: Mapped[bool] = mapped_column(Flag)


class ScreenPairing(Base):
    """A screen that shows a code and waits for a manager to let it in: the code works once, for ten minutes.

    `device_hash` is that of the secret which the waiting screen, and nobody else, holds: once let in, its token.
    """

    __tablename__ = "screen_pairings"
    __table_args__ = (
        UniqueConstraint("code_hash"),
        UniqueConstraint("device_hash"),
        Index("ix_screen_pairings_expires_at", "expires_at"),
        STRICT,
    )

    id: Mapped[int] = row_id()
    code_hash: Mapped[str] = mapped_column(Text)
    device_hash: Mapped[str] = mapped_column(Text)
    created_at: Mapped[int] = mapped_column(InstantColumn)
    expires_at: Mapped[int] = mapped_column(InstantColumn)


class ScreenOrder(Base):
    """What a manager has a screen do now, or (`screen_id` None) all of them. `payload` is JSON.

    From `until_at` on nobody begins it any more.
    """

    __tablename__ = "screen_orders"
    __table_args__ = (one_of("kind", ORDER_KINDS), Index("ix_screen_orders_until_at", "until_at"), STRICT)

    id: Mapped[int] = row_id()
    screen_id: Mapped[int | None] = mapped_column(Whole, ForeignKey("screens.id", ondelete="RESTRICT"))
    kind: Mapped[str] = mapped_column(Text)
    payload: Mapped[str] = mapped_column(Text)
    at: Mapped[int] = mapped_column(InstantColumn)
    until_at: Mapped[int] = mapped_column(InstantColumn)
    ordered_by: Mapped[str] = mapped_column(Text)


class Moment(Base):
    """Something to celebrate on the screens: a badge, a lead that changed hands, a target that was reached.

    `moment_key` says what it is: it is celebrated once, whoever notices it. Whom it is about stands there by key.
    """

    __tablename__ = "moments"
    __table_args__ = (
        UniqueConstraint("moment_key"),
        one_of("kind", MOMENT_KINDS),
        Index("ix_moments_at", "at"),
        STRICT,
    )

    id: Mapped[int] = row_id()
    moment_key: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    at: Mapped[int] = mapped_column(InstantColumn)
    person_id: Mapped[int | None] = mapped_column(Whole, ForeignKey("people.id", ondelete="RESTRICT"))
    team_id: Mapped[int | None] = mapped_column(Whole, ForeignKey("teams.id", ondelete="RESTRICT"))
    award_id: Mapped[int | None] = mapped_column(Whole, ForeignKey("awards.id", ondelete="RESTRICT"))
    about: Mapped[str] = mapped_column(Text)
    """What else it is about, as JSON: a period, a service level."""


class WallState(Base):
    """What holds for all screens: one row. On the last `frozen_days` of a quarter the standings stand still.

    `leaders` is who was last seen at the head of each standing, as JSON, so that a lead that changes hands is noticed;
    `seen_award` the last award that was looked at.
    """

    __tablename__ = "wall_state"
    __table_args__ = (
        CheckConstraint("id = 1", name="one_row"),
        CheckConstraint(f"frozen_days BETWEEN 0 AND {MOST_FROZEN_DAYS}", name="frozen_days"),
        KEYED,
    )

    id: Mapped[int] = mapped_column(Whole, primary_key=True, autoincrement=False)
    frozen_days: Mapped[int] = mapped_column(Whole)
    leaders: Mapped[str] = mapped_column(Text)
    seen_award: Mapped[int] = mapped_column(Whole)

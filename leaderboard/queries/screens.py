"""The screens that are let in, with their last sign of life."""

from dataclasses import dataclass

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from leaderboard.domain.instants import Instant
from leaderboard.persistence.models import Screen, ScreenSign, WallState


@dataclass(frozen=True, slots=True)
class ScreenRow:
    """A screen as lists show it; what it said of itself is None until it has been heard of."""

    screen_id: int
    name: str
    language: str
    created_at: Instant
    seen_at: Instant | None
    slide: str | None
    browser: str | None
    width: int
    height: int
    is_muted: bool
    has_sound: bool
    revoked_at: Instant | None = None


def screens(session: Session, with_revoked: bool = False) -> tuple[ScreenRow, ...]:
    """By name; one statement."""
    sign = ScreenSign
    columns = (
        Screen.id, Screen.name, Screen.language, Screen.created_at, Screen.has_sound, Screen.revoked_at, sign.seen_at,
        sign.slide, sign.browser, sign.width, sign.height, sign.is_muted,
    )  # fmt: skip
    statement = select(*columns).outerjoin(sign, sign.screen_id == Screen.id).order_by(Screen.name, Screen.id)
    if not with_revoked:
        statement = statement.where(Screen.revoked_at.is_(None))
    return tuple(
        ScreenRow(
            row.id, row.name, row.language, row.created_at, row.seen_at, row.slide, row.browser, row.width or 0,
            row.height or 0, row.is_muted is not False, row.has_sound, row.revoked_at,
        )
        for row in session.execute(statement)
    )  # fmt: skip


def count_screens(session: Session, silent_since: Instant) -> tuple[int, int]:
    """How many are let in, and how many of them have not been heard of since an instant."""
    sign = ScreenSign
    lately = case((sign.seen_at >= silent_since, 1), else_=0)
    counted = select(func.count(), func.sum(lately)).select_from(Screen)
    joined = counted.outerjoin(sign, sign.screen_id == Screen.id).where(Screen.revoked_at.is_(None))
    found, heard = session.execute(joined).one()
    return found, found - int(heard or 0)


def frozen_days(session: Session) -> int:
    """On how many last days of a quarter the standings on walls stand still; 0: never."""
    return session.scalar(select(WallState.frozen_days)) or 0

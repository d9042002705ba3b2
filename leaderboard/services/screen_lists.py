"""What the settings show of the screens: a session that reads, and the lists."""

from leaderboard.domain.instants import MINUTE, Instant
from leaderboard.persistence.db import writing_session
from leaderboard.persistence.models import WallState
from leaderboard.queries import screens as rows
from leaderboard.queries.screens import ScreenRow
from leaderboard.services.audit_log import note
from leaderboard.services.page_session import page_session

SILENT_AFTER = 2 * MINUTE
"""A screen gives a sign of life each half minute."""

MOST_FROZEN_DAYS = 31


def all_screens(with_revoked: bool = False) -> tuple[ScreenRow, ...]:
    """Those that are let in, by name."""
    return rows.screens(page_session(), with_revoked)


def screen_counts(now: Instant) -> tuple[int, int]:
    """How many are let in, and how many of them are silent."""
    return rows.count_screens(page_session(), now - SILENT_AFTER)


def frozen_days() -> int:
    """On how many last days of a quarter the standings stand still."""
    return rows.frozen_days(page_session())


def freeze(days: int, *, actor: str, now: Instant) -> None:
    """Lets the standings on walls stand still on so many last days of a quarter; 0: never."""
    session = writing_session()
    state = session.get(WallState, 1, with_for_update=True)
    assert state is not None
    if state.frozen_days != days:
        note(
            session,
            now,
            actor,
            "screens.frozen",
            "screens",
            before={"days": state.frozen_days},
            after={"days": days},
        )
        state.frozen_days = days
    session.commit()

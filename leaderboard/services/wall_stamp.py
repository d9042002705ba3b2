"""What a screen shows changes with this and nothing else: asked several times a second while screens listen."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import CompoundSelect, func, literal, select, union_all

from leaderboard.domain.instants import MINUTE, Instant
from leaderboard.persistence.models import (
    Award,
    DisplayChoice,
    Moment,
    Screen,
    ScreenOrder,
    Settlement,
    WallState,
)
from leaderboard.services.page_session import let_go, page_session
from leaderboard.services.rules import InUse, in_use

# Made once. Of each table the one or two numbers that any change to it changes.
_STATE: CompoundSelect[Any] = union_all(
    select(
        literal("month").label("what"), Settlement.month, Settlement.dirty_version, Settlement.settled_version
    ),
    select(literal("awards"), literal(""), func.max(Award.id), func.max(Award.withdrawn_at)),
    select(literal("choices"), literal(""), func.count(), func.max(DisplayChoice.chosen_at)).select_from(
        DisplayChoice
    ),
    select(
        literal("calls"),
        literal(""),
        select(func.max(ScreenOrder.id)).scalar_subquery(),
        select(func.max(Moment.id)).scalar_subquery(),
    ),
    select(literal("state"), literal(""), WallState.frozen_days, WallState.id),
    select(literal("screen"), literal(""), Screen.id, Screen.revision).where(Screen.revoked_at.is_(None)),
)


@dataclass(frozen=True, slots=True)
class WallStamp:
    """Equal stamps, equal frames. `revisions` has the revision of each screen that is let in, by its key."""

    using: InUse
    months: tuple[tuple[str, int, int], ...]
    others: tuple[tuple[str, int | None, int | None], ...]
    screens: tuple[tuple[int, int], ...]
    minute: int

    @property
    def revisions(self) -> Mapping[int, int]:
        """By key of the screen."""
        return dict(self.screens)

    @property
    def newest_order(self) -> int:
        """The number of the newest order to screens; 0 before the first."""
        return self._calls[0]

    @property
    def newest_moment(self) -> int:
        """The number of the newest moment; 0 before the first."""
        return self._calls[1]

    @property
    def _calls(self) -> tuple[int, int]:
        return next(
            ((order or 0, moment or 0) for what, order, moment in self.others if what == "calls"), (0, 0)
        )


def wall_stamp(now: Instant) -> WallStamp:
    """Two statements, after which the session is let go."""
    session = page_session()
    try:
        using = in_use(session)
        rows = session.execute(_STATE).all()
    finally:
        let_go()
    return WallStamp(
        using,
        tuple(sorted((name, first, second) for what, name, first, second in rows if what == "month")),
        tuple(
            sorted(
                (what, first, second) for what, _, first, second in rows if what not in ("month", "screen")
            )
        ),
        tuple(sorted((first, second) for what, _, first, second in rows if what == "screen")),
        now // MINUTE,
    )

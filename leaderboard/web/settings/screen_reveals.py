"""Which quarters can be revealed on the screens: those that are sealed, the newest first."""

from leaderboard.domain.periods import PeriodKind
from leaderboard.queries.board_page import PeriodFacts, PeriodState
from leaderboard.queries.ground import Reading
from leaderboard.queries.periods import choices, kept_periods

_MOST = 4


def reveal_choices(now: Reading | None) -> tuple[PeriodFacts, ...]:
    """At most four; none before the first rulebook."""
    if now is None:
        return ()
    present = now.ground.book.calendar.at(PeriodKind.QUARTER, now.now)
    found = choices(now, kept_periods(now), PeriodKind.QUARTER, present)
    return tuple(one for one in found if one.state is PeriodState.SEALED)[:_MOST]

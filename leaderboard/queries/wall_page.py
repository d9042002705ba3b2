"""What a public screen may know: one frozen value per slide, and nothing that is not for everybody's eyes.

There is no field here for a miss, a deduction, a consequence, a person's share in time or fall, nor for anybody of the
lower half: what has no place cannot be sent. Names are those that people chose (leaderboard/queries/public_names.py).
"""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from leaderboard.domain.instants import Instant
from leaderboard.domain.line_ups import Slide
from leaderboard.domain.rulebook import SubjectKind
from leaderboard.queries.board_page import BadgeMark, PeriodFacts, Stake


@dataclass(frozen=True, slots=True)
class WallRep:
    """One of the first places. `climbed` counts places gained since the last local midnight; a fall is 0."""

    key: int
    name: str
    team: str | None
    rank: int
    points: int
    climbed: int = 0
    line: tuple[int, ...] = ()
    badges: tuple[BadgeMark, ...] = ()


@dataclass(frozen=True, slots=True)
class WallTeam:
    """A team's place. Teams are shown whole: `moved` is negative where it fell since the last local midnight."""

    key: int
    name: str
    rank: int
    points: int
    members: int
    moved: int | None = None
    kept: int = 0
    outcomes: int = 0
    is_ours: bool = False
    """One of those whose people the screen shows; False where it shows all."""


@dataclass(frozen=True, slots=True)
class TeamsFacts:
    """The quarter's teams, and what is at stake."""

    period: PeriodFacts
    today: dt.date
    teams: tuple[WallTeam, ...]
    stakes: tuple[Stake, ...]
    frozen_on: dt.date | None = None
    """The day after which the standing stands still; None where it does not."""
    sides: "SidesFacts | None" = None
    """What stands beside it; None where nothing does."""


@dataclass(frozen=True, slots=True)
class RepsFacts:
    """The month's first reps, `of` how many there are."""

    period: PeriodFacts
    now: Instant
    reps: tuple[WallRep, ...]
    of: int
    frozen_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class ClimbersFacts:
    """Those of the first reps who have climbed since yesterday, the farthest first."""

    period: PeriodFacts
    reps: tuple[WallRep, ...]


@dataclass(frozen=True, slots=True)
class FreshBadge:
    """A badge that somebody was awarded."""

    key: int
    name: str
    team: str | None
    badge: BadgeMark
    at: Instant
    scope: SubjectKind


@dataclass(frozen=True, slots=True)
class BadgesFacts:
    """The latest badges."""

    badges: tuple[FreshBadge, ...]
    now: Instant


@dataclass(frozen=True, slots=True)
class Done:
    """A service level met or exceeded. `elapsed_us` is the time that a clock ran, in microseconds; None without one."""

    key: int
    name: str
    team: str | None
    service_level: str
    is_exceeded: bool
    at: Instant
    elapsed_us: int | None
    in_working_time: bool


@dataclass(frozen=True, slots=True)
class TodayFacts:
    """What was done today, the newest first, and how much in all."""

    today: dt.date
    done: tuple[Done, ...]
    exceeded: int
    met: int


@dataclass(frozen=True, slots=True)
class Pace:
    """A team on its way to a month's target: `value` so far of `target`; for shares both are in 1 = 100 %.

    `expected` is what a month that goes on evenly would have by now; None for a share.
    """

    team_key: int
    team: str
    level: str
    value: Decimal
    target: Decimal
    expected: Decimal | None
    is_share: bool

    @property
    def is_reached(self) -> bool:
        """Whether the target is reached as things stand."""
        return self.value >= self.target


@dataclass(frozen=True, slots=True)
class PaceFacts:
    """All teams' targets of the month."""

    period: PeriodFacts
    today: dt.date
    paces: tuple[Pace, ...]


@dataclass(frozen=True, slots=True)
class ContestLeader:
    """Who is ahead in a contest. `score` is None where it would tell a person's share in time."""

    key: int
    name: str
    rank: int
    score: Decimal | None


@dataclass(frozen=True, slots=True)
class WallContest:
    """A contest that runs, and who is ahead."""

    id: str
    name: str
    scope: SubjectKind
    ends_at: Instant
    until_on: dt.date
    levels: tuple[str, ...]
    places: int
    points: int
    money: Decimal | None
    currency: str
    leaders: tuple[ContestLeader, ...]
    is_share: bool


@dataclass(frozen=True, slots=True)
class ContestsFacts:
    """The contests that run."""

    contests: tuple[WallContest, ...]
    now: Instant


@dataclass(frozen=True, slots=True)
class SideFigure:
    """One promise of a party over the month: `value` of `whole`, or towards `target` where there is no whole."""

    name: str
    value: Decimal
    whole: Decimal | None
    target: Decimal | None
    is_share: bool
    median_us: int | None = None
    """The median of the time that its clocks ran, in microseconds; None where none was stopped."""
    in_working_time: bool = False


@dataclass(frozen=True, slots=True)
class SidesFacts:
    """What marketing promised beside what sales promised, as both stand this month."""

    period: PeriodFacts
    marketing_name: str | None
    sales_name: str | None
    marketing: tuple[SideFigure, ...]
    sales: tuple[SideFigure, ...]


@dataclass(frozen=True, slots=True)
class NoteFacts:
    """A free announcement."""

    title: str
    text: str


SlideFacts: TypeAlias = (
    TeamsFacts
    | RepsFacts
    | ClimbersFacts
    | BadgesFacts
    | TodayFacts
    | PaceFacts
    | ContestsFacts
    | SidesFacts
    | NoteFacts
)


@dataclass(frozen=True, slots=True)
class WallSlide:
    """A slide of the line-up with what it shows."""

    place: int
    slide: Slide
    facts: SlideFacts

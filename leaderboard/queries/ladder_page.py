"""What pages show of the ladders: the cases that wait for somebody's word, and where a person stands.

Never on anything public: these go to the one concerned, and to who may decide on them.
"""

import datetime as dt
from dataclasses import dataclass

from leaderboard.domain.decisions import MeasureState
from leaderboard.domain.instants import Instant
from leaderboard.domain.periods import Month
from leaderboard.domain.roster import TimeOff
from leaderboard.domain.rulebook import Consequence, StepMeasure, SubjectKind, Suspension
from leaderboard.queries.rep_page import Promise


@dataclass(frozen=True, slots=True)
class Party:
    """Who is concerned: a rep or a team, by key and by name."""

    subject: SubjectKind
    key: int
    name: str
    team: str | None = None


@dataclass(frozen=True, slots=True)
class Word:
    """The last thing that was decided about a measure."""

    number: int
    at: Instant
    by: str
    reason: str | None


@dataclass(frozen=True, slots=True)
class MeasureFacts:
    """A measure of a step, and where it stands."""

    place: int
    measure: StepMeasure
    state: MeasureState
    word: Word | None = None


@dataclass(frozen=True, slots=True)
class Miss:
    """An outcome that was missed."""

    lead: str | None
    at: Instant
    within_us: int | None
    in_working_time: bool


@dataclass(frozen=True, slots=True)
class Case:
    """A step that a month's rating brought, with the facts beside it."""

    month: Month
    who: Party
    rule: Consequence
    service_level: str
    step: int
    measures: tuple[MeasureFacts, ...]
    strikes: tuple[Month, ...]
    promise: Promise | None
    misses: tuple[Miss, ...] = ()
    grace_until: dt.date | None = None
    suspensions: tuple[Suspension, ...] = ()
    time_off: tuple[TimeOff, ...] = ()

    @property
    def waits(self) -> bool:
        """Whether any measure of it waits for a manager."""
        return any(one.state is MeasureState.WAITING for one in self.measures)


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision on a measure, as a list of the latest shows it."""

    number: int
    kind: str
    at: Instant
    by: str
    reason: str | None
    who: Party
    month: Month
    ladder: str
    measure: StepMeasure | None
    undone: Word | None = None


@dataclass(frozen=True, slots=True)
class Strike:
    """A month that counts, and the last in which it does (None: until clean months clear it)."""

    month: Month
    until: Month | None


@dataclass(frozen=True, slots=True)
class LadderStand:
    """A ladder that applies to somebody, and where they stand on it this month."""

    rule: Consequence
    service_level: str
    subject: SubjectKind
    step: int
    strikes: tuple[Strike, ...]
    clean: int
    cases: tuple[Case, ...]
    grace_until: dt.date | None = None
    suspension: Suspension | None = None

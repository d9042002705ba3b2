"""What a lead's timeline comes to: outcomes of clocks and verdicts, and what it counts in sums."""

import datetime as dt
from decimal import Decimal
from typing import NamedTuple

from leaderboard.domain.events import Event
from leaderboard.domain.instants import Instant
from leaderboard.domain.rulebook import Rating, SubjectKind
from leaderboard.domain.versions import Side


class EventRef(NamedTuple):
    """Names an event: unique within its source."""

    source: str
    id: str

    @classmethod
    def of(cls, event: Event) -> "EventRef":
        """The name of an event."""
        return cls(event.source, event.id)

    @property
    def key(self) -> str:
        """The name as one text, in the order of id, then source.

        The length tells where the source begins, for both may hold whatever is put between them; a tab comes before
        all that one can see, so that `a` comes before `a/b`.
        """
        return f"{self.id}\t{self.source}\t{len(self.source)}"

    @classmethod
    def parse(cls, key: str) -> "EventRef":
        """The event that a key names."""
        names, _, length = key.rpartition("\t")
        cut = len(names) - int(length)
        return cls(names[cut:], names[: cut - 1])


class Outcome(NamedTuple):
    """How one clock, or one verdict, turned out; with all that explains it.

    `at` is the closing instant, or for `missed` the due instant; `holder` the rep whose it is (None:
    nobody's); `team` the holder's at `at`. Elapsed and limits are microseconds of open time; a
    verdict has none.
    """

    service_level: str
    rating: Rating
    at: Instant
    holder: str | None
    team: str | None
    lead: str | None
    rulebook_on: dt.date
    subject: SubjectKind
    points: int
    opening: EventRef
    opening_order: tuple[Instant, int, str, str]
    closing: EventRef | None = None
    due_at: Instant | None = None
    elapsed_us: int | None = None
    within_us: int | None = None
    exceed_within_us: int | None = None

    @property
    def opened_at(self) -> Instant:
        """When the clock opened, or the verdict's time."""
        return self.opening_order[0]

    @property
    def key(self) -> str:
        """Names the outcome for good: an event opens one clock of a service level at most."""
        return f"{self.service_level}/{self.opening.key}"


def streak_order(outcome: Outcome) -> tuple[Instant, bool, str, tuple[Instant, int, str, str]]:
    """The order in which streaks and counts run: instant, then lead (none first), then opening."""
    return (outcome.at, outcome.lead is not None, outcome.lead or "", outcome.opening_order)


class Contribution(NamedTuple):
    """What one event adds to a sum of a volume or ratio; `rep` None: it counts for nobody.

    On the side `task`: that the rep did a task, whose id then stands for the service level.
    """

    service_level: str
    side: Side
    at: Instant
    rep: str | None
    team: str | None
    value: Decimal
    event: EventRef

    @property
    def key(self) -> str:
        """Names the contribution for good."""
        return f"{self.service_level}/{self.side}/{self.event.key}"


class RunningClock(NamedTuple):
    """A clock that is open and not overdue; `due_at` is None while it is paused."""

    service_level: str
    lead: str | None
    holder: str | None
    opened_at: Instant
    due_at: Instant | None
    elapsed_us: int
    within_us: int
    exceed_within_us: int | None
    paused: bool
    rulebook_on: dt.date
    opening: EventRef


class LeadFold(NamedTuple):
    """All that follows from one lead's events by an instant."""

    outcomes: tuple[Outcome, ...] = ()
    contributions: tuple[Contribution, ...] = ()
    running: tuple[RunningClock, ...] = ()

    @property
    def due_at(self) -> Instant | None:
        """After this instant (strictly) a clock that runs now is overdue; None where none will be."""
        return min((clock.due_at for clock in self.running if clock.due_at is not None), default=None)

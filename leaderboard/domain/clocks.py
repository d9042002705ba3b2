"""Response clocks: how they open, run, change hands and close (rulebook.md, `measure: response`)."""

from enum import Enum, auto

from leaderboard.domain.business_time import OpenTime
from leaderboard.domain.events import LEAD_ASSIGNED, Event, lead_order
from leaderboard.domain.instants import SECOND, Instant
from leaderboard.domain.outcomes import EventRef, Outcome, RunningClock
from leaderboard.domain.roster import Placement
from leaderboard.domain.rulebook import OnReassign, Rating, Response, StopRule
from leaderboard.domain.versions import Version


class Attempts:
    """Counts the stop events of one clock, as `count`, `distinct` and `apart` want it (rule 5)."""

    __slots__ = ("_counted", "_last_at", "_rule", "_seen")

    def __init__(self, rule: StopRule) -> None:
        self._rule = rule
        self._counted = 0
        self._last_at: Instant | None = None
        self._seen: set[str | None] = set()

    def satisfied_by(self, event: Event) -> bool:
        """Whether this stop event, read after all the earlier ones, is the one that closes the clock."""
        rule = self._rule
        if not self._counts(event):
            return False
        self._counted += 1
        return self._counted == rule.count

    def _counts(self, event: Event) -> bool:
        rule = self._rule
        if rule.distinct is None and rule.apart_seconds is None:
            return True
        if rule.distinct is not None and event.attributes.get(rule.distinct) in self._seen:
            return False
        apart = rule.apart_seconds
        if apart is not None and self._last_at is not None and event.time - self._last_at < apart * SECOND:
            return False
        if rule.distinct is not None:
            self._seen.add(event.attributes.get(rule.distinct))
        self._last_at = event.time
        return True


class Effect(Enum):
    """What an event did to a clock."""

    NONE = auto()
    CLOSED = auto()
    HANDED_OVER = auto()


class Clock:
    """One clock of one lead, from its opening to its outcome.

    It is told every later event of the lead in order, until one ends it. `holder` is whose it is now; `outcome` what
    came of it, if anything. A missed clock stays open, without further effect, until it is stopped or, with `restart`,
    reassigned (rule 6).
    """

    __slots__ = (
        "_attempts", "_due_at", "_elapsed_us", "_exceed_us", "_hours", "_opening", "_paused",
        "_placement", "_running_since", "_version", "_within_us", "holder", "level", "outcome",
    )  # fmt: skip

    def __init__(
        self,
        version: Version,
        level: Response,
        opening: Event,
        holder: str | None,
        limits_us: tuple[int, int | None],
        placement: Placement,
    ) -> None:
        self.level = level
        self.holder = holder
        self.outcome: Outcome | None = None
        self._version = version
        self._hours: OpenTime = version.hours(level)
        self._opening = opening
        self._within_us, self._exceed_us = limits_us
        self._placement = placement
        self._attempts = Attempts(level.stop)
        self._paused = False
        self._elapsed_us = 0
        self._running_since = opening.time
        self._due_at = self._next_due()

    @classmethod
    def opened_by(
        cls,
        event: Event,
        version: Version,
        level: Response,
        holder: str | None,
        grade: str | None,
        placement: Placement,
    ) -> "Clock | None":
        """A clock opened by an event; None where the service level has no limit for the lead's grade (rule
        1).
        """
        within = level.within.seconds_for(grade)
        if within is None:
            return None
        exceed = level.exceed_within.seconds_for(grade) if level.exceed_within is not None else None
        limits_us = (within * SECOND, None if exceed is None else exceed * SECOND)
        return cls(version, level, event, holder, limits_us, placement)

    def read(self, event: Event, new_owner: str | None) -> Effect:
        """Takes in one later event of the lead. Stopping goes before reassignment (rule 5).

        `new_owner` is the rep that a `lead.assigned` names, by the id the roster has for him. HANDED_OVER is
        `restart`:
        this clock is done with, and a new one is to be opened for the new owner.
        """
        self.miss_if_overdue(event.time)
        # Most events stop nothing: no call for those.
        if event.type in self.level.stop.events and self._attempts.satisfied_by(event):
            if self.outcome is None:
                self._close(event)
            return Effect.CLOSED
        if self.outcome is None:
            self._pause_or_resume(event)
        if event.type == LEAD_ASSIGNED and new_owner != self.holder:
            return self._reassign(event.time, new_owner)
        return Effect.NONE

    def miss_if_overdue(self, instant: Instant) -> None:
        """Missed, at its due instant, at every instant later than that (rules 3 and 6)."""
        if self.outcome is None and self._due_at is not None and instant > self._due_at:
            self._conclude(Rating.MISSED, self._due_at, self._within_us, None)

    def running(self) -> RunningClock | None:
        """The clock as it runs; None once it is missed."""
        if self.outcome is not None:
            return None
        return RunningClock(
            self.level.id, self._opening.lead, self.holder, self._opening.time, self._due_at,
            self._elapsed_us, self._within_us, self._exceed_us, self._paused, self._version.effective_from,
            EventRef.of(self._opening),
        )  # fmt: skip

    def elapsed_us(self, instant: Instant) -> int:
        """Open time used up by an instant not before the last event read."""
        if self._paused:
            return self._elapsed_us
        off = self._placement.off(self.holder)
        return self._elapsed_us + self._hours.between(self._running_since, instant, off)

    def _next_due(self) -> Instant | None:
        left_us = self._within_us - self._elapsed_us
        return self._hours.add(self._running_since, left_us, self._placement.off(self.holder))

    def _pause_or_resume(self, event: Event) -> None:
        if self._paused:
            if event.type in self.level.resume:
                self._run_on_from(event.time)
        elif event.type in self.level.pause:
            self._elapsed_us = self.elapsed_us(event.time)
            self._paused = True
            # A clock that is due at this very instant has reached its limit: no pause takes that back.
            if self._due_at != event.time:
                self._due_at = None

    def _run_on_from(self, instant: Instant) -> None:
        self._paused = False
        self._running_since = instant
        if self._elapsed_us < self._within_us:
            self._due_at = self._next_due()

    def _reassign(self, instant: Instant, new_owner: str | None) -> Effect:
        if self.level.on_reassign is OnReassign.RESTART:
            return Effect.HANDED_OVER
        if self.outcome is None:
            self._elapsed_us = self.elapsed_us(instant)
            self._running_since = instant
            self.holder = new_owner
            if not self._paused:
                self._due_at = self._next_due()
        return Effect.NONE

    def _close(self, event: Event) -> None:
        elapsed_us = self.elapsed_us(event.time)
        exceeded = self._exceed_us is not None and elapsed_us <= self._exceed_us
        self._conclude(Rating.EXCEEDED if exceeded else Rating.MET, event.time, elapsed_us, event)

    def _conclude(self, rating: Rating, at: Instant, elapsed_us: int, closing: Event | None) -> None:
        level = self.level
        self.outcome = Outcome(
            level.id, rating, at, self.holder, self._placement.team_at(self.holder, at), self._opening.lead,
            self._version.effective_from, level.subject, level.each.of(rating),
            EventRef.of(self._opening), lead_order(self._opening),
            None if closing is None else EventRef.of(closing),
            self._due_at, elapsed_us, self._within_us, self._exceed_us,
        )  # fmt: skip

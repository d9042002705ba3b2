"""A lead's timeline folded into what follows from it: pure, and the same in whatever order events came."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence

from leaderboard.domain.clocks import Clock, Effect
from leaderboard.domain.events import (
    EVENT_VOIDED,
    LEAD_ASSIGNED,
    LEAD_EXCLUDED,
    OUTCOME_RECORDED,
    TASK_COMPLETED,
    Event,
    lead_order,
)
from leaderboard.domain.instants import Instant
from leaderboard.domain.measures import verdict, worth
from leaderboard.domain.outcomes import Contribution, EventRef, LeadFold, Outcome
from leaderboard.domain.roster import Placement
from leaderboard.domain.rulebook import Response
from leaderboard.domain.tasks import completion
from leaderboard.domain.versions import Book, Counter, Version

NOTHING = LeadFold()
_NONE: frozenset[str] = frozenset()


def without_voided(events: Iterable[Event]) -> list[Event]:
    """The events less those that an `event.voided` of their source cancels; a voiding itself can't be."""
    known = list(events)
    voided = {
        (event.source, event.attributes["voids"])
        for event in known
        if event.type == EVENT_VOIDED and "voids" in event.attributes
    }
    if not voided:
        return known
    return [e for e in known if e.type == EVENT_VOIDED or (e.source, e.id) not in voided]


def fold_lead(events: Sequence[Event], book: Book, placement: Placement, as_of: Instant) -> LeadFold:
    """Outcomes, contributions and running clocks of one lead (or of one verdict without lead).

    `events` are the lead's, none of them voided, in any order; those after `as_of` do not exist yet.
    """
    timeline = [event for event in events if event.time <= as_of]
    timeline.sort(key=lead_order)
    if LEAD_EXCLUDED in [event.type for event in timeline]:
        return NOTHING
    return _Fold(timeline, book, placement).result(as_of)


class _Fold:
    """The state while a timeline is read."""

    def __init__(self, timeline: list[Event], book: Book, placement: Placement) -> None:
        self._timeline = timeline
        self._book = book
        self._placement = placement
        self._resolve = placement.roster.resolve
        assigned = [(e.time, self._resolve(e.rep)) for e in timeline if e.type == LEAD_ASSIGNED and e.rep]
        self._assigned_at = [at for at, _ in assigned]
        self._owners = [rep for _, rep in assigned]
        graded = [
            (e.time, e.attributes["grade"]) for e in timeline if e.attributes and "grade" in e.attributes
        ]
        self._graded_at = [at for at, _ in graded]
        self._grades = [grade for _, grade in graded]
        self._open: dict[str, Clock] = {}
        self._firsts: dict[tuple[str, str, frozenset[str]], tuple[str, str]] = {}
        self._outcomes: list[Outcome] = []
        self._contributions: list[Contribution] = []

    def result(self, as_of: Instant) -> LeadFold:
        for event in self._timeline:
            self._read(event)
        running = []
        for clock in self._open.values():
            clock.miss_if_overdue(as_of)
            self._keep_outcome(clock)
            still = clock.running()
            if still is not None:
                running.append(still)
        return LeadFold(tuple(self._outcomes), tuple(self._contributions), tuple(running))

    def _read(self, event: Event) -> None:
        _, _, kind, time, lead, written, _ = event
        version = self._book.at(time)
        rep = None if written is None else self._resolve(written)
        ended = self._tell_clocks(event, version, rep) if self._open else _NONE
        if version is not None:
            # A clock is a lead's: a verdict without one starts none.
            if kind in version.starts and lead is not None:
                for level in version.starts[kind]:
                    if level.id not in self._open and level.id not in ended:
                        self._open_clock(event, version, level, rep or self._owner_at(time))
            if kind == OUTCOME_RECORDED:
                outcome = verdict(event, version, rep, self._placement)
                if outcome is not None:
                    self._outcomes.append(outcome)
            elif kind == TASK_COMPLETED:
                done = completion(event, version, rep, self._placement)
                if done is not None:
                    self._contributions.append(done)
        if kind in self._book.counted:
            self._count(event, version, rep)

    def _tell_clocks(self, event: Event, version: Version | None, rep: str | None) -> set[str]:
        """The service levels whose clock this event ended: it opens no other of those by being a start."""
        ended: set[str] = set()
        for name, clock in list(self._open.items()):
            effect = clock.read(event, rep)
            if effect is Effect.NONE:
                continue
            ended.add(name)
            self._keep_outcome(clock)
            del self._open[name]
            level = version.response(name) if version is not None else None
            if effect is Effect.HANDED_OVER and version is not None and level is not None:
                self._open_clock(event, version, level, rep)
        return ended

    def _open_clock(self, event: Event, version: Version, level: Response, holder: str | None) -> None:
        clock = Clock.opened_by(event, version, level, holder, self._grade_at(event.time), self._placement)
        if clock is not None:
            self._open[level.id] = clock

    def _keep_outcome(self, clock: Clock) -> None:
        if clock.outcome is not None:
            self._outcomes.append(clock.outcome)

    def _count(self, event: Event, version: Version | None, rep: str | None) -> None:
        for candidate in self._book.versions:
            for counter in candidate.counters.get(event.type, ()):
                first = self._is_first(counter, event)
                if candidate is version and first:
                    self._contribute(event, counter, rep or self._owner_at(event.time))

    def _is_first(self, counter: Counter, event: Event) -> bool:
        """Whether the event counts: with `once_per_lead`, only the lead's first of those types ever."""
        if not counter.counted.once_per_lead:
            return True
        key = (counter.service_level, counter.side.value, counter.counted.events)
        seen = (event.source, event.id)
        return self._firsts.setdefault(key, seen) == seen

    def _contribute(self, event: Event, counter: Counter, rep: str | None) -> None:
        value = worth(event, counter.counted.worth, lambda: self._grade_at(event.time))
        self._contributions.append(
            Contribution(
                counter.service_level,
                counter.side,
                event.time,
                rep,
                self._placement.team_at(rep, event.time),
                value,
                EventRef.of(event),
            )
        )

    def _owner_at(self, instant: Instant) -> str | None:
        place = bisect_right(self._assigned_at, instant)
        return self._owners[place - 1] if place else None

    def _grade_at(self, instant: Instant) -> str | None:
        place = bisect_right(self._graded_at, instant)
        return self._grades[place - 1] if place else None

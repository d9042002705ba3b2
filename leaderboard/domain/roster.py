"""Teams, reps and who is where when (rulebook.md, Roster)."""

import datetime as dt
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from zoneinfo import ZoneInfo

from leaderboard.domain.instants import Instant, midnight

_ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Team:
    """A team; `department` is `sales` or `marketing`, as the party of a service level."""

    id: str
    name: str
    department: str
    manager: str | None = None


@dataclass(frozen=True, slots=True)
class TeamSpan:
    """From one date to another, both included; open where `until_on` is None."""

    team: str
    from_on: dt.date
    until_on: dt.date | None = None

    def covers(self, day: dt.date) -> bool:
        """Whether the date lies in the span."""
        return self.from_on <= day and (self.until_on is None or day <= self.until_on)

    def touches(self, first_on: dt.date, last_on: dt.date) -> bool:
        """Whether any date of the two bounds (both included) lies in the span."""
        return self.from_on <= last_on and (self.until_on is None or first_on <= self.until_on)


@dataclass(frozen=True, slots=True)
class TimeOff:
    """Dates on which no open time of a rep's clocks elapses, both included."""

    from_on: dt.date
    until_on: dt.date


@dataclass(frozen=True, slots=True)
class Rep:
    """A person who holds leads. Spans are in the order of their dates and do not overlap."""

    id: str
    name: str
    email: str | None = None
    aliases: tuple[str, ...] = ()
    teams: tuple[TeamSpan, ...] = ()
    time_off: tuple[TimeOff, ...] = ()

    def team_on(self, day: dt.date) -> str | None:
        """The team whose span covers the date; None between spans."""
        return next((span.team for span in self.teams if span.covers(day)), None)


@dataclass(frozen=True)
class Roster:
    """All teams and reps. Equal by value; the look-ups are made once, when first asked for."""

    teams: Mapping[str, Team] = field(default_factory=dict)
    reps: Mapping[str, Rep] = field(default_factory=dict)

    @cached_property
    def _names(self) -> dict[str, str]:
        names = {alias: rep.id for rep in self.reps.values() for alias in rep.aliases}
        return names | {rep_id: rep_id for rep_id in self.reps}

    @cached_property
    def rep_names(self) -> Mapping[str, str]:
        """The names to show by id; an unknown rep's is the id."""
        return {rep.id: rep.name for rep in self.reps.values()}

    @cached_property
    def team_names(self) -> Mapping[str, str]:
        """The names to show by id; an unknown team's is the id."""
        return {team.id: team.name for team in self.teams.values()}

    @cached_property
    def spans(self) -> tuple[tuple[dt.date, dt.date, str, str], ...]:
        """Who was in a team from when until when (the last day there is, where it is open): dates, rep, team."""
        return tuple(
            (span.from_on, span.until_on or dt.date.max, rep.id, span.team)
            for rep in self.reps.values()
            for span in rep.teams
        )

    def resolve(self, written: str) -> str:
        """The id of the rep that an event names by id or alias; a name nobody bears is an id of its own."""
        return self._names.get(written, written)

    def rep_name(self, rep_id: str) -> str:
        """The name to show; an unknown rep's is the id."""
        return self.rep_names.get(rep_id, rep_id)

    def team_name(self, team_id: str) -> str:
        """The name to show; an unknown team's is the id."""
        return self.team_names.get(team_id, team_id)


class Placement:
    """A roster seen from one time zone: who is in which team at an instant, and who is off.

    Spans are cut at local midnights once, so that each question is one binary search.
    """

    def __init__(self, roster: Roster, zone: ZoneInfo) -> None:
        self.roster = roster
        self.zone = zone
        self._starts: dict[str, tuple[list[Instant], list[str]]] = {}
        self._off: dict[str, tuple[tuple[Instant, Instant], ...]] = {}
        for rep in roster.reps.values():
            spans = sorted(rep.teams, key=lambda span: span.from_on)
            self._starts[rep.id] = ([midnight(s.from_on, zone) for s in spans], [s.team for s in spans])
            if rep.time_off:
                self._off[rep.id] = _merged([self._bounds(off) for off in rep.time_off])

    def _bounds(self, off: TimeOff) -> tuple[Instant, Instant]:
        # "Until 9999-12-31" means for good; the calendar has no day after it.
        after_on = off.until_on + _ONE_DAY if off.until_on < dt.date.max else dt.date.max
        return midnight(off.from_on, self.zone), midnight(after_on, self.zone)

    def team_at(self, rep_id: str | None, instant: Instant) -> str | None:
        """The rep's team then: the span that covers it, else the last that ended before it, else None.

        Both are the last span that began by then, for spans do not overlap.
        """
        known = self._starts.get(rep_id) if rep_id is not None else None
        if known is None:
            return None
        place = bisect_right(known[0], instant)
        return known[1][place - 1] if place else None

    def off(self, rep_id: str | None) -> tuple[tuple[Instant, Instant], ...]:
        """The rep's time off as half-open spans of instants, in order, apart from each other."""
        return self._off.get(rep_id, ()) if rep_id is not None else ()


def _merged(spans: list[tuple[Instant, Instant]]) -> tuple[tuple[Instant, Instant], ...]:
    merged: list[tuple[Instant, Instant]] = []
    for start_at, end_at in sorted(spans):
        if merged and start_at <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end_at))
        else:
            merged.append((start_at, end_at))
    return tuple(merged)

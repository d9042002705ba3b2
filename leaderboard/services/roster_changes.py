"""Two rosters: what changes from the one to the other, as facts that pages put into words."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from leaderboard.domain.roster import Rep, Roster, Team, TeamSpan

_ONE_DAY = dt.timedelta(days=1)


class ChangeKind(StrEnum):
    """What is another."""

    TEAM_ADDED = "team_added"
    TEAM_REMOVED = "team_removed"
    TEAM_RENAMED = "team_renamed"
    DEPARTMENT = "department"
    MANAGER = "manager"
    REP_ADDED = "rep_added"
    REP_REMOVED = "rep_removed"
    REP_RENAMED = "rep_renamed"
    EMAIL = "email"
    IN_TEAM = "in_team"
    TIME_OFF_ADDED = "time_off_added"
    TIME_OFF_REMOVED = "time_off_removed"
    ALIAS_ADDED = "alias_added"
    ALIAS_REMOVED = "alias_removed"


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that changes. `subject` is the id of the team or rep, `before` and `after` are texts or ids.

    Dates are both included; `until_on` is None where it lasts. A rep's team is told only where it is another one.
    """

    kind: ChangeKind
    subject: str
    before: str | None = None
    after: str | None = None
    from_on: dt.date | None = None
    until_on: dt.date | None = None

    @property
    def is_of_team(self) -> bool:
        """Whether the subject is a team; else it is a rep."""
        return self.kind in _OF_TEAMS


_OF_TEAMS = frozenset(
    {
        ChangeKind.TEAM_ADDED,
        ChangeKind.TEAM_REMOVED,
        ChangeKind.TEAM_RENAMED,
        ChangeKind.DEPARTMENT,
        ChangeKind.MANAGER,
    }
)


def roster_changes(before: Roster, after: Roster) -> tuple[Change, ...]:
    """All that changes: teams first, then reps, each in the order of the rosters."""
    return (*_teams(before, after), *_reps(before, after))


def _teams(before: Roster, after: Roster) -> Iterator[Change]:
    for team in after.teams.values():
        was = before.teams.get(team.id)
        if was is None:
            yield Change(ChangeKind.TEAM_ADDED, team.id, after=team.name)
            was = Team(team.id, team.name, team.department)
        yield from _team(was, team)
    for team in before.teams.values():
        if team.id not in after.teams:
            yield Change(ChangeKind.TEAM_REMOVED, team.id, before=team.name)


def _team(was: Team, now: Team) -> Iterator[Change]:
    for kind, before, after in (
        (ChangeKind.TEAM_RENAMED, was.name, now.name),
        (ChangeKind.DEPARTMENT, was.department, now.department),
        (ChangeKind.MANAGER, was.manager, now.manager),
    ):
        if before != after:
            yield Change(kind, now.id, before, after)


def _reps(before: Roster, after: Roster) -> Iterator[Change]:
    for rep in after.reps.values():
        was = before.reps.get(rep.id)
        if was is None:
            yield Change(ChangeKind.REP_ADDED, rep.id, after=rep.name)
            was = Rep(rep.id, rep.name)
        if was != rep:
            yield from _rep(was, rep)
    for rep in before.reps.values():
        if rep.id not in after.reps:
            yield Change(ChangeKind.REP_REMOVED, rep.id, before=rep.name)


def _rep(was: Rep, now: Rep) -> Iterator[Change]:
    if was.name != now.name:
        yield Change(ChangeKind.REP_RENAMED, now.id, was.name, now.name)
    if was.email != now.email:
        yield Change(ChangeKind.EMAIL, now.id, was.email, now.email)
    yield from team_changes(was, now)
    for off in now.time_off:
        if off not in was.time_off:
            yield Change(ChangeKind.TIME_OFF_ADDED, now.id, from_on=off.from_on, until_on=off.until_on)
    for off in was.time_off:
        if off not in now.time_off:
            yield Change(ChangeKind.TIME_OFF_REMOVED, now.id, from_on=off.from_on, until_on=off.until_on)
    yield from (
        Change(ChangeKind.ALIAS_ADDED, now.id, after=one) for one in now.aliases if one not in was.aliases
    )
    yield from (
        Change(ChangeKind.ALIAS_REMOVED, now.id, before=one) for one in was.aliases if one not in now.aliases
    )


def team_changes(was: Rep, now: Rep) -> Iterator[Change]:
    """From when until when the rep is in another team than before; neighbouring days that change alike are one."""
    found: Change | None = None
    for first_on, next_on in pairwise([*_cuts((*was.teams, *now.teams)), None]):
        assert first_on is not None
        before, after = was.team_on(first_on), now.team_on(first_on)
        until_on = None if next_on is None else next_on - _ONE_DAY
        if found is not None and (found.before, found.after) == (before, after):
            found = Change(ChangeKind.IN_TEAM, now.id, before, after, found.from_on, until_on)
            continue
        if found is not None:
            yield found
        found = None
        if before != after:
            found = Change(ChangeKind.IN_TEAM, now.id, before, after, first_on, until_on)
    if found is not None:
        yield found


def _cuts(spans: tuple[TeamSpan, ...]) -> list[dt.date]:
    """The days on which any span begins, or has just ended."""
    begins = {span.from_on for span in spans}
    ends = {span.until_on for span in spans if span.until_on is not None and span.until_on < dt.date.max}
    return sorted(begins | {day + _ONE_DAY for day in ends})

"""Who may see and change what of the roster on screen: nothing, unless it is said here.

Administrators all of it. A manager who stands for a rep and manages a team sees that team and the reps whose team, now
or last, it is, and who were in none so far; gives them time off, hands them on to any team, and takes into their own
whoever is in none. Names, aliases, teams and files are the administrators'.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from leaderboard.domain.roster import Rep, Roster
from leaderboard.services.login_sessions import LoggedIn
from leaderboard.services.roster_changes import Change, ChangeKind
from leaderboard.services.roster_edits import EditRefused

_OF_MANAGERS = frozenset(
    {
        ChangeKind.IN_TEAM,
        ChangeKind.TIME_OFF_ADDED,
        ChangeKind.TIME_OFF_REMOVED,
        ChangeKind.REP_ADDED,
        ChangeKind.ALIAS_ADDED,
    }
)


@dataclass(frozen=True, slots=True)
class Reach:
    """How far somebody reaches: `teams` are those they manage, None for all."""

    teams: frozenset[str] | None

    @property
    def is_all(self) -> bool:
        """Whether everything is theirs."""
        return self.teams is None

    def has_team(self, team: str | None) -> bool:
        """Whether the team is theirs."""
        return self.teams is None or team in self.teams

    def has_rep(self, rep: Rep, on: dt.date) -> bool:
        """Whether they may look at the rep: the team now or last, or none so far."""
        if self.teams is None:
            return True
        latest = [span.team for span in rep.teams if span.from_on <= on]
        return not rep.teams or bool(
            self.teams & {*latest[-1:], *(s.team for s in rep.teams if s.from_on > on)}
        )

    def check(self, changes: Iterable[Change]) -> None:
        """Raises EditRefused for a change that is not theirs to make."""
        for change in changes if self.teams is not None else ():
            if change.kind not in _OF_MANAGERS:
                raise EditRefused("", "not_yours")
            if change.kind is ChangeKind.IN_TEAM and not self._may_move(change):
                raise EditRefused("from_on", "not_your_days")

    def _may_move(self, change: Change) -> bool:
        """Out of a team of theirs into any, and out of none into theirs."""
        return self.has_team(change.after if change.before is None else change.before)


def reach_of(who: LoggedIn, roster: Roster, rep_id: str | None) -> Reach | None:
    """How far a login reaches, `rep_id` being the rep it stands for; None: not into the roster at all."""
    if who.role == "admin":
        return Reach(None)
    if who.role != "manager" or rep_id is None:
        return None
    teams = frozenset(team.id for team in roster.teams.values() if team.manager == rep_id)
    return Reach(teams) if teams else None

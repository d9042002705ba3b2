"""On whom a login may decide: an administrator on everybody, a manager on the reps and teams of whom the roster says
so, and nobody on themselves.
"""

from dataclasses import dataclass

from leaderboard.domain.instants import Instant
from leaderboard.domain.roster import Placement
from leaderboard.domain.rulebook import SubjectKind
from leaderboard.services.login_sessions import LoggedIn


def decides(who: LoggedIn) -> bool:
    """Whether the login decides on anybody at all; whom a manager may decide on goes by the rep he is."""
    return who.role == "admin" or (who.role == "manager" and who.person_id is not None)


@dataclass(frozen=True, slots=True)
class Powers:
    """What a login may decide, by the roster, at an instant. `own` is the rep it stands for."""

    role: str
    own: str | None
    placement: Placement
    now: Instant

    def on(self, subject: SubjectKind, subject_id: str) -> bool:
        """Whether they may decide on this rep or team."""
        if subject is SubjectKind.REP and subject_id == self.own:
            return False
        if self.role == "admin":
            return True
        if self.role != "manager" or self.own is None:
            return False
        is_rep = subject is SubjectKind.REP
        team_id = self.placement.team_at(subject_id, self.now) if is_rep else subject_id
        team = self.placement.roster.teams.get(team_id or "")
        return team is not None and team.manager == self.own

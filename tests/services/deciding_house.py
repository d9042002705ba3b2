"""A small company in which there is something to decide: a ladder with measures that wait, badges, tasks, logins."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from leaderboard.domain.rulebook import SubjectKind
from leaderboard.persistence.models import Team
from leaderboard.services import login_sessions, users
from leaderboard.services.deciding import MeasureKey
from leaderboard.services.evaluation import bring_up_to_date
from leaderboard.services.login_sessions import LoggedIn
from leaderboard.services.roster_import import import_roster
from leaderboard.services.rulebook_apply import apply_rulebook
from tests.services.acme import RULEBOOK, SetClock, july

NOW = "2026-08-02T10:00:00Z"
LADDER = b"""
  champions: {name: Champions}
  thanks: {name: Thank you, points: 20}
by_hand: {points: 100, badges: 2, alone: 30}
recognition:
  best-rep: {name: Best rep, period: month, scope: rep, places: 1, bonus: 400}
  best-team: {name: Best team, period: quarter, scope: team, places: 1, bonus: 1500.50, badge: champions}
consequences:
  slow:
    name: Slow to call
    service_level: first-contact
    steps:
      - [{do: deduct, points: 40, approval: manager}, {do: coaching, approval: manager}, {do: notify_rep}]
      - [{do: deduct, points: 80}, {do: no_bonus}]
    clears_after: 2
    expires_after: 6
tasks:
  training: {name: Training, until: 2026-08-31, prize: {points: 15, money: 20}}
  profile: {name: Profile, until: 2026-08-31, prize: {points: 5}, confirm: nobody}
"""
ROSTER = b"""
teams:
  north: {name: North, department: sales}
  south: {name: South, department: sales, manager: rui}
reps:
  rui: {name: Rui Faria, teams: [{team: south, from: 2026-01-01}]}
  ana: {name: Ana Souza, teams: [{team: north, from: 2026-01-01}]}
  ben: {name: Ben Costa, teams: [{team: south, from: 2026-01-01}]}
"""


@dataclass(frozen=True)
class Deciders:
    """The logins, and the keys of those concerned."""

    ada: LoggedIn
    bob: LoggedIn
    rui: LoggedIn
    ben: LoggedIn
    head: LoggedIn
    people: dict[str, int]
    south: int
    north: int

    def slow(self, place: int = 0, who: str = "ben") -> MeasureKey:
        """A measure of the ladder in July."""
        return MeasureKey("2026-07", "slow", SubjectKind.REP, self.people[who], place)


def build(session: Session, at: SetClock) -> Deciders:
    """July is over, and Ben missed it; it is 2 August, before July closes."""
    now = at("2026-07-01T00:00:00Z")
    apply_rulebook(RULEBOOK + LADDER, "rulebook.yaml", now, "test")
    import_roster(ROSTER, "roster.yaml", now, "test")
    made = (("ada", "admin", None), ("bob", "admin", None), ("rui", "manager", "rui"), ("ben", "rep", "ben"),
            ("ana", "rep", "ana"), ("head", "manager", None))  # fmt: skip
    for name, role, rep in made:
        users.create(f"{name}@example.com", role, rep=rep, password=None, actor="test", now=now)
    july(session)
    now = at(NOW)
    bring_up_to_date(now)
    people = {name: users.existing(f"{name}@example.com").person_id or 0 for name in ("rui", "ben", "ana")}
    teams = {row.team_id: row.id for row in session.execute(select(Team.team_id, Team.id))}
    logins = {
        name: login(session, f"{name}@example.com", now) for name in ("ada", "bob", "rui", "ben", "head")
    }
    return Deciders(**logins, people=people, south=teams["south"], north=teams["north"])


def login(session: Session, email: str, now: int) -> LoggedIn:
    """Who comes in by this address."""
    token = login_sessions.begin(session, users.existing(email).id, now)
    session.commit()
    found = login_sessions.find(token, now)
    assert found is not None
    return found

"""Who looks at which roster, and when: what each of its pages begins with."""

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from flask import abort, g

from leaderboard.domain.instants import to_datetime
from leaderboard.domain.roster import Rep
from leaderboard.services import clock
from leaderboard.services.login_sessions import LoggedIn
from leaderboard.services.roster_access import Reach, reach_of
from leaderboard.services.roster_saving import RosterInUse, roster_in_use
from leaderboard.web import shell
from leaderboard.web.access import logged_in


@dataclass(frozen=True)
class Scene:
    """One request's."""

    who: LoggedIn
    using: RosterInUse
    reach: Reach
    today: dt.date
    zone: ZoneInfo

    def rep(self, person: int) -> Rep:
        """The rep of a key; 404 where there is none, or none of theirs."""
        rep_id = self.using.rep_ids.get(person)
        if rep_id is None or not self.reach.has_rep(self.using.roster.reps[rep_id], self.today):
            abort(404)
        return self.using.roster.reps[rep_id]

    def has_left(self, rep: Rep) -> bool:
        """Whether the rep's last day is over."""
        return bool(rep.teams) and all(
            span.until_on is not None and span.until_on < self.today for span in rep.teams
        )


def using() -> RosterInUse:
    """The roster in use, looked up once a request."""
    if "roster_in_use" not in g:
        g.roster_in_use = roster_in_use()
    found: RosterInUse = g.roster_in_use
    return found


def reach(who: LoggedIn) -> Reach | None:
    """How far they reach; None: not into the roster."""
    if who.role not in ("manager", "admin"):
        return None
    now = using()
    return reach_of(who, now.roster, now.rep_ids.get(who.person_id or 0))


def scene() -> Scene:
    """For a page behind the guard of its part."""
    who = logged_in()
    found = reach(who)
    if found is None:
        abort(404)
    zone = ZoneInfo(shell.organization().zone)
    return Scene(who, using(), found, to_datetime(clock.now(), zone).date(), zone)


def whole() -> Scene:
    """For what is the administrators' only: 404 for others."""
    found = scene()
    if not found.reach.is_all:
        abort(404)
    return found

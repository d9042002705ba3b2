"""Whose points a login may look into: deny by default.

A rep sees their own page. A manager who is a rep of the roster sees their own and those of the reps whose team, now or
last, they manage; a manager's login that stands for no rep (a head of sales, an auditor) and administrators see all.
"""

from sqlalchemy.orm import Session

from leaderboard.domain.instants import Instant
from leaderboard.persistence.db import db, reading_engine
from leaderboard.persistence.models import Person
from leaderboard.services.login_sessions import LoggedIn
from leaderboard.services.rules import current_rules

_LARGEST_KEY = 2**63 - 1


def may_see(who: LoggedIn, person_id: int, now: Instant) -> bool:
    """Whether there is such a person, and the login may look into their points."""
    if person_id > _LARGEST_KEY:
        return False  # an address may bear any number; a database refuses this one loudly
    # A session of its own: the request's must still be free to read or to write.
    with Session(reading_engine(db.engine)) as session:
        person = session.get(Person, person_id)
        if person is None:
            return False
        if who.role == "admin" or who.person_id == person_id:
            return True
        if who.role != "manager":
            return False
        return who.person_id is None or _manages(session, who.person_id, person, now)


def _manages(session: Session, manager_id: int, person: Person, now: Instant) -> bool:
    manager, rules = session.get(Person, manager_id), current_rules(session)
    if rules is None or manager is None or manager.rep_id is None:
        return False
    team = rules.roster.teams.get(rules.placement.team_at(person.rep_id, now) or "")
    return team is not None and team.manager == manager.rep_id

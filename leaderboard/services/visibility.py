"""Whose points a login may look into: deny by default.

A rep sees their own page. A manager who is a rep of the roster sees their own and those of the reps whose team, now or
last, they manage; a manager's login that stands for no rep (a head of sales, an auditor) and administrators see all.
"""

from sqlalchemy.orm import Session

from leaderboard.persistence.db import db, reading_engine
from leaderboard.persistence.models import Person
from leaderboard.queries.ground import Reading
from leaderboard.services.login_sessions import LoggedIn

LARGEST_KEY = 2**63 - 1
"""An address may bear any number; a database refuses a larger one loudly."""


def may_see(who: LoggedIn, person_id: int, reading: Reading | None) -> bool:
    """Whether there is such a person, and the login may look into their points.

    `reading` is what the request reads from, None without a rulebook. No statement for whom the roster has.
    """
    if not _exists(person_id, reading):
        return False
    if who.role == "admin" or who.person_id == person_id:
        return True
    if who.role != "manager":
        return False
    return who.person_id is None or (reading is not None and manages(reading, who.person_id, person_id))


def _exists(person_id: int, reading: Reading | None) -> bool:
    if person_id > LARGEST_KEY:
        return False
    if reading is not None:
        return person_id in reading.ground.rep_ids or reading.session.get(Person, person_id) is not None
    with Session(reading_engine(db.engine)) as session:
        return session.get(Person, person_id) is not None


def manages(reading: Reading, manager_key: int, person_key: int) -> bool:
    """Whether the one manages the team in which the other is, or was last.

    Whom the roster lacks has no team, and manages none.
    """
    ground = reading.ground
    manager, rep = ground.rep_ids.get(manager_key), ground.rep_ids.get(person_key)
    if manager is None or rep is None:
        return False
    placement = ground.placement
    team = placement.roster.teams.get(placement.team_at(rep, reading.now) or "")
    return team is not None and team.manager == manager

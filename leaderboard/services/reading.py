"""Opens what a page reads from: a session that only reads, and the rules and roster in use."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from leaderboard.domain.instants import Instant
from leaderboard.domain.roster import Roster
from leaderboard.domain.rulebook import Organization
from leaderboard.persistence.db import current_session, read_only
from leaderboard.persistence.models import Person, Team
from leaderboard.queries.ground import Ground, Memo, Reading
from leaderboard.services.clock import now as instant_now
from leaderboard.services.directory import person_name
from leaderboard.services.rules import InUse, in_use, rules_in_use

_memo = Memo(4)


def open_reading(now: Instant | None = None) -> Reading | None:
    """For one request; None as long as no rulebook was applied. One statement, where nothing changed since the last."""
    session = current_session()
    if not session.in_transaction():
        read_only(session)
    using = in_use(session)
    ground = _memo.get(session, using, lambda: _ground(session, using))
    return None if ground is None else Reading(session, ground, instant_now() if now is None else now)


def organization() -> Organization | None:
    """Whose board it is, by the latest version; None before the first."""
    reading = open_reading()
    return None if reading is None else reading.ground.book.versions[-1].rulebook.organization


def _ground(session: Session, using: InUse) -> Ground | None:
    rules = rules_in_use(session, using)
    if rules is None:
        return None
    person_keys = _person_keys(session, rules.roster)
    team_keys = {row.team_id: row.id for row in session.execute(select(Team.team_id, Team.id))}
    return Ground(
        rules.book,
        rules.placement,
        person_keys,
        team_keys,
        {key: rep_id for rep_id, key in person_keys.items()},
        {key: team_id for team_id, key in team_keys.items()},
        (using,),
    )


def _person_keys(session: Session, roster: Roster) -> dict[str, int]:
    rows = session.execute(select(Person.id, Person.rep_id))
    named = {rep_id or person_name(key): key for key, rep_id in rows}
    return {rep_id: named[rep_id] for rep_id in roster.reps if rep_id in named}

"""Opens what a page reads from: a session that only reads, and the rules and roster in use."""

from dataclasses import dataclass

from sqlalchemy import func, literal, select, union_all
from sqlalchemy.orm import Session

from leaderboard.domain.instants import Instant
from leaderboard.domain.roster import Roster
from leaderboard.domain.rulebook import Organization
from leaderboard.persistence.db import current_session, read_only
from leaderboard.persistence.models import Person, RosterVersion, RulebookRevision, Team
from leaderboard.queries.ground import Ground, Memo, Reading
from leaderboard.services.clock import now as instant_now
from leaderboard.services.directory import person_name
from leaderboard.services.rules import rules_as_stored

_memo = Memo(4)


@dataclass(frozen=True, slots=True)
class _Stored:
    """What is in use now, by its numbers."""

    roster_version: int | None
    revisions: tuple[int, ...]
    erased: int


def open_reading(now: Instant | None = None) -> Reading | None:
    """For one request; None as long as no rulebook was applied. One statement, where nothing changed since the last."""
    session = current_session()
    if not session.in_transaction():
        read_only(session)
    stored = _stored(session)
    ground = _memo.get(session, stored, lambda: _ground(session, stored))
    return None if ground is None else Reading(session, ground, instant_now() if now is None else now)


def organization() -> Organization | None:
    """Whose board it is, by the latest version; None before the first."""
    reading = open_reading()
    return None if reading is None else reading.ground.book.versions[-1].rulebook.organization


# Made once: every page asks it.
_IN_USE = union_all(
    select(literal("roster").label("what"), func.max(RosterVersion.id).label("number")),
    select(literal("erased"), func.count()).select_from(Person).where(Person.erased_at.is_not(None)),
    select(literal("revision"), func.max(RulebookRevision.id)).group_by(RulebookRevision.effective_from),
)


def _stored(session: Session) -> _Stored:
    rows = session.execute(_IN_USE).all()
    single = {row.what: row.number for row in rows if row.what != "revision"}
    revisions = tuple(sorted(row.number for row in rows if row.what == "revision"))
    return _Stored(single["roster"], revisions, single["erased"])


def _ground(session: Session, stored: _Stored) -> Ground | None:
    rules = rules_as_stored(session, stored.roster_version, stored.revisions)
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
        (stored.roster_version, stored.revisions, stored.erased),
    )


def _person_keys(session: Session, roster: Roster) -> dict[str, int]:
    rows = session.execute(select(Person.id, Person.rep_id))
    named = {rep_id or person_name(key): key for key, rep_id in rows}
    return {rep_id: named[rep_id] for rep_id in roster.reps if rep_id in named}

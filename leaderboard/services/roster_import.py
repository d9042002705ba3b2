"""Another roster takes the place of the one before (rulebook.md, Roster)."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from leaderboard.domain.instants import Instant
from leaderboard.domain.roster import Roster
from leaderboard.files.roster_files import read_roster_file
from leaderboard.persistence.bulk import insert_into, update_rows
from leaderboard.persistence.db import current_session
from leaderboard.persistence.models import AuditEntry, Person, RepKey, RosterVersion, Team
from leaderboard.services.outbox import begin_change_of_all, touch_everything
from leaderboard.services.rules import current_roster_version
from leaderboard.services.stored_roster import keyed_document, stored_roster


@dataclass(frozen=True, slots=True)
class RosterChange:
    """What an import did. `is_new` is False where the roster in use already said the same."""

    version: int
    reps: int
    teams: int
    is_new: bool
    affects_points: bool


def import_roster(document: bytes, name: str, now: Instant, actor: str) -> RosterChange:
    """Makes the file's roster the one in use, and commits. Raises FileProblems with all that is wrong with it."""
    roster = read_roster_file(document, name)
    session = current_session()
    change = replace_roster(session, roster, now, actor)
    session.commit()
    return change


def replace_roster(session: Session, roster: Roster, imported_at: Instant, imported_by: str) -> RosterChange:
    """Makes this roster the one in use; the caller commits. History follows its spans: all leads are pending then."""
    begin_change_of_all(session)
    version = current_roster_version(session)
    before = Roster() if version is None else stored_roster(session, version)
    if version is not None and before == roster:
        return RosterChange(version, len(roster.reps), len(roster.teams), False, False)
    people = _sync_people(session, roster, imported_at)
    keys = _sync_keys(session, roster, people, imported_at)
    _sync_teams(session, roster, people)
    new = _store(session, keyed_document(roster, people, keys), imported_at, imported_by)
    affects_points = _scored_part(before) != _scored_part(roster)
    if affects_points:
        touch_everything(session)
    _note(session, version, new, imported_at, imported_by)
    return RosterChange(new, len(roster.reps), len(roster.teams), True, affects_points)


def _scored_part(roster: Roster) -> object:
    """What outcomes, points and ranks follow from; a rank's ties are shown by name, but shared whatever the name."""
    reps = {rep.id: replace(rep, name="", email=None) for rep in roster.reps.values()}
    return reps, {team.id: team.department for team in roster.teams.values()}


def _sync_people(session: Session, roster: Roster, at: Instant) -> dict[str, int]:
    """People's rows as the roster has them: their keys by rep id. Who left it is known by the id alone."""
    known = session.execute(select(Person.rep_id, Person.id, Person.in_roster)).all()
    keys = {row.rep_id: row.id for row in known if row.rep_id is not None}
    missing = [rep_id for rep_id in roster.reps if rep_id not in keys]
    if missing:
        keys |= _new_people(session, missing, at)
    columns = ("name", "email", "in_roster")
    there = [(keys[rep.id], rep.name, rep.email, True) for rep in roster.reps.values()]
    left = [(row.id, None, None, False) for row in known if row.in_roster and row.rep_id not in roster.reps]
    update_rows(session, Person, "id", columns, sorted([*there, *left], key=lambda row: row[0]))
    return keys


def _new_people(session: Session, rep_ids: Iterable[str], at: Instant) -> dict[str, int]:
    rows = [{"rep_id": rep_id, "in_roster": False, "created_at": at} for rep_id in sorted(rep_ids)]
    session.execute(insert(Person), rows)
    return {rep_id: key for rep_id, key in session.execute(select(Person.rep_id, Person.id)) if rep_id}


def _sync_keys(session: Session, roster: Roster, people: dict[str, int], at: Instant) -> dict[str, int]:
    """Texts that name reps lead to the roster's people; one that no longer is an alias leads to a person of its own."""
    owners = {text: people[rep.id] for rep in roster.reps.values() for text in (*rep.aliases, rep.id)}
    known = session.execute(select(RepKey.text, RepKey.id, RepKey.person_id)).all()
    ids = {person_id: rep_id for rep_id, person_id in people.items()}
    orphans = {
        row.text
        for row in known
        if row.text is not None and row.text not in owners and row.text != ids.get(row.person_id)
    }
    strangers = orphans - people.keys()
    if strangers:
        people |= _new_people(session, strangers, at)
    owners |= {text: people[text] for text in orphans}
    moved = [
        (row.id, owners[row.text]) for row in known if owners.get(row.text, row.person_id) != row.person_id
    ]
    update_rows(session, RepKey, "id", ("person_id",), sorted(moved))
    keys = {row.text: row.id for row in known if row.text is not None}
    return keys | _new_keys(session, {text: owner for text, owner in owners.items() if text not in keys})


def _new_keys(session: Session, owners: Mapping[str, int]) -> dict[str, int]:
    if not owners:
        return {}
    session.execute(insert(RepKey), [{"text": text, "person_id": owners[text]} for text in sorted(owners)])
    return {text: key for text, key in session.execute(select(RepKey.text, RepKey.id)) if text}


def _sync_teams(session: Session, roster: Roster, people: Mapping[str, int]) -> None:
    """Teams' rows as the roster has them; one that left it is known by its id alone."""
    rows = [
        {
            "team_id": team.id,
            "name": team.name,
            "department": team.department,
            "manager_person_id": None if team.manager is None else people[team.manager],
            "in_roster": True,
        }
        for team in sorted(roster.teams.values(), key=lambda team: team.id)
    ]
    columns = ("name", "department", "manager_person_id", "in_roster")
    if rows:
        statement = insert_into(session, Team.__table__)
        fresh = {name: statement.excluded[name] for name in columns}
        session.execute(statement.on_conflict_do_update(index_elements=["team_id"], set_=fresh), rows)
    known = session.execute(select(Team.id, Team.team_id).where(Team.in_roster))
    left = [(row.id, None, None, None, False) for row in known if row.team_id not in roster.teams]
    update_rows(session, Team, "id", columns, sorted(left))


def _store(session: Session, document: str, at: Instant, by: str) -> int:
    digest = hashlib.sha256(document.encode()).hexdigest()
    row = RosterVersion(document=document, sha256=digest, imported_at=at, imported_by=by)
    session.add(row)
    session.flush()
    return row.id


def _note(session: Session, before: int | None, after: int, at: Instant, actor: str) -> None:
    session.add(
        AuditEntry(
            at=at,
            actor=actor,
            action="roster.replaced",
            subject="roster",
            before=None if before is None else str(before),
            after=str(after),
        )
    )

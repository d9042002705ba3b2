"""A roster as a version of it is stored: people and aliases by their keys, so that erasing one row erases a person.

Names are those that the person's row has today; who was in which team when, and who was off, is as it was imported.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from leaderboard.domain.roster import Rep, Roster, Team
from leaderboard.files.roster import roster_document, roster_from_document
from leaderboard.persistence.models import Person, RepKey, RosterVersion
from leaderboard.services.directory import person_name


def keyed_document(roster: Roster, people: Mapping[str, int], rep_keys: Mapping[str, int]) -> str:
    """The roster as it is stored: canonical JSON, by the keys of its people (by rep id) and of their aliases' texts."""
    teams = {
        team.id: replace(team, manager=None if team.manager is None else str(people[team.manager]))
        for team in roster.teams.values()
    }
    reps = {
        str(people[rep.id]): replace(
            rep,
            id=str(people[rep.id]),
            name="",
            email=None,
            aliases=tuple(str(rep_keys[alias]) for alias in rep.aliases),
        )
        for rep in roster.reps.values()
    }
    return roster_document(Roster(teams, reps))


def stored_roster(session: Session, version: int) -> Roster:
    """A version of the roster, with the names its people have today. Raises LookupError for no such version."""
    document = session.scalar(select(RosterVersion.document).where(RosterVersion.id == version))
    if document is None:
        raise LookupError(f"no roster version {version}")
    return _Names(session).name(roster_from_document(document))


def stored_rosters(session: Session, versions: Iterable[int]) -> dict[int, Roster]:
    """Several versions by their numbers, those that there are. Three statements."""
    rows = session.execute(
        select(RosterVersion.id, RosterVersion.document).where(RosterVersion.id.in_(sorted(versions)))
    ).all()
    names = _Names(session)
    return {version: names.name(roster_from_document(document)) for version, document in rows}


class _Names:
    def __init__(self, session: Session) -> None:
        self._people = {str(person.id): person for person in session.scalars(select(Person))}
        self._texts = {str(key): text for key, text in session.execute(select(RepKey.id, RepKey.text))}

    def name(self, keyed: Roster) -> Roster:
        reps = [self._rep(rep) for rep in keyed.reps.values()]
        return Roster(
            {team.id: self._team(team) for team in keyed.teams.values()}, {rep.id: rep for rep in reps}
        )

    def _team(self, team: Team) -> Team:
        return team if team.manager is None else replace(team, manager=self._rep_id(team.manager))

    def _rep(self, rep: Rep) -> Rep:
        person = self._people[rep.id]
        rep_id = self._rep_id(rep.id)
        aliases = (self._texts.get(key) for key in rep.aliases)
        return replace(
            rep,
            id=rep_id,
            name=person.name or rep_id,
            email=person.email,
            aliases=tuple(alias for alias in aliases if alias is not None),
        )

    def _rep_id(self, key: str) -> str:
        return self._people[key].rep_id or person_name(int(key))

"""Between the domain's names and the rows that bear them: people and teams have keys in the database, texts
in it once.
"""

from collections.abc import Iterable, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from leaderboard.persistence.bulk import among
from leaderboard.persistence.models import Person, Team

_TEAMS = select(Team.team_id, Team.id)


def person_name(person_id: int) -> str:
    """What an erased person is called where an id is needed."""
    return f"person-{person_id}"


class Directory:
    """Looks up keys by ids and ids by keys, each once, within one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._people: dict[str, int] = {}
        self._reps: dict[int, str] = {}
        self._teams: dict[str, int] | None = None
        self._team_names: dict[int, str] = {}

    def learn_people(self, rep_ids: Iterable[str]) -> None:
        """Looks up many reps with one statement."""
        missing = sorted({rep for rep in rep_ids if rep not in self._people})
        if missing:
            these = among(self._session, Person.rep_id, missing)
            for rep_id, person_id in self._session.execute(select(Person.rep_id, Person.id).where(these)):
                self._note(str(rep_id), person_id)

    def learn_keys(self, person_ids: Iterable[int]) -> None:
        """Looks up many keys with one statement."""
        missing = sorted(set(person_ids).difference(self._reps, (0,)))
        if missing:
            these = among(self._session, Person.id, missing)
            for person_id, rep_id in self._session.execute(select(Person.id, Person.rep_id).where(these)):
                self._note(rep_id or person_name(person_id), person_id)

    def person_id(self, rep_id: str | None) -> int | None:
        """The key of a rep; None for nobody. Raises KeyError for one whom no event and no roster ever named."""
        if rep_id is None:
            return None
        if rep_id not in self._people:
            self.learn_people([rep_id])
        if rep_id not in self._people and rep_id.startswith("person-"):
            self._note(rep_id, int(rep_id.removeprefix("person-")))
        return self._people[rep_id]

    def rep_id(self, person_id: int) -> str:
        """The id of a rep by key."""
        if person_id not in self._reps:
            self.learn_keys([person_id])
        return self._reps[person_id]

    def rep_ids(self) -> Mapping[int, str]:
        """The ids of the reps that were looked up, by key."""
        return self._reps

    def team_ids(self) -> Mapping[int, str]:
        """The ids of all teams by key."""
        self._all_teams()
        return self._team_names

    def team_key(self, team_id: str | None) -> int | None:
        """The key of a team; None for none."""
        return None if team_id is None else self._all_teams()[team_id]

    def team_id(self, key: int) -> str:
        """The id of a team by key."""
        self._all_teams()
        return self._team_names[key]

    def _all_teams(self) -> dict[str, int]:
        if self._teams is None:
            self._teams = dict(self._session.execute(_TEAMS).all())
            self._team_names = {key: team_id for team_id, key in self._teams.items()}
        return self._teams

    def _note(self, rep_id: str, person_id: int) -> None:
        self._people[rep_id] = person_id
        self._reps[person_id] = rep_id

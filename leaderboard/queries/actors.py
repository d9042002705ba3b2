"""Who an actor of the audit log or of a decision is, as a person reads it."""

from collections.abc import Iterable, Mapping

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from leaderboard.persistence.bulk import among
from leaderboard.persistence.models import Person, User

_LOGIN = "user:"


def name_of_login() -> ColumnElement[str]:
    """Of users joined with people: a login is called as its rep, else as its holder, else by its address."""
    return func.coalesce(Person.name, User.name, Person.rep_id, User.email)


def names_of(session: Session, actors: Iterable[str | None]) -> Mapping[str, str]:
    """The names of actors, by one statement; who is no login stays as they are written."""
    wanted = {actor for actor in actors if actor is not None}
    numbers = sorted({int(rest) for actor in wanted if (rest := _number(actor)) is not None})
    names = {actor: actor for actor in wanted}
    if numbers:
        statement = select(User.id, name_of_login()).outerjoin(Person, Person.id == User.person_id)
        for key, name in session.execute(statement.where(among(session, User.id, numbers))):
            names[f"{_LOGIN}{key}"] = name
    return names


def _number(actor: str) -> str | None:
    rest = actor.removeprefix(_LOGIN)
    return rest if rest != actor and rest.isascii() and rest.isdigit() and len(rest) < 19 else None

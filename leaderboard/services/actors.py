"""Who an actor of the audit log or of a decision is, as a person reads it."""

from collections.abc import Iterable, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from leaderboard.persistence.bulk import among
from leaderboard.persistence.models import Person, User

_LOGIN = "user:"


def names_of(session: Session, actors: Iterable[str | None]) -> Mapping[str, str]:
    """The names of actors: of a login its person's, else its e-mail address; one statement. Others stay as they are."""
    wanted = {actor for actor in actors if actor is not None}
    keys = sorted(int(actor.removeprefix(_LOGIN)) for actor in wanted if actor.startswith(_LOGIN))
    names = {actor: actor for actor in wanted}
    if keys:
        statement = select(User.id, User.email, Person.name).outerjoin(Person, Person.id == User.person_id)
        for key, email, name in session.execute(statement.where(among(session, User.id, keys))):
            names[f"{_LOGIN}{key}"] = name or email
    return names

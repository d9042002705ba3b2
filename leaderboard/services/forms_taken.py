"""A form bears a token, and is taken once: a second click, or a page sent again, does nothing more."""

from sqlalchemy import delete
from sqlalchemy.orm import Session

from leaderboard.domain.instants import DAY, Instant
from leaderboard.persistence.bulk import insert_into
from leaderboard.persistence.models import FormTaken

_KEPT = 7 * DAY
"""As long as a login lasts: after that nobody sends the page again."""


def take_once(session: Session, actor: str, token: str, now: Instant) -> bool:
    """Whether this login's form is taken now, and was not before; in the transaction of what it asks for."""
    session.execute(delete(FormTaken).where(FormTaken.at < now - _KEPT))
    insert = insert_into(session, FormTaken.__table__).values(token=f"{actor}/{token}", at=now)
    taken = insert.on_conflict_do_nothing().returning(FormTaken.__table__.c.token)
    return session.scalar(taken) is not None

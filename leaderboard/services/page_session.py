"""The session that a page reads from where it can do without a rulebook."""

from sqlalchemy.orm import Session

from leaderboard.persistence.db import current_session, db, read_only


def page_session() -> Session:
    """The request's; it only reads, unless somebody writes in it already."""
    session = current_session()
    if not session.in_transaction():
        read_only(session)
    return session


def let_go() -> None:
    """Ends what the session was reading and gives its connection back: for a request that goes on for hours."""
    db.session.remove()

"""How far a login has read its notes: the newest one that it had before its eyes."""

from sqlalchemy import func, select, update

from leaderboard.domain.instants import Instant
from leaderboard.persistence.bulk import insert_into
from leaderboard.persistence.db import writing_session
from leaderboard.persistence.models import Note, NotesSeen
from leaderboard.services.login_sessions import LoggedIn
from leaderboard.services.notes_page import theirs


def look(who: LoggedIn, now: Instant) -> int:
    """Up to where this login had read before it looked now; from here on, all there is counts as seen."""
    session = writing_session()
    try:
        before = session.scalar(select(NotesSeen.note_id).where(NotesSeen.user_id == who.user_id)) or 0
        newest = session.scalar(select(func.max(Note.id)).where(theirs(who))) or 0
        if newest > before:
            # Another tab may have read further meanwhile: never back.
            values = {"user_id": who.user_id, "note_id": newest, "at": now}
            session.execute(insert_into(session, NotesSeen.__table__).values(values).on_conflict_do_nothing())
            mine = (NotesSeen.user_id == who.user_id, NotesSeen.note_id < newest)
            session.execute(update(NotesSeen).where(*mine).values(note_id=newest, at=now))
        session.commit()
        return before
    except BaseException:
        session.rollback()
        raise

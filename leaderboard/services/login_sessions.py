"""Browsers that are logged in: a row each, found by a hash of what their cookie holds.

A session ends after 8 hours without use, after 7 days in any case, and with logout, a new password, another role
or a disabled login: its row goes, and the cookie opens nothing from then on.
"""

from dataclasses import dataclass

from sqlalchemy import ScalarSelect, and_, bindparam, delete, func, or_, select, update
from sqlalchemy.orm import Session

from leaderboard.domain.instants import DAY, HOUR, MINUTE, Instant
from leaderboard.persistence.db import look_up, writing_session
from leaderboard.persistence.models import LoginSession, Note, NotesSeen, Person, User
from leaderboard.services.secret_tokens import hash_of, new_token

IDLE = 8 * HOUR
LONGEST = 7 * DAY
_SEEN_EVERY = 5 * MINUTE


@dataclass(frozen=True, slots=True)
class LoggedIn:
    """Who a request comes from. The properties are what Flask-Login asks a user for."""

    user_id: int
    email: str
    role: str
    person_id: int | None
    name: str
    locale: str | None
    theme: str
    seen_at: Instant
    may_edit_rules: bool = False
    """By right or by role."""
    signs_for: str | None = None
    """The party of the agreement in whose name they may sign."""
    new_notes: int = 0
    """How many notes they have not had before their eyes."""

    @property
    def is_authenticated(self) -> bool:
        return True

    @property
    def is_active(self) -> bool:
        return True

    @property
    def is_anonymous(self) -> bool:
        return False

    def get_id(self) -> str:
        """As Flask-Login writes ids."""
        return str(self.user_id)

    def needs_touch(self, now: Instant) -> bool:
        """Whether the session's last use is to be written down again; not at every click."""
        return now - self.seen_at >= _SEEN_EVERY


_SEEN_UP_TO = select(NotesSeen.note_id).where(NotesSeen.user_id == User.id).correlate(User).scalar_subquery()
# Whose they are is told once more, for a page, in services/notes_page.py.
_NEW_NOTES = (
    select(func.count())
    .select_from(Note)
    .where(
        or_(
            and_(Note.person_id == User.person_id, or_(Note.audience == "self", User.role != "rep")),
            and_(Note.person_id.is_(None), User.role == "admin"),
        ),
        Note.id > func.coalesce(_SEEN_UP_TO, 0),
    )
    .correlate(User)
    .scalar_subquery()
)
_FIND = (
    select(
        User.id,
        User.email,
        User.role,
        User.person_id,
        Person.name,
        User.name.label("own_name"),
        Person.rep_id,
        User.locale,
        User.theme,
        User.may_edit_rules,
        User.signs_for,
        _NEW_NOTES.label("new_notes"),
        LoginSession.seen_at,
        LoginSession.created_at,
    )
    .select_from(LoginSession)
    .join(User, User.id == LoginSession.user_id)
    .outerjoin(Person, Person.id == User.person_id)
    .where(LoginSession.token_hash == bindparam("token_hash"), User.disabled_at.is_(None))
)


def find(token: str, now: Instant) -> LoggedIn | None:
    """Who is logged in with this token; None for nobody, and for a session that has ended."""
    row = look_up(_FIND, {"token_hash": hash_of(token)})
    if row is None or now - row.seen_at >= IDLE or now - row.created_at >= LONGEST:
        return None
    name = row.name or row.own_name or row.rep_id or row.email.partition("@")[0]
    return LoggedIn(
        row.id,
        row.email,
        row.role,
        row.person_id,
        name,
        row.locale,
        row.theme,
        row.seen_at,
        may_edit_rules=row.role == "admin" or (row.role == "manager" and row.may_edit_rules),
        signs_for=None if row.role == "rep" else row.signs_for,
        new_notes=row.new_notes,
    )


def touch(token: str, now: Instant) -> None:
    """The session was used. After an error the request may go on reading."""
    session = writing_session()
    mine = LoginSession.token_hash == hash_of(token)
    try:
        session.execute(update(LoginSession).where(mine, LoginSession.seen_at < now).values(seen_at=now))
        _see(session, select(LoginSession.user_id).where(mine).scalar_subquery(), now)
        session.commit()
    except Exception:
        session.rollback()
        raise


def begin(session: Session, user_id: int, now: Instant) -> str:
    """A new session's token; the caller commits."""
    token = new_token()
    session.add(LoginSession(token_hash=hash_of(token), user_id=user_id, created_at=now, seen_at=now))
    _see(session, user_id, now)
    return token


def _see(session: Session, user_id: int | ScalarSelect[int], now: Instant) -> None:
    """Its sessions' rows go when they end; the login remembers its last sign of life."""
    later = or_(User.seen_at.is_(None), User.seen_at < now)
    session.execute(update(User).where(User.id == user_id, later).values(seen_at=now))


def end(token: str) -> None:
    """Logged out: this token opens nothing any more."""
    session = writing_session()
    session.execute(delete(LoginSession).where(LoginSession.token_hash == hash_of(token)))
    session.commit()


def end_all(session: Session, user_id: int) -> int:
    """Logged out everywhere; the caller commits. How many sessions there were."""
    ended = session.execute(
        delete(LoginSession).where(LoginSession.user_id == user_id).returning(LoginSession.user_id)
    )
    return len(ended.all())


def forget_ended(now: Instant) -> None:
    """Drops the rows of sessions whose time is over."""
    session = writing_session()
    over = or_(LoginSession.seen_at <= now - IDLE, LoginSession.created_at <= now - LONGEST)
    session.execute(delete(LoginSession).where(over))
    session.commit()

"""Links that open once: by one of them a person chooses a password, and is in."""

from sqlalchemy import ColumnElement, and_, delete, or_, select, update
from sqlalchemy.orm import Session

from leaderboard.domain.instants import DAY, Instant
from leaderboard.persistence.db import db, reading_engine, writing_session
from leaderboard.persistence.models import OneTimeLink, User
from leaderboard.services import login_sessions, passwords, users
from leaderboard.services.secret_tokens import hash_of, new_token

GOOD_FOR = 3 * DAY
_PASSWORD = "password"  # noqa: S105 -- a purpose, not a secret


class LinkSpent(Exception):
    """The link was used, replaced, or is too old."""


def make(email: str, *, actor: str, now: Instant) -> str:
    """A link's token for this login; an earlier one opens nothing any more. Raises users.UserProblem."""
    user, session = users.existing(email), writing_session()
    token = put(session, user, actor, now)
    session.commit()
    return token


def make_for(user_id: int, *, actor: str, now: Instant) -> str:
    """The same, for the login of a key."""
    session = writing_session()
    token = put(session, users.by_key(session, user_id), actor, now)
    session.commit()
    return token


def put(session: Session, user: User, actor: str, now: Instant) -> str:
    """The same, in the caller's transaction."""
    if user.disabled_at is not None:
        session.rollback()
        raise users.UserProblem("disabled", f"{user.email} is disabled; enable it first")
    session.execute(delete(OneTimeLink).where(OneTimeLink.user_id == user.id))
    token = new_token()
    session.add(
        OneTimeLink(
            token_hash=hash_of(token),
            user_id=user.id,
            purpose=_PASSWORD,
            created_at=now,
            expires_at=now + GOOD_FOR,
        )
    )
    users.audit(session, now, actor, "user.link", user.id)
    return token


def email_of(token: str, now: Instant) -> str | None:
    """Whose link it is; None where it opens nothing."""
    statement = (
        select(User.email)
        .join(OneTimeLink, OneTimeLink.user_id == User.id)
        .where(_opens(token, now), User.disabled_at.is_(None))
    )
    with reading_engine(db.engine).connect() as connection:
        return connection.scalar(statement)


def use(token: str, password: str, now: Instant) -> str:
    """Keeps the password, and returns the token of a session that begins.

    Raises LinkSpent, passwords.Unsafe, passwords.TooBusy.
    """
    email = email_of(token, now)
    if email is None:
        raise LinkSpent
    passwords.check(password, email)
    kept = passwords.hash_password(password)
    session = writing_session()
    user = _spend(session, token, now)
    users.put_password(session, user, kept, f"user:{user.id}", now)
    opened = login_sessions.begin(session, user.id, now)
    session.commit()
    return opened


def forget_old(now: Instant) -> None:
    """Drops the links that open nothing any more."""
    session = writing_session()
    over = or_(OneTimeLink.expires_at <= now, OneTimeLink.used_at.is_not(None))
    session.execute(delete(OneTimeLink).where(over))
    session.commit()


def _spend(session: Session, token: str, now: Instant) -> User:
    """Of two who use it at once, one gets it: the row that changes decides."""
    spent = update(OneTimeLink).where(_opens(token, now)).values(used_at=now).returning(OneTimeLink.user_id)
    user_id = session.scalar(spent)
    user = None if user_id is None else session.get(User, user_id)
    if user is None or user.disabled_at is not None:
        session.rollback()
        raise LinkSpent
    return user


def _opens(token: str, now: Instant) -> ColumnElement[bool]:
    link = OneTimeLink
    return and_(link.token_hash == hash_of(token), link.used_at.is_(None), link.expires_at > now)

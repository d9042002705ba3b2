"""Coming in with e-mail address and password, and changing the password."""

from dataclasses import dataclass

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from leaderboard.domain.instants import Instant
from leaderboard.persistence.db import db, reading_engine, writing_session
from leaderboard.persistence.models import User
from leaderboard.services import login_sessions, login_throttle, passwords, users

log = structlog.get_logger(__name__)


class WrongPassword(Exception):
    """No such login, or not its password, or disabled: whoever asks is not told which."""


@dataclass(frozen=True, slots=True)
class _Checked:
    """A login whose password was right, and the hash that said so."""

    user_id: int
    password_hash: str


def log_in(email: str, password: str, address: str, now: Instant) -> str:
    """A new session's token. Raises WrongPassword, login_throttle.TooManyAttempts, passwords.TooBusy."""
    try:
        account = users.normal_email(email)
    except users.UserProblem:
        account = ""
    attempt = login_throttle.begin(account, address, now)
    checked = _check(account, password)
    renewed = passwords.hash_password(password) if passwords.is_outdated(checked.password_hash) else None
    session = writing_session()
    user = _unchanged(session, checked)
    if renewed is not None:
        user.password_hash = renewed
    login_throttle.succeed(session, attempt)
    token = login_sessions.begin(session, user.id, now)
    session.commit()
    log.info("logged in", user=checked.user_id)
    return token


def change_password(email: str, old: str, new: str, address: str, now: Instant) -> str:
    """Keeps another password; all sessions of the login end, and the token of a new one is returned.

    Raises WrongPassword, passwords.Unsafe, passwords.TooBusy, login_throttle.TooManyAttempts.
    """
    passwords.check(new, email)
    attempt = login_throttle.begin(email, address, now)
    checked = _check(email, old)
    kept = passwords.hash_password(new)
    session = writing_session()
    user = _unchanged(session, checked)
    users.put_password(session, user, kept, f"user:{user.id}", now)
    login_throttle.succeed(session, attempt)
    token = login_sessions.begin(session, user.id, now)
    session.commit()
    return token


def _check(email: str, password: str) -> _Checked:
    """Looks the login up, and lets go of the database before the slow part."""
    statement = select(User.id, User.password_hash, User.disabled_at).where(User.email == email)
    with reading_engine(db.engine).connect() as connection:
        found = connection.execute(statement).first()
    kept = found.password_hash if found is not None and found.disabled_at is None else None
    if not passwords.is_right(kept, password) or found is None or kept is None:
        log.info("login refused", user=found.id if found else None)
        raise WrongPassword
    return _Checked(found.id, kept)


def _unchanged(session: Session, checked: _Checked) -> User:
    """The login's row, held until the commit. Raises WrongPassword where it was changed or disabled meanwhile."""
    statement = select(User).where(
        User.id == checked.user_id, User.password_hash == checked.password_hash, User.disabled_at.is_(None)
    )
    user = session.scalar(statement.with_for_update())
    if user is None:
        session.rollback()
        raise WrongPassword
    return user

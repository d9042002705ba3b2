"""The first visit: whoever can read the console makes the first administrator, and nobody else can."""

from pathlib import Path

from leaderboard.domain.instants import Instant
from leaderboard.persistence.db import writer_lock, writing_session
from leaderboard.services import login_sessions, login_throttle, passwords, setup_code, users

_ACCOUNT = "setup"
"""What tries with a code are counted under: no e-mail address is without an @."""


class WrongCode(Exception):
    """Not the code that the console showed last."""


class AlreadySetUp(Exception):
    """Somebody has a login already."""


def ensure_setup_code(instance_dir: Path) -> str | None:
    """A new code for the first visit, to be printed; None where somebody has a login. An earlier code ends."""
    return setup_code.ensure(instance_dir, has_login=users.any_exists())


def create_administrator(
    instance_dir: Path,
    code: str,
    email: str,
    password: str,
    address: str,
    now: Instant,
    name: str | None = None,
) -> str:
    """Makes the first login; returns the token of its session.

    Raises WrongCode, AlreadySetUp, users.UserProblem, passwords.Unsafe, passwords.TooBusy and
    login_throttle.TooManyAttempts.
    """
    login_throttle.begin(_ACCOUNT, address, now)
    if not setup_code.is_right(instance_dir, code):
        raise WrongCode
    login = users.normal_email(email)
    passwords.check(password, login)
    kept = passwords.hash_password(password)
    session = writing_session()
    writer_lock(session)  # of two at once, the second finds the first
    if users.any_in(session):
        session.rollback()
        raise AlreadySetUp
    user_id = users.insert(session, login, "admin", None, kept, now, name)
    told = users.without_nameless({"role": "admin", "person": None, "name": name})
    users.audit(session, now, "setup", "user.created", user_id, told)
    token = login_sessions.begin(session, user_id, now)
    session.commit()
    setup_code.end(instance_dir)
    return token

"""The first visit: whoever can read the console makes the first administrator, and nobody else can."""

import hmac
import os
import secrets
from pathlib import Path

from leaderboard.domain.instants import Instant
from leaderboard.persistence.db import writer_lock, writing_session
from leaderboard.services import login_sessions, login_throttle, passwords, users
from leaderboard.services.secret_tokens import hash_of

_FILE = "setup_code"
# Without 0, O, 1, I: it may be typed from one screen into another.
_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_CHARACTERS = 16
_ACCOUNT = "setup"
"""What tries with a code are counted under: no e-mail address is without an @."""


class WrongCode(Exception):
    """Not the code that the console showed last."""


class AlreadySetUp(Exception):
    """Somebody has a login already."""


def ensure_setup_code(instance_dir: Path) -> str | None:
    """A new code for the first visit, to be printed; None where somebody has a login. An earlier code ends."""
    path = instance_dir / _FILE
    if users.any_exists():
        path.unlink(missing_ok=True)
        return None
    letters = "".join(secrets.choice(_ALPHABET) for _ in range(_CHARACTERS))
    _write(path, hash_of(letters))
    return "-".join(letters[start : start + 4] for start in range(0, _CHARACTERS, 4))


def is_right(instance_dir: Path, code: str) -> bool:
    """Whether it is the code, however it is spaced."""
    letters = "".join(character for character in code.upper() if character.isalnum())
    try:
        kept = (instance_dir / _FILE).read_text("ascii").strip()
    except (OSError, UnicodeDecodeError):
        return False
    return hmac.compare_digest(kept, hash_of(letters))


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
    if not is_right(instance_dir, code):
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
    (instance_dir / _FILE).unlink(missing_ok=True)
    return token


def _write(path: Path, text: str) -> None:
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(text + "\n")
    draft.replace(path)

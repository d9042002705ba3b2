"""Logins: who may come in, and as what."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from leaderboard.domain.instants import Instant
from leaderboard.persistence.bulk import insert_into
from leaderboard.persistence.db import current_session, db, reading_engine, writing_session
from leaderboard.persistence.models import Person, RepKey, User
from leaderboard.persistence.models.access import ROLES, THEMES
from leaderboard.services import audit_log, login_sessions, passwords

__all__ = ["ROLES"]

LONGEST_EMAIL = 254
_EMAIL = re.compile(r"[^@\s\x00-\x1f\x7f]+@[^@\s\x00-\x1f\x7f]+")


class UserProblem(Exception):
    """A login cannot be made or changed; the message is one line in English, `code` says which."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class UserRow:
    """A login as lists show it."""

    user_id: int
    email: str
    role: str
    rep_id: str | None
    has_password: bool
    is_disabled: bool
    may_edit_rules: bool
    signs_for: str | None

    @property
    def rights(self) -> tuple[str, ...]:
        """What was given beyond the role, as `flask users rights` writes it."""
        edits = ("edit-rules",) if self.may_edit_rules else ()
        return edits if self.signs_for is None else (*edits, f"signs-for={self.signs_for}")


def create(
    email: str,
    role: str,
    *,
    rep: str | None,
    password: str | None,
    actor: str,
    now: Instant,
    name: str | None = None,
) -> int:
    """Makes a login and returns its key. Raises UserProblem, passwords.Unsafe, passwords.TooBusy."""
    address = normal_email(email)
    if role not in ROLES:
        raise UserProblem("role", f"{role!r} is none of {', '.join(ROLES)}")
    kept = _hashed(password, address)
    session = writing_session()
    person_id = None if rep is None else person_of(session, rep)
    called = None if name is None or person_id is not None else " ".join(name.split()) or None
    user_id = insert(session, address, role, person_id, kept, now, called)
    told = without_nameless({"role": role, "person": person_id, "name": called})
    audit(session, now, actor, "user.created", user_id, told)
    session.commit()
    return user_id


def without_nameless(told: dict[str, object]) -> dict[str, object]:
    """What the audit log tells of a new login: of the name nothing where there is none."""
    return {key: value for key, value in told.items() if key != "name" or value is not None}


def insert(
    session: Session,
    email: str,
    role: str,
    person_id: int | None,
    password_hash: str | None,
    now: Instant,
    name: str | None = None,
) -> int:
    """The row of a new login; the caller commits. Raises UserProblem where the e-mail address has one."""
    values = {"email": email, "role": role, "person_id": person_id, "password_hash": password_hash}
    statement = insert_into(session, User.__table__).values(**values, name=name, created_at=now)
    user_id = session.scalar(statement.on_conflict_do_nothing().returning(User.__table__.c.id))
    if user_id is None:
        session.rollback()
        raise UserProblem("taken", f"{email} has a login already")
    return int(user_id)


def list_all() -> list[UserRow]:
    """All logins, by e-mail address."""
    statement = (
        select(User, Person.rep_id).outerjoin(Person, Person.id == User.person_id).order_by(User.email)
    )
    return [
        UserRow(
            user.id,
            user.email,
            user.role,
            rep,
            user.password_hash is not None,
            user.disabled_at is not None,
            user.may_edit_rules,
            user.signs_for,
        )
        for user, rep in current_session().execute(statement)
    ]


def by_key(session: Session, user_id: int) -> User:
    """The login of a key, held until the commit. Raises UserProblem where there is none."""
    held = select(User).where(User.id == user_id).with_for_update()
    user = session.scalar(held.execution_options(populate_existing=True))
    if user is None:
        session.rollback()
        raise UserProblem("unknown", f"there is no login {user_id}")
    return user


def any_exists() -> bool:
    """Whether anybody has a login yet."""
    with reading_engine(db.engine).connect() as connection:
        return connection.execute(select(User.id).limit(1)).first() is not None


def any_in(session: Session) -> bool:
    """The same, as the caller's transaction sees it."""
    return session.scalar(select(User.id).limit(1)) is not None


def find(email: str) -> User | None:
    """The login of an e-mail address, however it is written."""
    return writing_session().scalar(select(User).where(User.email == normal_email(email)))


def existing(email: str) -> User:
    """The login of an e-mail address. Raises UserProblem where there is none."""
    user = find(email)
    if user is None:
        writing_session().rollback()
        raise UserProblem("unknown", f"{email} has no login")
    return user


def put_password(session: Session, user: User, password_hash: str, actor: str, now: Instant) -> None:
    """Keeps a new password, and ends all sessions that the old one opened; the caller commits."""
    user.password_hash = password_hash
    login_sessions.end_all(session, user.id)
    audit(session, now, actor, "user.password", user.id)


def prefer(user_id: int, *, locale: str | None = None, theme: str | None = None) -> None:
    """Keeps what the user chose; what is None stays as it is."""
    chosen = {"locale": locale, "theme": theme if theme in THEMES else None}
    values = {name: value for name, value in chosen.items() if value is not None}
    if values:
        session = writing_session()
        session.execute(update(User).where(User.id == user_id).values(**values))
        session.commit()


def normal_email(email: str) -> str:
    """The address in the one way it is kept. Raises UserProblem for what is none."""
    text = email.strip().lower()
    if len(text) > LONGEST_EMAIL or not text.isprintable() or not _EMAIL.fullmatch(text):
        raise UserProblem("email", f"{email[:80]!r} is not an e-mail address")
    return text


def audit(
    session: Session,
    now: Instant,
    actor: str,
    action: str,
    user_id: int,
    after: Mapping[str, object] | None = None,
    before: Mapping[str, object] | None = None,
) -> None:
    """Notes who did what to a login. By its key: names and addresses stand in rows that can be emptied."""
    audit_log.note(session, now, actor, action, f"user:{user_id}", before=before, after=after)


def _hashed(password: str | None, email: str) -> str | None:
    if password is None:
        return None
    passwords.check(password, email)
    return passwords.hash_password(password)


def person_of(session: Session, rep: str) -> int:
    """The key of the person whom this id or alias names. Raises UserProblem where it names nobody."""
    person_id = session.scalar(select(RepKey.person_id).where(RepKey.text == rep.strip()))
    if person_id is None:
        session.rollback()
        raise UserProblem("rep", f"no rep {rep!r} is known; import the roster first")
    return person_id

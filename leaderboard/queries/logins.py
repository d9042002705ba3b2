"""Logins as the pages of the settings show them, and reps of the roster who have none. A statement each."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session

from leaderboard.domain.instants import Instant
from leaderboard.persistence.models import LoginSession, OneTimeLink, Person, User


@dataclass(frozen=True, slots=True)
class Login:
    """A login. `name` is its rep's; None where it stands for none, or for one whom the roster does not have.

    `own_name` is what its holder is called where it stands for no rep.
    """

    user_id: int
    email: str
    role: str
    person_key: int | None
    rep_id: str | None
    name: str | None
    own_name: str | None
    may_edit_rules: bool
    signs_for: str | None
    has_password: bool
    is_disabled: bool
    created_at: Instant
    seen_at: Instant | None
    sessions: int
    """Browsers that are logged in."""
    link_until: Instant | None
    """Until when its one-time link opens; None without one."""

    @property
    def shown_name(self) -> str:
        return self.name or self.own_name or self.rep_id or self.email.partition("@")[0]


@dataclass(frozen=True, slots=True)
class Without:
    """A rep of the roster who has no login."""

    person_key: int
    rep_id: str
    name: str
    email: str | None


@dataclass(frozen=True, slots=True)
class Alive:
    """What it takes for a session to be one: used since the one instant, begun since the other."""

    used_after: Instant
    begun_after: Instant


def logins(session: Session, alive: Alive, now: Instant) -> tuple[Login, ...]:
    """All of them."""
    return tuple(_login(row) for row in session.execute(_logins(alive, now)))


def login(session: Session, user_id: int, alive: Alive, now: Instant) -> Login | None:
    """The one of a key; None for no such."""
    row = session.execute(_logins(alive, now).where(User.id == user_id)).first()
    return None if row is None else _login(row)


def without_login(session: Session) -> tuple[Without, ...]:
    """The roster's reps whom no login stands for."""
    has_one = select(User.id).where(User.person_id == Person.id).exists()
    columns = (Person.id, Person.rep_id, Person.name, Person.email)
    rows = session.execute(select(*columns).where(Person.in_roster, Person.rep_id.is_not(None), ~has_one))
    return tuple(Without(key, rep_id or "", name or rep_id or "", email) for key, rep_id, name, email in rows)


def _logins(alive: Alive, now: Instant) -> Select[*tuple[Any, ...]]:
    sessions = (
        select(func.count())
        .where(
            LoginSession.user_id == User.id,
            LoginSession.seen_at > alive.used_after,
            LoginSession.created_at > alive.begun_after,
        )
        .scalar_subquery()
    )
    link = (
        select(func.max(OneTimeLink.expires_at))
        .where(OneTimeLink.user_id == User.id, OneTimeLink.used_at.is_(None), OneTimeLink.expires_at > now)
        .scalar_subquery()
    )
    return select(
        User.id,
        User.email,
        User.role,
        User.person_id,
        Person.rep_id,
        Person.name,
        User.name.label("own_name"),
        User.may_edit_rules,
        User.signs_for,
        User.password_hash.is_not(None).label("has_password"),
        User.disabled_at,
        User.created_at,
        User.seen_at,
        sessions.label("sessions"),
        link.label("link_until"),
    ).outerjoin(Person, Person.id == User.person_id)


def _login(row: Row[*tuple[Any, ...]]) -> Login:
    return Login(
        row.id,
        row.email,
        row.role,
        row.person_id,
        row.rep_id,
        row.name,
        row.own_name,
        row.may_edit_rules,
        row.signs_for,
        bool(row.has_password),
        row.disabled_at is not None,
        row.created_at,
        row.seen_at,
        row.sessions,
        row.link_until,
    )

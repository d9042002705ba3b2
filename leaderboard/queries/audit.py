"""The audit log as people read it: entries newest first, with the names that their keys bear now.

Entries name people, logins, teams, tokens and drafts by key; whoever was erased is a number here from then on.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select, union
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from leaderboard.domain.instants import Instant
from leaderboard.persistence.bulk import among
from leaderboard.persistence.models import ApiToken, AuditEntry, Draft, Person, Screen, Team, User
from leaderboard.queries.actors import name_of_login

KINDS: Mapping[str, tuple[str, ...]] = {
    "rules": ("rulebook", "draft", "trial"),
    "decisions": ("decision", "proposal", "payout", "credential", "period"),
    "people": ("user", "display"),
    "roster": ("roster",),
    "programs": ("token",),
    "screens": ("screen", "screens"),
    "product": ("self_check", "demo", "key"),
}
"""Kinds of entries, by what their actions begin with up to the dot."""

RULES = "rules"


@dataclass(frozen=True, slots=True)
class Asked:
    """Which entries: all where nothing is said. Instants from `from_at` on, until before `until_at`."""

    kind: str | None = None
    who: str | None = None
    """A key such as `user:7`: of who did it, or whom it is about."""
    from_at: Instant | None = None
    until_at: Instant | None = None
    before_id: int | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """Who did what, when; `before` and `after` as they were noted."""

    id: int
    at: Instant
    actor: str
    action: str
    subject: str | None
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Names:
    """What keys such as `user:7` or `person:3` are called."""

    by_key: Mapping[str, str]

    def of(self, key: str) -> str | None:
        return self.by_key.get(key)


@dataclass(frozen=True, slots=True)
class AuditPage:
    """Some entries, with the names in them, and whether there are older ones."""

    entries: tuple[Entry, ...]
    names: Names
    has_more: bool


@dataclass(frozen=True, slots=True)
class Pulse:
    """How much was done lately, and the newest of it."""

    since: int
    page: AuditPage


def audit_page(session: Session, asked: Asked, most: int) -> AuditPage:
    """The newest entries that were asked for, at most so many; a constant number of statements."""
    newest_first = (AuditEntry.at.desc(), AuditEntry.id.desc())
    statement = select(AuditEntry).where(*_wanted(asked)).order_by(*newest_first).limit(most + 1)
    entries = tuple(_entry(row) for row in session.scalars(statement))
    shown = entries[:most]
    return AuditPage(shown, names_in(session, shown), len(entries) > most)


def pulse(session: Session, asked: Asked, since: Instant) -> Pulse:
    """For the overview."""
    lately = select(func.count()).select_from(AuditEntry).where(*_wanted(asked), AuditEntry.at >= since)
    return Pulse(session.scalar(lately) or 0, audit_page(session, asked, 1))


def people_of(session: Session, asked: Asked) -> Names:
    """Whoever did something, or had something done to their login, in entries of the kind asked for."""
    wanted = _wanted(Asked(kind=asked.kind))
    keys = session.scalars(
        union(
            select(AuditEntry.actor).where(*wanted),
            select(AuditEntry.subject).where(AuditEntry.subject.startswith("user:"), *wanted),
        )
    ).all()
    logins = _users(session, _numbers(keys, "user"))
    return Names({key: logins.get(key, key) for key in keys if key is not None})


def names_in(session: Session, entries: Iterable[Entry]) -> Names:
    """The names of all keys in these entries. A statement for each kind of key that there is."""
    found = [*entries]
    keys = {key for entry in found for key in (entry.actor, entry.subject) if key is not None}
    keys |= {f"person:{number}" for entry in found for number in _persons(entry)}
    names = _users(session, _numbers(keys, "user"))
    for kind, key, name in (
        ("person", Person.id, func.coalesce(Person.name, Person.rep_id)),
        ("team", Team.id, func.coalesce(Team.name, Team.team_id)),
        ("token", ApiToken.id, ApiToken.name),
        ("draft", Draft.id, Draft.name),
        ("screen", Screen.id, Screen.name),
    ):
        names |= _named(session, kind, _numbers(keys, kind), key, name)
    return Names(names)


def _wanted(asked: Asked) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    if asked.kind is not None:
        begins = [AuditEntry.action.startswith(f"{word}.", autoescape=True) for word in KINDS[asked.kind]]
        wanted.append(or_(*begins))
    if asked.who is not None:
        wanted.append(or_(AuditEntry.actor == asked.who, AuditEntry.subject == asked.who))
    if asked.from_at is not None:
        wanted.append(AuditEntry.at >= asked.from_at)
    if asked.until_at is not None:
        wanted.append(AuditEntry.at < asked.until_at)
    if asked.before_id is not None:
        wanted.append(_before(asked.before_id))
    return wanted


def _before(entry_id: int) -> ColumnElement[bool]:
    """What comes after that entry in the order of the pages. Nothing does after one that is not there."""
    entry = aliased(AuditEntry)
    at = select(entry.at).where(entry.id == entry_id).scalar_subquery()
    return or_(AuditEntry.at < at, and_(AuditEntry.at == at, AuditEntry.id < entry_id))


def _entry(row: AuditEntry) -> Entry:
    return Entry(row.id, row.at, row.actor, row.action, row.subject, _value(row.before), _value(row.after))


def _value(text: str | None) -> Any:
    """As it was noted; a text that is no JSON is itself."""
    if text is None:
        return None
    try:
        return json.loads(text)
    except ValueError:
        return text


def _persons(entry: Entry) -> set[int]:
    """People whom the values before and after name, by key."""
    sides = [side for side in (entry.before, entry.after) if isinstance(side, dict)]
    return {side["person"] for side in sides if isinstance(side.get("person"), int)}


def _numbers(keys: Iterable[str | None], kind: str) -> list[int]:
    begin = f"{kind}:"
    return sorted(
        {
            int(rest)
            for key in keys
            if key is not None and key.startswith(begin) and (rest := key.removeprefix(begin)).isdigit()
        }
    )


def _users(session: Session, numbers: list[int]) -> dict[str, str]:
    if not numbers:
        return {}
    statement = select(User.id, name_of_login()).outerjoin(Person, Person.id == User.person_id)
    return _keyed("user", session.execute(statement.where(among(session, User.id, numbers))))


def _named(
    session: Session,
    kind: str,
    numbers: list[int],
    key: InstrumentedAttribute[int],
    name: ColumnElement[str] | InstrumentedAttribute[str],
) -> dict[str, str]:
    if not numbers:
        return {}
    return _keyed(kind, session.execute(select(key, name).where(among(session, key, numbers))))


def _keyed(kind: str, rows: Iterable[Any]) -> dict[str, str]:
    return {f"{kind}:{number}": name for number, name in rows if name is not None}

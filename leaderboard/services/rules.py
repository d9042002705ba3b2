"""The rules and the roster in use, as the domain wants them."""

import datetime as dt
import json
from dataclasses import dataclass
from functools import lru_cache
from zoneinfo import ZoneInfo

from sqlalchemy import Text, cast, func, literal, null, select, union_all
from sqlalchemy.orm import Session

from leaderboard.domain.roster import Placement, Roster
from leaderboard.domain.rulebook import Rulebook
from leaderboard.domain.versions import Book
from leaderboard.files.rulebook import read_rulebook, with_holidays
from leaderboard.persistence.db import current_session
from leaderboard.persistence.models import Person, RosterVersion, RulebookRevision
from leaderboard.persistence.revisions import not_taken_back
from leaderboard.queries.ground import Memo
from leaderboard.services.stored_roster import stored_roster

_ROSTERS_KEPT = 4


@dataclass(frozen=True, slots=True)
class Rules:
    """What points are computed by. `roster_version` is None where no roster was ever imported."""

    book: Book
    placement: Placement
    roster_version: int | None
    revisions: tuple[int, ...]

    @property
    def roster(self) -> Roster:
        """The roster."""
        return self.placement.roster


@dataclass(frozen=True, slots=True)
class InUse:
    """What is in use now: numbers and hashes, from which all else follows."""

    roster: tuple[int, str] | None
    revisions: tuple[tuple[int, str], ...]
    erased: int
    """How many people were erased: the one change that a stored roster ever sees."""


# Made once: every page and every evaluation asks it.
_IN_USE = union_all(
    select(literal("roster").label("what"), RosterVersion.id.label("number"), RosterVersion.sha256).where(
        RosterVersion.id == select(func.max(RosterVersion.id)).scalar_subquery()
    ),
    select(literal("erased"), func.count(), cast(null(), Text)).where(Person.erased_at.is_not(None)),
    select(literal("revision"), RulebookRevision.id, RulebookRevision.sha256).where(
        RulebookRevision.id.in_(
            select(func.max(RulebookRevision.id))
            .where(not_taken_back())
            .group_by(RulebookRevision.effective_from)
        )
    ),
)
_rules = Memo(4)


def in_use(session: Session) -> InUse:
    """One statement."""
    found: dict[str, list[tuple[int, str]]] = {"roster": [], "revision": [], "erased": []}
    for what, number, sha256 in session.execute(_IN_USE):
        found[what].append((number, sha256))
    (erased, _), roster = found["erased"][0], found["roster"]
    return InUse(roster[0] if roster else None, tuple(sorted(found["revision"])), erased)


def current_rules(session: Session) -> Rules | None:
    """The rules in use; None as long as no rulebook was applied. one statement where nothing changed."""
    return rules_in_use(session, in_use(session))


def rules_in_use(session: Session, using: InUse) -> Rules | None:
    """The rules that these make; None for no rulebook at all."""
    version = None if using.roster is None else using.roster[0]
    revisions = tuple(number for number, _ in using.revisions)
    return _rules.get(session, using, lambda: rules_as_stored(session, version, revisions))


def read_ahead() -> None:
    """For a process that forks others: they begin with what it has, and read only what is newer."""
    session = current_session()
    current_rules(session)
    session.rollback()


def current_roster_version(session: Session) -> int | None:
    """The roster in use; None before the first."""
    return session.scalar(select(func.max(RosterVersion.id)))


def current_revisions(session: Session) -> tuple[int, ...]:
    """The latest revision of each version of the rulebook."""
    latest = select(func.max(RulebookRevision.id)).where(not_taken_back())
    return tuple(sorted(session.scalars(latest.group_by(RulebookRevision.effective_from))))


def rules_as_stored(session: Session, roster_version: int | None, revisions: tuple[int, ...]) -> Rules | None:
    """The rules that these stored versions make; None for no rulebook at all."""
    if not revisions:
        return None
    book = _book(tuple(_stored(session, revision) for revision in revisions))
    return Rules(book, _placement(session, roster_version, book.calendar.zone), roster_version, revisions)


_placements = Memo(_ROSTERS_KEPT)


def _placement(session: Session, version: int | None, zone: ZoneInfo) -> Placement:
    """A stored roster never changes but by an erasure, so that it is read once by each process and database."""
    erased = session.scalar(select(func.count()).where(Person.erased_at.is_not(None)))

    def make() -> Placement:
        return Placement(Roster() if version is None else stored_roster(session, version), zone)

    return _placements.get(session, (version, erased, zone.key), make)


def book_of(session: Session, revisions: tuple[int, ...], *drafts: Rulebook) -> Book:
    """The stored versions with drafts among them, each in place of the version that starts with it."""
    rulebooks = [_rulebook(*_stored(session, revision)) for revision in revisions]
    starts = {draft.effective_from for draft in drafts}
    return Book([*(one for one in rulebooks if one.effective_from not in starts), *drafts])


def _stored(session: Session, revision: int) -> tuple[int, str, str]:
    row = session.get_one(RulebookRevision, revision)
    return row.id, row.document, row.holidays


@lru_cache(maxsize=8)
def _book(stored: tuple[tuple[int, str, str], ...]) -> Book:
    """Stored revisions never change, so a book of them is made once in a process."""
    return Book(_rulebook(*one) for one in stored)


@lru_cache(maxsize=64)
def _rulebook(revision: int, document: str, holidays: str) -> Rulebook:
    resolved = {
        calendar: {dt.date.fromisoformat(day): name for day, name in days.items()}
        for calendar, days in json.loads(holidays).items()
    }
    return with_holidays(read_rulebook(document, f"rulebook revision {revision}"), resolved)

"""Booking points: entries are only ever added, and one that fell is taken back by another that names it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, aliased

from leaderboard.domain.instants import Instant
from leaderboard.domain.periods import PeriodCalendar
from leaderboard.domain.points import Entry
from leaderboard.domain.rulebook import SubjectKind
from leaderboard.persistence.bulk import Row, insert_rows
from leaderboard.persistence.models import LedgerEntry
from leaderboard.persistence.planner import usually
from leaderboard.services.directory import Directory
from leaderboard.services.kept_sums import SumChanges

LEDGER_COLUMNS = (
    "booked_at", "recorded_at", "month", "day", "subject", "person_id", "team_id", "points", "kind", "service_level",
    "rating", "lead_key", "rulebook_on", "badge", "reason_key", "generation", "takes_back", "corrects", "reason",
    "settles",
)  # fmt: skip


# Made once: an alias costs more than most of the questions that it is part of.
_taker = aliased(LedgerEntry)
_STANDING = (
    select(LedgerEntry)
    .outerjoin(_taker, _taker.takes_back == LedgerEntry.id)
    .where(usually(LedgerEntry.takes_back.is_(None)), _taker.id.is_(None))
)


class Booking(NamedTuple):
    """An entry as the ledger's columns hold it, but for what the booking itself adds."""

    reason_key: str
    booked_at: Instant
    subject: str
    person_id: int | None
    team_id: int | None
    points: int
    kind: str
    rulebook_on: str
    service_level: str | None
    rating: str | None
    lead_key: str | None
    badge: str | None
    corrects: str | None
    reason: str | None
    settles: str | None


@dataclass(frozen=True, slots=True)
class Standing:
    """A booking that stands in the ledger."""

    id: int
    generation: int
    booking: Booking
    recorded_at: Instant


Why = Callable[[Standing], str | None]
"""For what reason an entry is taken back; None where what it rested on has changed, and nobody has to say more."""


def unsaid(_: Standing) -> None:
    """Events say it themselves."""


def because(reason: str | None) -> Why:
    """One reason for all."""
    return lambda _: reason


def each_key(month: str, outcome_key: str) -> str:
    """The reason of an outcome's entry: in every month of its own, for what a closed month keeps stands for good."""
    return f"each/{month}/{outcome_key}"


def booking_of(
    entry: Entry, directory: Directory, settles: str | None, each: tuple[str, str] | None = None
) -> Booking:
    """A domain entry with the keys of its people and teams; a rep's id is no part of the reason's key.

    `each` are reason key and lead key of an outcome's entry.
    """
    (
        key, booked_at, subject, subject_id, team, points, kind, rulebook_on, service_level, rating, _, badge, corrects,
        reason,
    ) = entry  # fmt: skip
    person_id = directory.person_id(subject_id) if subject is SubjectKind.REP else None
    team_id = directory.team_key(team)
    if each is None:
        reason_key, lead_key = f"{key}/" + (f"t{team_id}" if person_id is None else f"r{person_id}"), None
    else:
        reason_key, lead_key = each
    return Booking(
        reason_key, booked_at, str(subject), person_id, team_id, points, str(kind), rulebook_on.isoformat(),
        service_level, None if rating is None else str(rating), lead_key, badge, corrects, reason, settles,
    )  # fmt: skip


def ledger_row(
    booking: Booking,
    day: str,
    now: Instant,
    generation: int,
    points: int,
    takes_back: int | None,
    reason: str | None,
) -> Row:
    """A booking as the ledger's columns hold it."""
    (
        reason_key, booked_at, subject, person_id, team_id, _, kind, rulebook_on, service_level, rating, lead_key,
        badge, corrects, _, settles,
    ) = booking  # fmt: skip
    return (
        booked_at, now, day[:7], day, subject, person_id, team_id, points, kind, service_level, rating, lead_key,
        rulebook_on, badge, reason_key, generation, takes_back, corrects, reason, settles,
    )  # fmt: skip


def standing_where(session: Session, *conditions: ColumnElement[bool]) -> list[Standing]:
    """The entries that stand and fulfil the conditions."""
    return [_standing(entry) for entry in session.scalars(_STANDING.where(*conditions))]


def standing_for(session: Session, reason_keys: Iterable[str]) -> dict[str, Standing]:
    """The entries that stand for these reasons, by reason key."""
    found: dict[str, Standing] = {}
    for part in _parts(reason_keys):
        for row in standing_where(session, LedgerEntry.reason_key.in_(part)):
            found[row.booking.reason_key] = row
    return found


def _standing(entry: LedgerEntry) -> Standing:
    booking = Booking(
        entry.reason_key, entry.booked_at, entry.subject, entry.person_id, entry.team_id, entry.points, entry.kind,
        entry.rulebook_on, entry.service_level, entry.rating, entry.lead_key, entry.badge, entry.corrects,
        entry.reason, entry.settles,
    )  # fmt: skip
    return Standing(entry.id, entry.generation, booking, entry.recorded_at)


class LedgerWriter:
    """Books and takes back within one transaction, and keeps the sums with it."""

    def __init__(self, session: Session, calendar: PeriodCalendar, now: Instant, changes: SumChanges) -> None:
        self._session = session
        self._calendar = calendar
        self._now = now
        self._changes = changes
        self._rows: list[Row] = []

    def take_back(self, entries: Iterable[Standing], why: Why = unsaid) -> None:
        """Books the opposite of each entry, at the same instant, so that the sums are as if it had never been."""
        for entry in entries:
            self._add(entry.booking, entry.generation, -entry.booking.points, entry.id, why(entry))

    def book(self, bookings: Sequence[Booking]) -> None:
        """Books entries for reasons for which none stands (any more)."""
        generations = self._generations(b.reason_key for b in bookings)
        for booking in bookings:
            self._add(booking, generations.get(booking.reason_key, 0), booking.points, None, booking.reason)

    def replace(self, standing: Iterable[Standing], wanted: Iterable[Booking], why: Why = unsaid) -> bool:
        """Makes exactly the wanted bookings stand, where these stood; whether anything changed.

        A reason that another settlement booked meanwhile becomes this one's: whoever calls goes before it.
        """
        want = {booking.reason_key: booking for booking in wanted}
        fallen = [row for row in standing if want.get(row.booking.reason_key) != row.booking]
        kept = {row.booking.reason_key for row in standing} - {row.booking.reason_key for row in fallen}
        new = [booking for key, booking in want.items() if key not in kept]
        ours = {row.id for row in fallen}
        others = standing_for(self._session, (b.reason_key for b in new)).values() if new else ()
        self.take_back([*fallen, *(row for row in others if row.id not in ours)], why)
        self.flush()
        self.book(new)
        self.flush()
        return bool(fallen or new)

    def flush(self) -> None:
        """Writes what was gathered; the database refuses a second entry that stands for one reason."""
        insert_rows(self._session, LedgerEntry, LEDGER_COLUMNS, self._rows)
        self._rows = []

    def _add(
        self, booking: Booking, generation: int, points: int, takes_back: int | None, reason: str | None
    ) -> None:
        day = self._calendar.day_at(booking.booked_at)
        sign = 1 if takes_back is None else -1
        self._changes.points(day, booking.person_id, booking.team_id, points, sign)
        self._rows.append(ledger_row(booking, day, self._now, generation, points, takes_back, reason))

    def _generations(self, reason_keys: Iterable[str]) -> dict[str, int]:
        """How many entries were booked for each reason so far."""
        counts: dict[str, int] = {}
        for part in _parts(reason_keys):
            statement = (
                select(LedgerEntry.reason_key, func.count())
                .where(LedgerEntry.reason_key.in_(part), usually(LedgerEntry.takes_back.is_(None)))
                .group_by(LedgerEntry.reason_key)
            )
            counts.update((key, count) for key, count in self._session.execute(statement))
        return counts


def _parts(keys: Iterable[str], size: int = 5_000) -> Iterable[list[str]]:
    ordered = sorted(set(keys))
    return (ordered[start : start + size] for start in range(0, len(ordered), size))

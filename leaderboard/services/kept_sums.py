"""The sums that pages read, changed in the transaction that changes what they sum."""

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import select, tuple_, update
from sqlalchemy.orm import Session

from leaderboard.domain.measures import EXACT, plain
from leaderboard.domain.periods import Month
from leaderboard.domain.rulebook import Rating
from leaderboard.persistence.bulk import Row, add_to_sums, put_rows
from leaderboard.persistence.models import (
    CountSum,
    DaySum,
    MonthSum,
    RepSettlement,
    Settlement,
    Tally,
)

_COUNTED = ("exceeded", "met", "missed")
_Sums = dict[tuple[Any, ...], list[int]]
"""Points, outcomes by rating, entries."""

_PLACES = {Rating.EXCEEDED.value: 1, Rating.MET.value: 2, Rating.MISSED.value: 3}


def _nothing() -> list[int]:
    return [0, 0, 0, 0, 0]


class SumChanges:
    """Changes to the kept sums, gathered and then written at once. 0 stands for nobody, and for no team."""

    def __init__(self) -> None:
        self._days: _Sums = defaultdict(_nothing)
        self._months: _Sums = defaultdict(_nothing)
        self._tallies: _Sums = defaultdict(_nothing)
        self._counts: dict[tuple[str, str, str, int, int], tuple[Decimal, int]] = {}
        self._dirty_months: set[str] = set()
        self._dirty_reps: set[tuple[str, int]] = set()

    def outcome(
        self, day: str, service_level: str, person_id: int | None, team_id: int | None, rating: str, sign: int
    ) -> None:
        """An outcome counts from now on (sign 1), or no longer (sign -1); one that nobody held counts for no one."""
        if person_id is None:
            return
        place, month, team = _PLACES[rating], day[:7], team_id or 0
        self._days[day, person_id, team][place] += sign
        self._months[month, person_id, team][place] += sign
        self._tallies[month, service_level, person_id, team][place] += sign
        self._dirty_months.add(month)
        self._dirty_reps.add((month, person_id))

    def points(self, day: str, person_id: int | None, team_id: int | None, points: int, sign: int) -> None:
        """Points were booked (sign 1), or an entry was taken back by these (sign -1); a team's own bear no person."""
        month, person, team = day[:7], person_id or 0, team_id or 0
        for amounts in (self._days[day, person, team], self._months[month, person, team]):
            amounts[0] += points
            amounts[4] += sign
        self._dirty_months.add(month)

    def contribution(
        self, month: str, service_level: str, side: str, person_id: int | None, team_id: int | None,
        value: Decimal, sign: int,
    ) -> None:  # fmt: skip
        """A contribution counts from now on (sign 1), or no longer (sign -1)."""
        self._dirty_months.add(month)
        if person_id is None:
            return
        key = (month, service_level, side, person_id, team_id or 0)
        total, events = self._counts.get(key, (Decimal(0), 0))
        signed = value if sign > 0 else EXACT.minus(value)
        self._counts[key] = (EXACT.add(total, signed), events + sign)

    def mark_month(self, month: str) -> None:
        """Something of a month changed that no sum shows: what came late to a closed one, or another roster."""
        self._dirty_months.add(month)

    def mark_rep(self, month: str, person_id: int) -> None:
        """A rep's badges of a month are to be looked at again."""
        self._dirty_reps.add((month, person_id))

    def write(self, session: Session, settling: str | None = None) -> None:
        """Writes all changes, and marks what is to be settled again, but for the month that is being settled."""
        self.rows(settling).write(session)

    def rows(self, settling: str | None = None) -> "SumRows":
        """The changes as rows of plain values."""
        return SumRows(
            _rows(self._days),
            _rows(self._months),
            [(*key, *amounts[1:4]) for key, amounts in self._tallies.items()],
            [(*key, plain(value), events) for key, (value, events) in sorted(self._counts.items())],
            [(month,) for month in self._dirty_months if month != settling],
            list(self._dirty_reps),
        )


class SumRows(NamedTuple):
    """Changes to the kept sums: rows of keys and of what is added to them, and keys of what is to be settled again."""

    days: list[Row]
    months: list[Row]
    tallies: list[Row]
    counts: list[Row]
    dirty_months: list[tuple[str]]
    dirty_reps: list[tuple[str, int]]

    def write(self, session: Session) -> None:
        """Adds them to what is kept."""
        keys, standing = ("person_id", "team_id"), ("points", *_COUNTED, "entries")
        add_to_sums(session, DaySum, ("day", *keys), standing, self.days)
        add_to_sums(session, MonthSum, ("month", *keys), standing, self.months)
        add_to_sums(session, Tally, ("month", "service_level", *keys), _COUNTED, self.tallies)
        self._write_counts(session)
        _mark(session, Settlement, ("month",), self.dirty_months)
        _mark(session, RepSettlement, ("month", "person_id"), self.dirty_reps)

    def _write_counts(self, session: Session) -> None:
        """Decimals of any length are no number the database could add exactly: read, added here, written."""
        columns = (
            CountSum.month,
            CountSum.service_level,
            CountSum.side,
            CountSum.person_id,
            CountSum.team_id,
        )
        known: dict[tuple[object, ...], tuple[Decimal, int]] = {}
        keys = [row[:5] for row in self.counts]
        for start in range(0, len(keys), 2000):
            part = keys[start : start + 2000]
            found = session.execute(
                select(*columns, CountSum.value, CountSum.events).where(tuple_(*columns).in_(part))
            )
            known.update((tuple(row[:5]), (Decimal(row.value), row.events)) for row in found)
        rows = []
        for *key, more, count in self.counts:
            value, events = known.get(tuple(key), (Decimal(0), 0))
            rows.append((*key, plain(EXACT.add(value, Decimal(more))), events + count))
        put_rows(session, CountSum, ("month", "service_level", "side", "person_id", "team_id"),
            ("value", "events"), rows,
        )  # fmt: skip


def mark_dirty(session: Session, months: set[str]) -> None:
    """These months are to be settled (again)."""
    _mark(session, Settlement, ("month",), [(month,) for month in months])


def mark_again(session: Session, month: Month) -> None:
    """If it was settled ever, this month is to be settled again."""
    this = Settlement.month == str(month)
    session.execute(update(Settlement).where(this).values(dirty_version=Settlement.dirty_version + 1))


def mark_later(session: Session, month: Month) -> None:
    """All months after this one are to be settled again: what they begin with has changed."""
    later = Settlement.month > str(month)
    session.execute(update(Settlement).where(later).values(dirty_version=Settlement.dirty_version + 1))


def _mark(
    session: Session,
    model: type[Settlement | RepSettlement],
    keys: tuple[str, ...],
    rows: Iterable[tuple[object, ...]],
) -> None:
    add_to_sums(session, model, keys, ("dirty_version",), [(*row, 1) for row in rows])


def _rows(sums: _Sums) -> list[Row]:
    return [(*key, *amounts) for key, amounts in sums.items() if any(amounts)]

"""Outcomes and contributions as rows: what a fold says now, against what is stored, and what closed months keep."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Select, or_, select, true
from sqlalchemy.orm import Session

from leaderboard.domain.measures import plain
from leaderboard.domain.outcomes import Contribution, Outcome
from leaderboard.domain.periods import PeriodCalendar
from leaderboard.domain.points import Entry, outcome_entry
from leaderboard.persistence.bulk import Row, among, insert_rows, update_rows
from leaderboard.persistence.db import is_sqlite
from leaderboard.services.directory import Directory
from leaderboard.services.kept_sums import SumChanges

OUTCOME_COLUMNS = (
    "outcome_key", "lead_key", "service_level", "rating", "at", "month", "person_id", "team_id", "rulebook_on",
    "subject", "points", "opened_at", "due_at", "elapsed_us", "within_us", "exceed_within_us", "opening_seq",
    "closing_seq",
)  # fmt: skip
CONTRIBUTION_COLUMNS = (
    "contribution_key", "lead_key", "service_level", "side", "at", "month", "person_id", "team_id", "value",
    "event_seq",
)  # fmt: skip
FLAGS = ("counted", "current")
Flags = tuple[tuple[int, int], tuple[int, int]]
_MONTH = 5  # where the month stands in both


class NewOutcome(NamedTuple):
    """A row to be, with the entry that it books."""

    row: Row
    day: str
    entry: Entry | None


def outcome_row(
    outcome: Outcome,
    lead_key: str,
    seqs: Mapping[tuple[str, str], int],
    directory: Directory,
    calendar: PeriodCalendar,
) -> NewOutcome:
    """An outcome as the columns hold it."""
    entry = outcome_entry(outcome)
    (
        service_level, rating, at, holder, team, _, rulebook_on, subject, _, opening, (opened_at, *_), closing, due_at,
        *microseconds,
    ) = outcome  # fmt: skip
    day = calendar.day_at(at)
    row = (
        outcome.key, lead_key, service_level, str(rating), at, day[:7], directory.person_id(holder),
        directory.team_key(team), rulebook_on.isoformat(), str(subject), 0 if entry is None else entry.points,
        opened_at, due_at, *microseconds, seqs[opening], None if closing is None else seqs[closing],
    )  # fmt: skip
    return NewOutcome(row, day, entry)


def contribution_row(
    item: Contribution,
    lead_key: str,
    seqs: Mapping[tuple[str, str], int],
    directory: Directory,
    calendar: PeriodCalendar,
) -> Row:
    """A contribution as the columns hold it."""
    return (
        item.key, lead_key, item.service_level, item.side.value, item.at, calendar.day_at(item.at)[:7],
        directory.person_id(item.rep), directory.team_key(item.team), plain(item.value), seqs[item.event],
    )  # fmt: skip


class Difference(NamedTuple):
    """What changes for one kind of rows: those that no longer follow, those that newly do, and sealed ones back."""

    fallen: list[Any]
    new: list[Row]
    restored: list[Any]


def load_stored(
    session: Session, model: Any, columns: Sequence[str], lead_keys: Collection[str]
) -> dict[str, list[Any]]:
    """The rows of these leads that are current or counted, by lead."""
    found: dict[str, list[Any]] = {}
    if lead_keys:
        statement = _stored(model, tuple(columns)).where(among(session, model.lead_key, lead_keys))
        for row in session.execute(statement):
            found.setdefault(row.lead_key, []).append(row)
    return found


@cache
def _stored(model: Any, columns: tuple[str, ...]) -> Select[*tuple[Any, ...]]:
    wanted = [getattr(model, name) for name in (*columns, *FLAGS)]
    return select(model.id, *wanted).where(or_(model.current == true(), model.counted == true()))


def differences(stored: Iterable[Any], wanted: Iterable[Row], closed: Collection[str]) -> Difference:
    """Compares what is stored of a lead with what follows now.

    A row that a closed month keeps, and that follows again, is made current again instead of being stored twice.
    """
    current = {row[1]: row for row in stored if row.current}
    sealed = {tuple(row[1:-2]): row for row in stored if row.counted and not row.current}
    difference = Difference([], [], [])
    for row in wanted:
        known = current.pop(row[0], None)
        if known is not None and tuple(known[1:-2]) == row:
            continue
        if known is not None:
            difference.fallen.append(known)
        if row[_MONTH] in closed and row in sealed:
            difference.restored.append(sealed[row])
        else:
            difference.new.append(row)
    difference.fallen.extend(current.values())
    return difference


def write_flags(session: Session, model: Any, change: Difference, closed: Collection[str]) -> None:
    """Marks the fallen (sealed ones go on counting) and the restored."""
    fallen = [(row.id, False, row.counted and row.month in closed) for row in change.fallen]
    update_rows(session, model, "id", ("current", "counted"), fallen)
    update_rows(session, model, "id", ("current",), [(row.id, True) for row in change.restored])


def insert_new(
    session: Session, model: Any, columns: Sequence[str], rows: Sequence[Row], closed: Collection[str]
) -> None:
    """Stores new rows: current, and counted unless their month is closed."""
    sealed, not_sealed = flags_of(session)
    flagged = [row + (sealed if row[_MONTH] in closed else not_sealed) for row in rows]
    insert_rows(session, model, (*columns, *FLAGS), flagged)


def flags_of(session: Session) -> Flags:
    """The flags of new rows, as the database's driver wants them: of those in closed months, and of all others."""
    flag: type[int] = int if is_sqlite(session) else bool
    return (flag(False), flag(True)), (flag(True), flag(True))


def count_outcomes(changes: SumChanges, rows: Iterable[Row], sign: int, calendar: PeriodCalendar) -> None:
    """Adds outcomes to the kept sums, or takes them out."""
    for row in rows:
        changes.outcome(calendar.day_at(row[4]), row[2], row[6], row[7], row[3], sign)


def count_contributions(changes: SumChanges, rows: Iterable[Row], sign: int) -> None:
    """Adds contributions to the kept sums, or takes them out."""
    for row in rows:
        changes.contribution(row[5], row[2], row[3], row[6], row[7], Decimal(row[8]), sign)

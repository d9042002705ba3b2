"""What leads that were never folded come to, as rows to be stored: of them nothing is there to be compared with."""

from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from sqlalchemy.orm import Session

from leaderboard.domain.instants import Instant
from leaderboard.domain.outcomes import LeadFold
from leaderboard.domain.periods import PeriodCalendar
from leaderboard.persistence import models
from leaderboard.persistence.bulk import Row, insert_rows
from leaderboard.services.directory import Directory
from leaderboard.services.kept_sums import SumChanges, SumRows
from leaderboard.services.ledger import LEDGER_COLUMNS, booking_of, each_key, ledger_row
from leaderboard.services.outcome_store import (
    CONTRIBUTION_COLUMNS,
    FLAGS,
    OUTCOME_COLUMNS,
    Flags,
    contribution_row,
    count_contributions,
    outcome_row,
)
from leaderboard.services.running_index import RUNNING_COLUMNS, running_rows

Seqs = Mapping[tuple[str, str], int]


class NewRows(NamedTuple):
    """Rows of plain values: outcomes and contributions with their flags, ledger entries, clocks that run."""

    outcomes: list[Row]
    contributions: list[Row]
    entries: list[Row]
    running: list[Row]
    sums: SumRows

    def write(self, session: Session) -> None:
        """Stores them, and keeps the sums."""
        insert_rows(session, models.Outcome, (*OUTCOME_COLUMNS, *FLAGS), self.outcomes)
        insert_rows(session, models.Contribution, (*CONTRIBUTION_COLUMNS, *FLAGS), self.contributions)
        insert_rows(session, models.LedgerEntry, LEDGER_COLUMNS, self.entries)
        insert_rows(session, models.RunningClock, RUNNING_COLUMNS, self.running)
        self.sums.write(session)


class NewRowsMaker:
    """Makes the rows of lead after lead. What falls into a closed month is kept, but neither counted nor booked."""

    def __init__(
        self,
        directory: Directory,
        calendar: PeriodCalendar,
        closed: Collection[str],
        flags: Flags,
        now: Instant,
        sums: SumChanges,
    ) -> None:
        self._directory = directory
        self._calendar = calendar
        self._closed = closed
        self._sealed_flags, self._open_flags = flags
        self._now = now
        self._sums = sums
        self._rows = NewRows([], [], [], [], sums.rows())

    def rows(self) -> NewRows:
        """All rows so far."""
        return self._rows._replace(sums=self._sums.rows())

    def take(self, lead_key: str, fold: LeadFold, seqs: Seqs) -> None:
        """Takes in what one lead came to; `seqs` are the numbers of its events in the store."""
        if fold.outcomes:
            self._take_outcomes(lead_key, fold, seqs)
        if fold.contributions:
            self._take_contributions(lead_key, fold, seqs)
        if fold.running:
            self._rows.running.extend(running_rows(lead_key, fold, self._directory))

    def _take_outcomes(self, lead_key: str, fold: LeadFold, seqs: Seqs) -> None:
        for outcome in fold.outcomes:
            row, day, entry = outcome_row(outcome, lead_key, seqs, self._directory, self._calendar)
            month = day[:7]
            if month in self._closed:
                self._rows.outcomes.append(row + self._sealed_flags)
                self._sums.mark_month(month)
                continue
            self._rows.outcomes.append(row + self._open_flags)
            self._sums.outcome(day, row[2], row[6], row[7], row[3], 1)
            if entry is not None:
                each = (each_key(month, row[0]), lead_key)
                booking = booking_of(entry, self._directory, None, each)
                self._sums.points(day, booking.person_id, booking.team_id, booking.points, 1)
                self._rows.entries.append(
                    ledger_row(booking, day, self._now, 0, booking.points, None, booking.reason)
                )

    def _take_contributions(self, lead_key: str, fold: LeadFold, seqs: Seqs) -> None:
        for item in fold.contributions:
            row = contribution_row(item, lead_key, seqs, self._directory, self._calendar)
            if row[5] in self._closed:
                self._rows.contributions.append(row + self._sealed_flags)
                self._sums.mark_month(row[5])
            else:
                self._rows.contributions.append(row + self._open_flags)
                count_contributions(self._sums, (row,), 1)


def learn_holders(directory: Directory, folds: Iterable[LeadFold]) -> None:
    """Looks up all reps of these folds with one statement."""
    reps: set[str | None] = set()
    for outcomes, contributions, running in folds:
        reps.update([outcome.holder for outcome in outcomes])
        reps.update([item.rep for item in contributions])
        reps.update([clock.holder for clock in running])
    directory.learn_people(rep for rep in reps if rep is not None)

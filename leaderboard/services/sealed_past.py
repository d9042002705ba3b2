"""Closed months as they were sealed, out of the store, for a replay that goes on from them."""

from collections import defaultdict
from typing import Any

from sqlalchemy import or_, select, true
from sqlalchemy.orm import Session

from leaderboard.domain.contests import judged_contests
from leaderboard.domain.instants import Instant
from leaderboard.domain.outcomes import Contribution, EventRef, Outcome
from leaderboard.domain.periods import Month, PeriodKind
from leaderboard.domain.points import Entry, EntryKind
from leaderboard.domain.replay import SealedMonth, SealedPast
from leaderboard.domain.rulebook import ContestScore, Rating, SubjectKind
from leaderboard.domain.versions import Book, Side
from leaderboard.persistence import models
from leaderboard.services.awards import award_of, standing_awards
from leaderboard.services.carried import ladders_at, runs_at_end
from leaderboard.services.contest_facts import contributions_where, months_of
from leaderboard.services.directory import Directory
from leaderboard.services.ended_months import ranks_of, steps_taken
from leaderboard.services.ledger import Booking, standing_where
from leaderboard.services.prizes import given_in
from leaderboard.services.rows import dated, subject_id


def sealed_past(
    session: Session, book: Book, as_of: Instant, before_position: int | None = None
) -> SealedPast:
    """What was closed by an instant; or what stands before a place in the chain of seals.

    A period that closes by itself does so as of its scheduled instant, even where that passed while another one was
    closed by command: then the chain tells what was closed already, not the instant.
    """
    seal = models.Seal
    taken = seal.closing_at <= as_of if before_position is None else seal.position < before_position
    seals = session.scalars(select(seal).where(taken)).all()
    quarters = frozenset(row.period for row in seals if row.kind == PeriodKind.QUARTER)
    months = frozenset(Month.parse(row.period) for row in seals if row.kind == PeriodKind.MONTH)
    loader = _Loader(session, book, months, quarters)
    entry = models.LedgerEntry
    adjusted = standing_where(session, entry.corrects.is_not(None), entry.booked_at <= as_of)
    return SealedPast(
        {month: loader.month(month) for month in sorted(months)},
        quarters,
        tuple(loader.entry(row.booking) for row in adjusted),
    )


class _Loader:
    def __init__(
        self, session: Session, book: Book, months: frozenset[Month], quarters: frozenset[str]
    ) -> None:
        self._session = session
        self._book = book
        self._months = months
        self._quarters = quarters
        self._directory = Directory(session)

    def month(self, month: Month) -> SealedMonth:
        settles = [str(month), f"{month}/live", *self._rankings(month)]
        booked = [*settles, given_in(month)]
        entry = models.LedgerEntry
        of_outcomes = (entry.month == str(month)) & (entry.kind == EntryKind.EACH.value)
        standing = standing_where(self._session, or_(of_outcomes, entry.settles.in_(booked)))
        awards = standing_awards(self._session, models.Award.settles.in_(settles))
        return SealedMonth(
            tuple(self.entry(row.booking) for row in standing),
            tuple(self._outcomes(month)),
            tuple(award_of(row, self._directory) for row in awards),
            tuple(steps_taken(self._session, self._book, month, self._directory)),
            ladders_at(self._session, month, self._directory, carried=True),
            self._runs(month),
            tuple(self._contributions(month)),
        )

    def _contributions(self, month: Month) -> list[Contribution]:
        """Those that contests and tasks may ask for; of most rulebooks none."""
        item = models.Contribution
        levels = {
            level
            for run in judged_contests(self._book)
            if run.contest.by is ContestScore.VALUE and str(month) in months_of(run, self._book.calendar)
            for level in run.contest.service_levels
        }
        if not levels and not any(version.rulebook.tasks for version in self._book.versions):
            return []
        wanted = or_(
            item.side == Side.TASK.value, (item.side == Side.VOLUME.value) & item.service_level.in_(levels)
        )
        counted = (item.month == str(month), item.counted == true())
        return contributions_where(self._session, self._directory, *counted, wanted)

    def _rankings(self, month: Month) -> list[str]:
        """The settlements of ranks that are sealed with the month: its own, and a closed quarter's.

        Those of the periods before it, where they were open then, for their points are booked in it.
        """
        calendar, before = self._book.calendar, month.plus(-1)
        found = (
            [calendar.month(month)]
            if before in self._months
            else [calendar.month(month), calendar.month(before)]
        )
        ending, ended = calendar.quarter_of(month), calendar.quarter_of(before)
        if ending.months[-1] == month and ending.name in self._quarters:
            found.append(ending)
        if ended.months[-1] == before and ended.name not in self._quarters:
            found.append(ended)
        return [ranks_of(period) for period in found]

    def entry(self, booking: Booking) -> Entry:
        lead = booking.lead_key
        return Entry(
            booking.reason_key, booking.booked_at, SubjectKind(booking.subject),
            subject_id(self._directory, booking.subject, booking.person_id, booking.team_id),
            None if booking.team_id is None else self._directory.team_id(booking.team_id), booking.points,
            EntryKind(booking.kind), dated(booking.rulebook_on), booking.service_level,
            None if booking.rating is None else Rating(booking.rating),
            None if lead is None or lead.startswith(" ") else lead, booking.badge, booking.corrects, booking.reason,
        )  # fmt: skip

    def _outcomes(self, month: Month) -> list[Outcome]:
        outcome, event = models.Outcome, models.Event
        rows = self._session.execute(
            select(outcome, event.source, event.event_id)
            .join(event, event.seq == outcome.opening_seq)
            .where(outcome.month == str(month), outcome.counted == true())
        ).all()
        self._directory.learn_keys(row[0].person_id for row in rows if row[0].person_id is not None)
        return [self._outcome(*row) for row in rows]

    def _outcome(self, row: Any, source: str, event_id: str) -> Outcome:
        directory = self._directory
        return Outcome(
            row.service_level, Rating(row.rating), row.at,
            None if row.person_id is None else directory.rep_id(row.person_id),
            None if row.team_id is None else directory.team_id(row.team_id),
            None if row.lead_key.startswith(" ") else row.lead_key, dated(row.rulebook_on), SubjectKind(row.subject),
            row.points, EventRef(source, event_id), (row.opened_at, 0, event_id, source), None, row.due_at,
            row.elapsed_us, row.within_us, row.exceed_within_us,
        )  # fmt: skip

    def _runs(self, month: Month) -> dict[str, dict[str, int]]:
        runs = runs_at_end(self._session, month)
        self._directory.learn_keys(runs)
        found: dict[str, dict[str, int]] = defaultdict(dict)
        for person_id, mine in runs.items():
            found[self._directory.rep_id(person_id)] = mine
        return found

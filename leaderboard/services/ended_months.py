"""An ended, open month: ratings, month points, clean months, ladders, ranks."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from leaderboard.domain.badges import Award
from leaderboard.domain.consequences import LadderState, StepTaken, bonus_withheld
from leaderboard.domain.instants import Instant
from leaderboard.domain.periods import Month, Period
from leaderboard.domain.points import Entry
from leaderboard.domain.rulebook import SubjectKind
from leaderboard.domain.settle import settle_month, settle_ranks
from leaderboard.domain.versions import Book
from leaderboard.persistence import models
from leaderboard.services.awards import award_of, evict_awards, replace_awards, standing_awards
from leaderboard.services.carried import keep_ladders, ladders_at, ladders_before
from leaderboard.services.closed_periods import closed_quarters
from leaderboard.services.directory import Directory
from leaderboard.services.kept_standings import kept_standing
from leaderboard.services.kept_sums import SumChanges, mark_later
from leaderboard.services.ledger import LedgerWriter, booking_of, standing_for, standing_where
from leaderboard.services.month_facts import kept_facts
from leaderboard.services.rules import Rules


def settle_ended_month(session: Session, rules: Rules, month: Month, now: Instant) -> None:
    """Makes the ledger and the awards say what follows from the month, and marks the next one if that changes it."""
    _EndedMonth(session, rules, month, now).settle()


class _EndedMonth:
    def __init__(self, session: Session, rules: Rules, month: Month, now: Instant) -> None:
        self._session = session
        self._rules = rules
        self._month = month
        self._now = now
        self._directory = Directory(session)

    def settle(self) -> None:
        book, session = self._rules.book, self._session
        version = book.in_month(self._month)
        if version is None:
            return
        facts = kept_facts(session, self._month, self._directory, book.calendar, self._now)
        before = ladders_before(session, book, self._month, self._directory)
        period = book.calendar.month(self._month)
        settled = settle_month(version, period, facts, self._rules.placement, before)
        self._replace(str(self._month), settled.entries, settled.awards)
        rated = {(r.service_level, r.subject, r.id) for r in settled.ratings if r.rating is not None}
        moved = {
            key: state
            for key, state in settled.ladders.items()
            if (version.rulebook.consequences[key.consequence].service_level, key.subject, key.id) in rated
        }
        climbed = keep_ladders(session, self._month, moved, self._directory)
        self._settle_ranks(period)
        quarter = book.calendar.quarter_of(self._month)
        if quarter.end_at <= self._now and quarter.name not in closed_quarters(session):
            self._settle_ranks(quarter)
        if climbed:
            mark_later(session, self._month)

    def _settle_ranks(self, period: Period) -> None:
        version = self._rules.book.in_month(period.months[-1])
        if version is None:
            return
        standings = {scope: kept_standing(self._session, self._rules, period, scope) for scope in SubjectKind}
        quarter = self._rules.book.calendar.quarter_of(period.first_month)
        denied = bonus_withheld(steps_taken(self._session, self._rules.book, quarter.months, self._directory))
        settles = f"{period.name}/ranks"
        given = self._given(period, settles)
        settled = settle_ranks(version, period, standings, self._rules.placement, denied, given)
        self._replace(settles, settled.entries, settled.awards)

    def _given(self, period: Period, settles: str) -> set[str]:
        """What was given at the period's last second by what is settled before its ranks, and is not given again."""
        month = period.months[-1]
        before = [name for name in (str(month), f"{month}/live", f"{month}/ranks") if name != settles]
        rows = standing_awards(
            self._session, models.Award.settles.in_(before), models.Award.awarded_at == period.last_second_at
        )
        return {award_of(row, self._directory).key for row in rows}

    def _replace(self, settles: str, entries: Sequence[Entry], awards: Sequence[Award]) -> None:
        session, directory = self._session, self._directory
        stored = standing_awards(session, models.Award.settles == settles)
        evict_awards(session, awards, settles, directory, self._now)
        replace_awards(session, stored, awards, settles, directory, self._now)
        changes = SumChanges()
        ledger = LedgerWriter(session, self._rules.book.calendar, self._now, changes)
        bookings = [booking_of(entry, directory, settles) for entry in entries]
        standing = standing_for(session, (booking.reason_key for booking in bookings))
        ledger.take_back(row for row in standing.values() if row.booking.settles != settles)
        ledger.flush()
        ledger.replace(standing_where(session, models.LedgerEntry.settles == settles), bookings)
        changes.write(session, settling=str(self._month))


def steps_taken(
    session: Session, book: Book, months: Sequence[Month], directory: Directory
) -> list[StepTaken]:
    """The steps that these months' ratings brought, out of the ladders as kept: a missed month leaves no clean one."""
    taken: list[StepTaken] = []
    for month in months:
        version = book.in_month(month)
        if version is None:
            continue
        for key, state in ladders_at(session, month, directory).items():
            rule = version.rulebook.consequences.get(key.consequence)
            if rule is not None and _was_missed(state):
                taken.append(
                    StepTaken(
                        key.consequence, rule.service_level, key.subject, key.id, str(month), state.step,
                        rule.steps[state.step - 1], version.effective_from,
                    )
                )  # fmt: skip
    return taken


def _was_missed(state: LadderState) -> bool:
    return state.step > 0 and state.clean == 0

"""An ended, open month: ratings, month points, clean months, ladders, ranks."""

from collections.abc import Collection, Sequence

from sqlalchemy.orm import Session

from leaderboard.domain.badges import Award
from leaderboard.domain.consequences import StepTaken
from leaderboard.domain.instants import Instant
from leaderboard.domain.periods import Month, Period
from leaderboard.domain.points import Entry
from leaderboard.domain.rulebook import SubjectKind
from leaderboard.domain.settle import settle_month, settle_ranks
from leaderboard.domain.versions import Book
from leaderboard.persistence import models
from leaderboard.services.awards import awards_at, replace_awards, standing_awards
from leaderboard.services.carried import keep_ladders, ladders_at, ladders_before
from leaderboard.services.closed_periods import closed_months, closed_quarters
from leaderboard.services.directory import Directory
from leaderboard.services.kept_standings import kept_standing
from leaderboard.services.kept_sums import SumChanges, mark_again, mark_later
from leaderboard.services.ledger import LedgerWriter, Why, booking_of, standing_where, unsaid
from leaderboard.services.month_facts import first_month, kept_facts
from leaderboard.services.rules import Rules
from leaderboard.services.seals import rules_of, seal_of


def settle_ended_month(session: Session, rules: Rules, month: Month, now: Instant, why: Why = unsaid) -> None:
    """Makes the ledger and the awards say what follows from the month, and marks the next one if that changes it."""
    settlement = _EndedMonth(session, rules, month, now, why)
    settlement.settle()
    settlement.rank()


def rank_open_quarter(session: Session, rules: Rules, month: Month, now: Instant, why: Why = unsaid) -> None:
    """A closed month's quarter, which may be open still: its ranks go by the rules and the roster of now."""
    _EndedMonth(session, rules, month, now, why).rank_quarter()


def ranks_of(period: Period) -> str:
    """The name of the settlement that gives a period's rank badges and prizes."""
    return f"{period.name}/ranks"


def given_for_good(session: Session, rules: Rules, month: Month, directory: Directory) -> set[str]:
    """The keys of awards for a month's last second that its ranks gave and that stay, whatever it comes to now.

    The points of ranks are booked in the next month, and sealed with that.
    """
    if str(month.plus(1)) not in closed_months(session):
        return set()
    calendar = rules.book.calendar
    settlements = [ranks_of(calendar.month(month)), ranks_of(calendar.quarter_of(month))]
    at = calendar.month(month).last_second_at
    return awards_at(session, at, directory, models.Award.settles.in_(settlements))


class _EndedMonth:
    def __init__(self, session: Session, rules: Rules, month: Month, now: Instant, why: Why) -> None:
        self._session = session
        self._why = why
        self._rules = rules
        self._month = month
        self._period = rules.book.calendar.month(month)
        self._quarter = rules.book.calendar.quarter_of(month)
        self._now = now
        self._directory = Directory(session)
        self._closed = closed_months(session)

    def settle(self) -> None:
        book, session = self._rules.book, self._session
        version = book.in_month(self._month)
        if version is None:
            return
        facts = kept_facts(session, self._month, self._directory, first_month(session, book.calendar))
        before = ladders_before(session, book, self._month, self._directory)
        given = given_for_good(session, self._rules, self._month, self._directory)
        settled = settle_month(version, self._period, facts, self._rules.placement, before, given)
        self._replace(str(self._month), settled.entries, settled.awards)
        moved = {key: settled.ladders[key] for key in settled.moved}
        if keep_ladders(session, self._month, moved, self._directory):
            mark_later(session, self._month)

    def rank(self) -> None:
        """The ranks of the month, and of its quarter."""
        ours = {ranks_of(self._period), ranks_of(self._quarter)}
        self._rank(self._period, ours)
        self.rank_quarter()

    def rank_quarter(self) -> None:
        if self._quarter.end_at > self._now:
            # A month is sealed as of an instant that may have passed long ago: by now the quarter may have its ranks.
            mark_again(self._session, self._quarter.months[-1])
        elif self._quarter.name not in closed_quarters(self._session):
            self._rank(self._quarter, {ranks_of(self._quarter)})

    def _rank(self, period: Period, ours: Collection[str]) -> None:
        """Rank badges and prizes, unless the month that their points are booked in is sealed."""
        session, last = self._session, period.months[-1]
        version = self._rules.book.in_month(last)
        if version is None or str(last.plus(1)) in self._closed:
            return
        standings = {scope: kept_standing(session, self._rules, period, scope) for scope in SubjectKind}
        others = models.Award.settles.not_in(ours)
        given = awards_at(session, period.last_second_at, self._directory, others)
        settled = settle_ranks(version, period, standings, self._rules.placement, given=given)
        self._replace(ranks_of(period), settled.entries, settled.awards)

    def _replace(self, settles: str, entries: Sequence[Entry], awards: Sequence[Award]) -> None:
        session, directory = self._session, self._directory
        stored = standing_awards(session, models.Award.settles == settles)
        replace_awards(session, stored, awards, settles, directory, self._now)
        changes = SumChanges()
        ledger = LedgerWriter(session, self._rules.book.calendar, self._now, changes)
        standing = standing_where(session, models.LedgerEntry.settles == settles)
        ledger.replace(standing, [booking_of(e, directory, settles) for e in entries], self._why)
        changes.write(session, settling=str(self._month))


def steps_taken(session: Session, book: Book, month: Month, directory: Directory) -> list[StepTaken]:
    """The steps that a month's ratings brought, out of the ladders as kept: a missed month is the latest strike.

    What they do in a closed month is said by the rules that it was sealed by.
    """
    seal = seal_of(session, str(month))
    sealed_by = None if seal is None else rules_of(session, seal)
    version = (book if sealed_by is None else sealed_by.book).in_month(month)
    taken: list[StepTaken] = []
    for key, state in ladders_at(session, month, directory).items():
        rule = None if version is None else version.rulebook.consequences.get(key.consequence)
        if version is not None and rule is not None and state.strikes[-1:] == (month,):
            taken.append(
                StepTaken(
                    key.consequence, rule.service_level, key.subject, key.id, str(month), state.step,
                    rule.steps[state.step - 1], version.effective_from,
                )
            )  # fmt: skip
    return taken

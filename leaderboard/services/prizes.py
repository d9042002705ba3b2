"""Prizes of contests and tasks, and what people decided, month by month: booked as soon as they follow.

A month's are settled again when anything changed that they may rest on: a month up to it was touched, a contest ended,
something was decided. What they were last settled by is kept as a digest beside the month (`settlements.prizes_seen`),
so that whoever has nothing of the kind is asked nothing more for it.
"""

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from leaderboard.domain.badges import Award
from leaderboard.domain.consequences import StepTaken
from leaderboard.domain.contests import judged_contests, settle_contest
from leaderboard.domain.decisions import Decisions, MeasureRef, hand_award, settle_decisions
from leaderboard.domain.instants import Instant
from leaderboard.domain.periods import Month, Period
from leaderboard.domain.points import Entry
from leaderboard.domain.prizes import Prize, prize_entry
from leaderboard.domain.tasks import task_entries, task_prizes
from leaderboard.domain.versions import Book
from leaderboard.persistence.bulk import update_rows
from leaderboard.persistence.models import Award as AwardRow
from leaderboard.persistence.models import LedgerEntry, Settlement
from leaderboard.services.awards import MANUAL, award_of, replace_awards, standing_awards
from leaderboard.services.closed_periods import closed_months
from leaderboard.services.contest_facts import efforts_in, tasks_done
from leaderboard.services.decision_store import load_decisions
from leaderboard.services.directory import Directory
from leaderboard.services.ended_months import steps_taken
from leaderboard.services.kept_sums import SumChanges, mark_dirty
from leaderboard.services.ledger import LedgerWriter, Why, because, booking_of, standing_where, unsaid
from leaderboard.services.restatements import reason_of
from leaderboard.services.rules import Rules


def given_in(month: Month | str) -> str:
    """The name of the settlement that books a month's prizes and decisions."""
    return f"{month}/given"


def month_with_prizes(
    session: Session, rules: Rules, months: Sequence[Any], now: Instant, last: Month | None = None
) -> Month | None:
    """The earliest open month, up to `last`, whose prizes are to be settled again; `months` are `kept_months`.

    Where there was never anything of the kind, and the rules promise nothing, nothing is asked for it.
    """
    waiting = _waiting(months, rules.book, now)
    if last is not None:
        waiting = {month for month in waiting if month <= str(last)}
    waiting -= closed_months(session) if waiting else frozenset()
    return Month.parse(min(waiting)) if waiting else None


# Made once: each evaluation asks it.
_KEPT = select(
    Settlement.month,
    Settlement.dirty_version,
    Settlement.settled_version,
    Settlement.prizes_seen,
    Settlement.restated_by,
).order_by(Settlement.month)


def kept_months(session: Session) -> Sequence[Any]:
    """How far every month is settled, in their order."""
    return session.execute(_KEPT).all()


def _waiting(months: Sequence[Any], book: Book, now: Instant) -> set[str]:
    """The months whose digest is another one by now; of those that had none, such as may have prizes."""
    seen = {row.month: row.prizes_seen for row in months}
    ended = _contests_ended(book, now)
    asked = {month for month, digest in seen.items() if digest is not None}
    asked |= {month for month in ended if any(known <= month for known in seen)}
    asked |= {month for month in seen if _has_tasks(book, Month.parse(month))}
    return {month for month in asked if seen.get(month) != _digest(months, ended, month)}


def _has_tasks(book: Book, month: Month) -> bool:
    version = book.in_month(month)
    return version is not None and bool(version.rulebook.tasks)


def _contests_ended(book: Book, now: Instant) -> dict[str, list[str]]:
    """The contests that have ended, by the month in which their prizes are booked."""
    ended: dict[str, list[str]] = {}
    for run in judged_contests(book):
        if run.end_at <= now:
            ended.setdefault(str(book.calendar.month_at(run.last_second_at)), []).append(run.key)
    return ended


def _digest(months: Sequence[Any], ended: Mapping[str, Collection[str]], month: str) -> str:
    versions = [[row.month, row.dirty_version] for row in months if row.month <= month]
    told = json.dumps([versions, list(ended.get(month, ()))])
    return hashlib.sha256(told.encode()).hexdigest()


def settle_prizes(session: Session, rules: Rules, month: Month, now: Instant) -> None:
    """Makes the ledger and the awards say what contests, tasks and decisions bring in a month, as of `now`."""
    row = session.get(Settlement, str(month), populate_existing=True)
    if row is None:
        mark_dirty(session, {str(month)})
    # A month that goes on keeps the mark of a restatement long after its prizes were settled for that.
    ended = rules.book.calendar.month(month).end_at <= now
    why = because(reason_of(session, row.restated_by)) if row is not None and ended else unsaid
    _Given(session, rules, month, now).write(why)
    digest = _digest(kept_months(session), _contests_ended(rules.book, now), str(month))
    this = Settlement.month == str(month)
    session.execute(update(Settlement).where(this).values(prizes_seen=digest))


def prizes_of(session: Session, rules: Rules, month: Month, now: Instant) -> list[Prize]:
    """Who won what in a month, with the money, by the rules as they are and what counts by now."""
    given = _Given(session, rules, month, now)
    period = rules.book.calendar.month(month)
    return [*given.won(), *(prize for prize in given.done() if prize.at in period)]


class _Given:
    """One month's prizes and decisions."""

    def __init__(self, session: Session, rules: Rules, month: Month, now: Instant) -> None:
        self._session = session
        self._rules = rules
        self._month = month
        self._period: Period = rules.book.calendar.month(month)
        self._now = now
        self._directory = Directory(session)
        # All of them, also where this machine's clock is behind: none books anything but at its own instant.
        self._decisions = Decisions(load_decisions(session, self._directory))
        self._steps: dict[str, dict[MeasureRef, StepTaken]] = {}

    def won(self) -> list[Prize]:
        """The prizes of contests that ended in the month."""
        book, placement = self._rules.book, self._rules.placement
        return [
            prize
            for run in judged_contests(book)
            if run.last_second_at in self._period and run.end_at <= self._now
            for prize in settle_contest(
                run, efforts_in(self._session, run, book.calendar, self._directory), placement
            )
        ]

    def done(self) -> list[Prize]:
        """The prizes of tasks, of all months: who has one does not win it again."""
        done = tasks_done(self._session, self._directory)
        return task_prizes(done, self._decisions, self._rules.book, self._rules.placement)

    def write(self, why: Why) -> None:
        book, placement = self._rules.book, self._rules.placement
        decided = settle_decisions(self._decisions, self._period, book, placement, self._step_of)
        of_tasks = (e for e in task_entries(self.done(), self._decisions) if e.booked_at in self._period)
        entries = [*filter(None, map(prize_entry, self.won())), *of_tasks, *decided.entries]
        undone = {award.key for made in self._decisions.undone.values() if (award := hand_award(made, book))}
        self._keep_awards([award for award in decided.awards if award.key not in undone])
        self._withdraw(decided.withdrawn)
        self._book(entries, why)

    def _step_of(self, ref: MeasureRef) -> StepTaken | None:
        if ref.month not in self._steps:
            taken = steps_taken(self._session, self._rules.book, Month.parse(ref.month), self._directory)
            self._steps[ref.month] = {
                MeasureRef(one.month, one.consequence, one.subject, one.id, 0): one for one in taken
            }
        return self._steps[ref.month].get(ref._replace(place=0))

    def _book(self, entries: Sequence[Entry], why: Why) -> None:
        session, settles = self._session, given_in(self._month)
        changes = SumChanges()
        ledger = LedgerWriter(session, self._rules.book.calendar, self._now, changes)
        self._directory.learn_people(entry.id for entry in entries if entry.subject == "rep")
        standing = standing_where(session, LedgerEntry.settles == settles)
        ledger.replace(standing, [booking_of(e, self._directory, settles) for e in entries], why)
        changes.write(session)

    def _keep_awards(self, awards: Sequence[Award]) -> None:
        settles = given_in(self._month)
        stored = standing_awards(self._session, AwardRow.settles == settles)
        replace_awards(self._session, stored, awards, settles, self._directory, self._now, MANUAL)

    def _withdraw(self, award_keys: Collection[str]) -> None:
        """Badges that are taken away in this month, of whatever month, also of a closed one."""
        if not award_keys:
            return
        instants = {int(key.rpartition("/")[2]) for key in award_keys}
        by_hand = (AwardRow.origin == MANUAL, AwardRow.awarded_at.in_(instants))
        rows = standing_awards(self._session, *by_hand)
        gone = [(row.id, self._now) for row in rows if award_of(row, self._directory).key in award_keys]
        update_rows(self._session, AwardRow, "id", ("withdrawn_at",), gone)

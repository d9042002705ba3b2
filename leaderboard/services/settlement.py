"""What follows from a month's outcomes: badges as they are earned, and, once it has ended, all the rest.

Months are settled in their order, for each hands streaks, ladders and the points of rank badges to the next. A month's
row says whether it is to be settled again; it is cleared only if nothing came in between.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import accumulate
from typing import Any

from sqlalchemy import Select, delete, func, select, true, tuple_, update
from sqlalchemy.orm import Session

from leaderboard.domain.badges import Award, Turn, badge_entry, live_awards, live_service_levels
from leaderboard.domain.instants import Instant
from leaderboard.domain.periods import Month
from leaderboard.domain.points import Entry
from leaderboard.domain.versions import Version
from leaderboard.persistence import models
from leaderboard.persistence.bulk import among, insert_into
from leaderboard.persistence.db import writer_lock, writing_session
from leaderboard.services.adjustments import book_adjustments
from leaderboard.services.awards import replace_awards, standing_awards
from leaderboard.services.carried import keep_runs, runs_before
from leaderboard.services.closed_periods import closed_months
from leaderboard.services.directory import Directory
from leaderboard.services.ended_months import given_for_good, rank_open_quarter, settle_ended_month
from leaderboard.services.kept_sums import SumChanges
from leaderboard.services.ledger import LedgerWriter, because, booking_of, standing_where
from leaderboard.services.month_facts import first_month
from leaderboard.services.prizes import kept_months, month_with_prizes, settle_prizes
from leaderboard.services.restatements import reason_of
from leaderboard.services.rules import Rules, current_rules
from leaderboard.services.turns import turns_of

_REPS_AT_ONCE = 500
_OUTCOMES_AT_ONCE = 20_000
"""Of one rep however many: a month's worth of one is what has to be in memory at least."""


def reps_wait(session: Session, _now: Instant) -> bool:
    """Whether there are reps whose badges are to be looked at again."""
    rep = models.RepSettlement
    return (
        session.scalar(select(rep.month).where(rep.dirty_version > rep.settled_version).limit(1)) is not None
    )


def settle_live(now: Instant) -> int:
    """Count and streak badges of reps whose outcomes of a month changed, in one transaction; how many reps it took."""
    session = writing_session()
    writer_lock(session)
    rules = current_rules(session)
    taken = 0 if rules is None else settle_some_reps(session, rules, now)
    session.commit()
    return taken


def months_wait(session: Session, now: Instant) -> bool:
    """Whether a month that ended is to be settled, or is not known yet to have ended."""
    rules = current_rules(session)
    if rules is None:
        return False
    first = first_month(session, rules.book.calendar)
    rows = kept_months(session)
    is_dirty = {Month.parse(row.month): row.dirty_version > row.settled_version for row in rows}
    this = rules.book.calendar.month_at(now)
    # Where every event was voided there is no first month, and what was settled falls.
    doubted = (
        dirty or (first is not None and month < first) for month, dirty in is_dirty.items() if month < this
    )
    expected = set() if first is None else set(_ended(rules, first, now))
    return (
        any(doubted)
        or not expected <= is_dirty.keys()
        or month_with_prizes(session, rules, rows, now) is not None
    )


def settle_months(now: Instant) -> int:
    """Settles the earliest month that is to be settled, in one transaction; how many it took (0 or 1).

    Of an open month its prizes and what was decided in it; of one that has ended, then, all the rest.
    """
    session = writing_session()
    writer_lock(session)
    rules = current_rules(session)
    taken = 0
    if rules is not None:
        _expect_ended_months(session, rules, now)
        this = rules.book.calendar.month_at(now)
        closed = closed_months(session)
        # Adjustments are booked in an open month: until there is one by this clock, they wait.
        but_not = closed if str(this) in closed else ()
        taken = _settle_a_month(session, rules, now, this, this.plus(-1), but_not)
    session.commit()
    return taken


def settle_up_to(session: Session, rules: Rules, last: Month, now: Instant) -> None:
    """Settles all open months up to this one within the caller's transaction, as of `now`."""
    while settle_some_reps(session, rules, now, last):
        pass
    _expect_ended_months(session, rules, now)
    while _settle_a_month(session, rules, now, last, last, closed_months(session)):
        pass


def settle_some_reps(session: Session, rules: Rules, now: Instant, last: Month | None = None) -> int:
    """The same within the caller's transaction, up to a month if one is named; how many reps it took."""
    rows = _dirty_reps(session, last)
    if not rows:
        return 0
    month = Month.parse(rows[0].month)
    version = rules.book.in_month(month)
    if version is not None and str(month) not in closed_months(session):
        because_of = {row.person_id: reason_of(session, row.restated_by) for row in rows}
        _Live(session, rules, version, month, now, because_of).settle([row.person_id for row in rows])
    rep = models.RepSettlement
    taken = [(row.person_id, row.dirty_version) for row in rows]
    session.execute(
        update(rep)
        .where(rep.month == str(month), tuple_(rep.person_id, rep.dirty_version).in_(taken))
        .values(settled_version=rep.dirty_version, restated_by=None)
    )
    return len(rows)


def _some_dirty() -> Select[*tuple[Any, ...]]:
    rep, sums = models.RepSettlement, models.MonthSum
    dirty = rep.dirty_version > rep.settled_version
    first = select(rep.month).where(dirty).order_by(rep.month).limit(1).scalar_subquery()
    outcomes = (
        select(func.sum(sums.exceeded + sums.met + sums.missed))
        .where(sums.month == rep.month, sums.person_id == rep.person_id)
        .scalar_subquery()
    )
    columns = (rep.month, rep.person_id, rep.dirty_version, rep.restated_by)
    found = select(*columns, outcomes.label("outcomes")).where(dirty, rep.month == first)
    return found.limit(_REPS_AT_ONCE)


# Made once: each evaluation asks it.
_DIRTY = _some_dirty()


def _dirty_reps(session: Session, last: Month | None) -> Sequence[Any]:
    """Some reps of the earliest month in which any are to be looked at again: as many as have few enough outcomes."""
    statement = _DIRTY if last is None else _DIRTY.where(models.RepSettlement.month <= str(last))
    rows = session.execute(statement).all()
    so_far = accumulate(row.outcomes or 0 for row in rows)
    return [row for row, total in zip(rows, so_far, strict=True) if total <= _OUTCOMES_AT_ONCE] or rows[:1]


def _settle_a_month(
    session: Session, rules: Rules, now: Instant, last: Month, last_ended: Month, but_not: Collection[str]
) -> int:
    """Settles the earliest month whose prizes wait, up to `last`, or which has ended and is to be settled.

    Prizes come first, for the ranks count them; but after the ladders of the months before.
    """
    months = kept_months(session)
    row = next((one for one in months if _is_due(one, last_ended) and one.month not in but_not), None)
    prizes_in = month_with_prizes(session, rules, months, now, last)
    if prizes_in is not None and (row is None or str(prizes_in) <= row.month):
        settle_prizes(session, rules, prizes_in, now)
    elif row is not None:
        _settle_ended(session, rules, row, now)
    return int(prizes_in is not None or row is not None)


def _is_due(row: Any, last_ended: Month) -> bool:
    return bool(row.dirty_version > row.settled_version and row.month <= str(last_ended))


def _settle_ended(session: Session, rules: Rules, row: Any, now: Instant) -> None:
    """An ended month, or, where it is closed, what late events would have changed in it."""
    month, why = Month.parse(row.month), because(reason_of(session, row.restated_by))
    if row.month in closed_months(session):
        book_adjustments(session, rules, month, now)
        rank_open_quarter(session, rules, month, now, why)
    elif rules.book.in_month(month) is not None:
        settle_ended_month(session, rules, month, now, why)
    _note_settled(session, month, row.dirty_version, first_month(session, rules.book.calendar))


def _note_settled(session: Session, month: Month, version: int, first: Month | None) -> None:
    """A month before the first event is forgotten once it is settled: should there be events again, it is expected."""
    settlement = models.Settlement
    this = (settlement.month == str(month)) & (settlement.dirty_version == version)
    if first is not None and month < first:
        session.execute(delete(settlement).where(this))
    else:
        settled = {"settled_version": settlement.dirty_version, "restated_by": None}
        session.execute(update(settlement).where(this).values(**settled))


class _Live:
    """One month's live badges of some reps."""

    def __init__(
        self,
        session: Session,
        rules: Rules,
        version: Version,
        month: Month,
        now: Instant,
        because_of: Mapping[int, str | None],
    ) -> None:
        self._session = session
        self._because_of = because_of
        self._rules = rules
        self._version = version
        self._month = month
        self._now = now
        self._directory = Directory(session)
        self._settles = f"{month}/live"

    def settle(self, people: list[int]) -> None:
        session, directory = self._session, self._directory
        directory.learn_keys(people)
        turns = self._turns(people)
        before = runs_before(session, self._rules.book, self._month, people)
        sealed = given_for_good(session, self._rules, self._month, directory)
        awards: list[Award] = []
        ends: dict[int, dict[str, int]] = {}
        for person_id in people:
            rep, mine = directory.rep_id(person_id), turns.get(person_id, ())
            given, ends[person_id] = live_awards(self._version, rep, mine, before.get(person_id, {}))
            awards.extend(award for award in given if award.key not in sealed)
        self._replace(people, awards)
        self._chain(keep_runs(session, self._month, ends))

    def _turns(self, people: list[int]) -> Mapping[int, Sequence[Turn]]:
        """Those of the service levels that any badge looks at."""
        outcome = models.Outcome
        levels = live_service_levels(self._version)
        columns = (
            outcome.person_id, outcome.service_level, outcome.rating, outcome.at, outcome.lead_key, outcome.opened_at,
            outcome.outcome_key,
        )  # fmt: skip
        statement = select(*columns).where(
            outcome.month == str(self._month), outcome.counted == true(), outcome.person_id.in_(people),
            outcome.service_level.in_(levels),
        )  # fmt: skip
        return turns_of(self._session.connection().execute(statement).all() if levels else ())

    def _replace(self, people: list[int], awards: Sequence[Award]) -> None:
        session, directory = self._session, self._directory
        award, entry = models.Award, models.LedgerEntry
        stored = standing_awards(session, award.settles == self._settles, award.person_id.in_(people))
        replace_awards(session, stored, awards, self._settles, directory, self._now)
        entries: list[Entry] = [
            e for e in (badge_entry(a, self._rules.placement) for a in awards) if e is not None
        ]
        changes = SumChanges()
        ledger = LedgerWriter(session, self._rules.book.calendar, self._now, changes)
        standing = standing_where(session, entry.settles == self._settles, entry.person_id.in_(people))
        bookings = [booking_of(e, directory, self._settles) for e in entries]
        ledger.replace(standing, bookings, lambda row: self._because_of.get(row.booking.person_id or 0))
        changes.write(session)

    def _chain(self, changed: set[int]) -> None:
        """Whose streak ends the month otherwise than before: the next month with outcomes begins otherwise."""
        rep = models.RepSettlement
        if not changed:
            return
        following = (
            select(rep.person_id, func.min(rep.month))
            .where(among(self._session, rep.person_id, sorted(changed)), rep.month > str(self._month))
            .group_by(rep.person_id)
        )
        self._session.execute(
            update(rep)
            .where(tuple_(rep.person_id, rep.month).in_(following))
            .values(dirty_version=rep.dirty_version + 1)
            .execution_options(synchronize_session=False)
        )


def _expect_ended_months(session: Session, rules: Rules, now: Instant) -> None:
    """Every month that ended is settled once, whatever happened in it: a volume of nothing is missed all the same."""
    calendar = rules.book.calendar
    first = first_month(session, calendar)
    if first is None:
        return
    _doubt_months_before(session, first)
    ended = [{"month": str(month), "dirty_version": 1} for month in _ended(rules, first, now)]
    if ended:
        insert = insert_into(session, models.Settlement.__table__)
        session.execute(insert.on_conflict_do_nothing(), ended)


def _ended(rules: Rules, first: Month, now: Instant) -> Iterator[Month]:
    """The months that ended, from the one on in which there are both rules and an event."""
    month, this = max(rules.book.first_month, first), rules.book.calendar.month_at(now)
    while month < this:
        yield month
        month = month.plus(1)


def _doubt_months_before(session: Session, first: Month) -> None:
    """Months were settled before which there were events once, and that were voided: they rate nobody any more."""
    settlement = models.Settlement
    settled = settlement.dirty_version == settlement.settled_version
    session.execute(
        update(settlement)
        .where(settlement.month < str(first), settled)
        .values(dirty_version=settlement.dirty_version + 1)
    )

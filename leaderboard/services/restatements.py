"""Restated rules take entries back that nothing has happened to: those then say for what reason.

A month or a rep that a restatement asks to settle again is marked with it until that was done. A lead is not, for it
can be told: by the rules before, the entry would still follow from its events.
"""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import func, select, true
from sqlalchemy.orm import Session

from leaderboard.domain.fold import fold_lead
from leaderboard.domain.instants import Instant
from leaderboard.domain.points import outcome_entry
from leaderboard.domain.versions import Book
from leaderboard.persistence.models import RulebookRevision
from leaderboard.persistence.revisions import not_taken_back
from leaderboard.services.directory import Directory
from leaderboard.services.ledger import Booking, Standing, Why, booking_of, each_key, unsaid
from leaderboard.services.rules import Rules, book_of
from leaderboard.services.timelines import Timeline


def reason_of(session: Session, revision: int | None) -> str | None:
    """Why a revision restates; None for no revision."""
    return None if revision is None else session.get_one(RulebookRevision, revision).reason


def why_fallen(
    session: Session,
    rules: Rules,
    fallen: Collection[Standing],
    timelines: Mapping[str, Timeline],
    as_of: Instant,
) -> Why:
    """Why entries of leads fell. One small statement, where any did; the rest only where rules were restated since."""
    if not fallen:
        return unsaid
    restated = _restated_since(session, min(entry.recorded_at for entry in fallen))
    return _Fallen(session, rules, restated, timelines, as_of).why if restated else unsaid


def _restated_since(session: Session, since: Instant) -> list[Any]:
    revision = RulebookRevision
    return list(
        session.execute(
            select(revision.id, revision.applied_at, revision.reason)
            .where(revision.restates == true(), revision.applied_at >= since)
            .order_by(revision.id.desc())
        )
    )


class _Fallen:
    def __init__(
        self,
        session: Session,
        rules: Rules,
        restated: list[Any],
        timelines: Mapping[str, Timeline],
        as_of: Instant,
    ) -> None:
        self._session = session
        self._rules = rules
        self._calendar = rules.book.calendar
        self._restated = restated
        self._timelines = timelines
        self._as_of = as_of
        self._directory = Directory(session)
        self._books: dict[int, Book] = {}
        self._followed: dict[tuple[str, int], Mapping[str, Booking]] = {}

    def why(self, entry: Standing) -> str | None:
        for row in self._restated:
            if row.applied_at >= entry.recorded_at and self._followed_before(row.id, entry.booking):
                return str(row.reason)
        return None

    def _followed_before(self, revision: int, booking: Booking) -> bool:
        lead = booking.lead_key
        if lead is None:
            return False
        return self._by_the_rules_before(lead, revision).get(booking.reason_key) == booking

    def _by_the_rules_before(self, lead: str, revision: int) -> Mapping[str, Booking]:
        """What a lead's outcomes would book now, had that revision never been: by reason key."""
        if (lead, revision) not in self._followed:
            try:
                self._followed[lead, revision] = self._fold(lead, self._book_before(revision))
            except Exception:  # it is about a word beside an entry: the entry itself must not wait for it
                self._followed[lead, revision] = {}
        return self._followed[lead, revision]

    def _fold(self, lead: str, book: Book) -> dict[str, Booking]:
        found: dict[str, Booking] = {}
        fold = fold_lead(self._timelines[lead].events, book, self._rules.placement, self._as_of)
        self._directory.learn_people({o.holder for o in fold.outcomes if o.holder is not None})
        for outcome in fold.outcomes:
            entry = outcome_entry(outcome)
            if entry is not None:
                key = each_key(str(self._calendar.month_at(outcome.at)), outcome.key)
                found[key] = booking_of(entry, self._directory, None, (key, lead))
        return found

    def _book_before(self, revision: int) -> Book:
        if revision not in self._books:
            row = RulebookRevision
            latest = (
                select(func.max(row.id))
                .where(row.id < revision, not_taken_back())
                .group_by(row.effective_from)
            )
            self._books[revision] = book_of(self._session, tuple(sorted(self._session.scalars(latest))))
        return self._books[revision]

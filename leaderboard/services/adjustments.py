"""What late events, restated rules or another roster would have changed in a closed month, booked in the open one.

Per subject, service level and team: what the month's outcomes and ratings come to now, less what was sealed, less what
was adjusted before.
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from sqlalchemy import ColumnElement, func, select, true
from sqlalchemy.orm import Session

from leaderboard.domain.instants import Instant
from leaderboard.domain.periods import Month
from leaderboard.domain.points import EntryKind, month_entry
from leaderboard.domain.ratings import month_ratings
from leaderboard.domain.rulebook import SubjectKind
from leaderboard.persistence.models import LedgerEntry, Outcome, RulebookRevision, Seal
from leaderboard.services.directory import Directory
from leaderboard.services.kept_sums import SumChanges
from leaderboard.services.ledger import Booking, LedgerWriter
from leaderboard.services.month_facts import current_facts, first_month
from leaderboard.services.rules import Rules


class AdjustmentKey(NamedTuple):
    """Whose points, for what: 0 stands for no person, and for no team."""

    subject: str
    person_id: int
    team_id: int
    service_level: str


def book_adjustments(session: Session, rules: Rules, month: Month, now: Instant) -> None:
    """Books what is still missing, at this instant, naming the month it corrects."""
    version = rules.book.in_month(month)
    if version is None:
        return
    wanted = wanted_points(session, rules, month)
    booked = booked_points(session, month)
    times = _times_adjusted(session, month)
    reason = _restated_since(session, month)
    changes = SumChanges()
    ledger = LedgerWriter(session, rules.book.calendar, now, changes)
    bookings = []
    for key in sorted(wanted.keys() | booked.keys()):
        points = wanted.get(key, 0) - booked.get(key, 0)
        if points:
            rulebook_on = version.effective_from.isoformat()
            booking = _booking(key, month, points, now, rulebook_on, times.get(key, 0))
            bookings.append(booking._replace(reason=reason))
    ledger.book(bookings)
    ledger.flush()
    changes.write(session)


def _booking(
    key: AdjustmentKey, month: Month, points: int, now: Instant, rulebook_on: str, number: int
) -> Booking:
    """An adjustment stands for good: the next one of the same has a reason of its own, by its number."""
    subject = f"{key.subject[0]}{key.person_id or key.team_id}"
    return Booking(
        f"adjustment/{month}/{key.service_level}/{subject}/{key.team_id}/{number}", now, key.subject,
        key.person_id or None, key.team_id or None, points, EntryKind.ADJUSTMENT.value, rulebook_on,
        key.service_level, None, None, None, str(month), None, None,
    )  # fmt: skip


def _restated_since(session: Session, month: Month) -> str | None:
    """Why the rules were restated since the month was sealed or last adjusted; None where late events changed it."""
    of_month = (LedgerEntry.corrects == str(month)) & (LedgerEntry.kind == EntryKind.ADJUSTMENT.value)
    adjusted_at = session.scalar(select(func.max(LedgerEntry.recorded_at)).where(of_month))
    sealed_at = session.scalar(select(Seal.sealed_at).where(Seal.period == str(month)))
    since = max(adjusted_at or 0, sealed_at or 0)
    restated = (RulebookRevision.restates == true()) & (RulebookRevision.applied_at > since)
    latest = select(RulebookRevision.reason).where(restated).order_by(RulebookRevision.id.desc()).limit(1)
    return session.scalar(latest)


def wanted_points(session: Session, rules: Rules, month: Month) -> dict[AdjustmentKey, int]:
    """What a closed month's outcomes and ratings come to by all that is known now."""
    wanted: dict[AdjustmentKey, int] = defaultdict(int)
    rows = session.execute(
        select(
            Outcome.subject,
            Outcome.person_id,
            Outcome.team_id,
            Outcome.service_level,
            func.sum(Outcome.points),
        )
        .where(Outcome.month == str(month), Outcome.current == true(), Outcome.points != 0)
        .group_by(Outcome.subject, Outcome.person_id, Outcome.team_id, Outcome.service_level)
    )
    for subject, person_id, team_id, service_level, points in rows:
        person = person_id if subject == SubjectKind.REP else 0
        wanted[AdjustmentKey(subject, person or 0, team_id or 0, service_level)] += int(points)
    _add_month_points(session, rules, month, wanted)
    return wanted


def _add_month_points(session: Session, rules: Rules, month: Month, wanted: dict[AdjustmentKey, int]) -> None:
    version = rules.book.in_month(month)
    if version is None:
        return
    directory = Directory(session)
    calendar = rules.book.calendar
    facts = current_facts(session, month, directory, first_month(session, calendar))
    for rating in month_ratings(version, facts, rules.roster):
        entry = month_entry(rating, calendar.month(month), rules.placement)
        if entry is not None:
            person = directory.person_id(entry.id) if entry.subject is SubjectKind.REP else 0
            team = directory.team_key(entry.team) or 0
            wanted[AdjustmentKey(entry.subject.value, person or 0, team, rating.service_level)] += (
                entry.points
            )


def booked_points(session: Session, month: Month) -> dict[AdjustmentKey, int]:
    """What the ledger holds for a closed month: the sealed outcomes and ratings, and the adjustments since."""
    entry = LedgerEntry
    sealed = (entry.month == str(month)) & entry.kind.in_([EntryKind.EACH.value, EntryKind.MONTH.value])
    adjusted = (entry.corrects == str(month)) & (entry.kind == EntryKind.ADJUSTMENT.value)
    found: dict[AdjustmentKey, int] = defaultdict(int)
    # Entries that were taken back and those that took them back add up to nothing.
    for condition in (sealed, adjusted):
        for key, points, _ in _grouped(session, condition):
            found[key] += points
    return found


def _times_adjusted(session: Session, month: Month) -> dict[AdjustmentKey, int]:
    """How many adjustments were booked so far."""
    of_month = (LedgerEntry.corrects == str(month)) & (LedgerEntry.kind == EntryKind.ADJUSTMENT.value)
    return {key: times for key, _, times in _grouped(session, of_month)}


def _grouped(session: Session, condition: ColumnElement[bool]) -> Iterator[tuple[AdjustmentKey, int, int]]:
    """Points and number of the entries that fulfil a condition."""
    entry = LedgerEntry
    columns = (entry.subject, entry.person_id, entry.team_id, entry.service_level)
    rows = session.execute(
        select(*columns, func.sum(entry.points), func.count()).where(condition).group_by(*columns)
    )
    for subject, person_id, team_id, service_level, points, times in rows:
        yield AdjustmentKey(subject, person_id or 0, team_id or 0, str(service_level)), int(points), times

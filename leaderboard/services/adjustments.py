"""What late events, restated rules or another roster would have changed in a closed month, booked in the open one.

Per subject, service level and team: what the month's outcomes and ratings come to now, less what was sealed, less what
was adjusted before.
"""

from collections import defaultdict
from typing import NamedTuple

from sqlalchemy import func, select, true
from sqlalchemy.orm import Session

from leaderboard.domain.instants import Instant
from leaderboard.domain.periods import Month
from leaderboard.domain.points import EntryKind, month_entry
from leaderboard.domain.ratings import month_ratings
from leaderboard.domain.rulebook import SubjectKind
from leaderboard.persistence.models import LedgerEntry, Outcome
from leaderboard.services.directory import Directory
from leaderboard.services.kept_sums import SumChanges
from leaderboard.services.ledger import Booking, LedgerWriter
from leaderboard.services.month_facts import current_facts
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
    wanted = wanted_points(session, rules, month, now)
    booked = booked_points(session, month)
    changes = SumChanges()
    ledger = LedgerWriter(session, rules.book.calendar, now, changes)
    bookings = []
    for key in sorted(wanted.keys() | booked.keys()):
        points = wanted.get(key, 0) - booked.get(key, 0)
        if points:
            bookings.append(_booking(key, month, points, now, version.effective_from.isoformat()))
    ledger.book(bookings)
    ledger.flush()
    changes.write(session)


def _booking(key: AdjustmentKey, month: Month, points: int, now: Instant, rulebook_on: str) -> Booking:
    subject = f"{key.subject[0]}{key.person_id or key.team_id}"
    return Booking(
        f"adjustment/{month}/{key.service_level}/{subject}/{key.team_id}/{now}", now, key.subject,
        key.person_id or None, key.team_id or None, points, EntryKind.ADJUSTMENT.value, rulebook_on,
        key.service_level, None, None, None, str(month), None, None,
    )  # fmt: skip


def wanted_points(session: Session, rules: Rules, month: Month, now: Instant) -> dict[AdjustmentKey, int]:
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
    _add_month_points(session, rules, month, now, wanted)
    return wanted


def _add_month_points(
    session: Session, rules: Rules, month: Month, now: Instant, wanted: dict[AdjustmentKey, int]
) -> None:
    version = rules.book.in_month(month)
    if version is None:
        return
    directory = Directory(session)
    calendar = rules.book.calendar
    facts = current_facts(session, month, directory, calendar, now)
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
        rows = session.execute(
            select(entry.subject, entry.person_id, entry.team_id, entry.service_level, func.sum(entry.points))
            .where(condition)
            .group_by(entry.subject, entry.person_id, entry.team_id, entry.service_level)
        )
        for subject, person_id, team_id, service_level, points in rows:
            found[AdjustmentKey(subject, person_id or 0, team_id or 0, str(service_level))] += int(points)
    return found

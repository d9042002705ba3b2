"""Ledger entries: who gets how many points, when, and why (rulebook.md, Points)."""

import datetime as dt
from enum import StrEnum
from typing import NamedTuple

from leaderboard.domain.instants import Instant
from leaderboard.domain.outcomes import Outcome
from leaderboard.domain.periods import Period
from leaderboard.domain.ratings import MonthRating
from leaderboard.domain.roster import Placement
from leaderboard.domain.rulebook import Rating, SubjectKind


class EntryKind(StrEnum):
    """Why points were booked; the order is that of the ledger's listing."""

    EACH = "each"
    MONTH = "month"
    DEDUCTION = "deduction"
    BADGE = "badge"
    PRIZE = "prize"
    ADJUSTMENT = "adjustment"


_KIND_ORDER = {kind: place for place, kind in enumerate(EntryKind)}


class Entry(NamedTuple):
    """Points of one subject for one reason. `key`, with the subject, names the reason for good; `team` is the rep's at
    `booked_at`.

    `corrects` is the closed period that an adjustment corrects.
    """

    key: str
    booked_at: Instant
    subject: SubjectKind
    id: str
    team: str | None
    points: int
    kind: EntryKind
    rulebook_on: dt.date
    service_level: str | None = None
    rating: Rating | None = None
    lead: str | None = None
    badge: str | None = None
    corrects: str | None = None
    reason: str | None = None


def ledger_order(entry: Entry) -> tuple[Instant, int, str, str, str, str, str, str]:
    """The order of the ledger: booking instant, kind, service level, subject, id, lead; then what tells twins
    apart.
    """
    return (
        entry.booked_at, _KIND_ORDER[entry.kind], entry.service_level or "", entry.subject, entry.id,
        entry.lead or "", entry.badge or "", entry.key,
    )  # fmt: skip


def outcome_entry(outcome: Outcome) -> Entry | None:
    """What an outcome books; None for 0 points, for a clock that nobody holds, for a team where there is
    none.
    """
    subject_id = outcome.holder if outcome.subject is SubjectKind.REP else outcome.team
    if not outcome.points or outcome.holder is None or subject_id is None:
        return None
    return Entry(
        f"each/{outcome.key}", outcome.at, outcome.subject, subject_id, outcome.team, outcome.points,
        EntryKind.EACH,
        outcome.rulebook_on, outcome.service_level, outcome.rating, outcome.lead,
    )  # fmt: skip


def month_entry(rating: MonthRating, month: Period, placement: Placement) -> Entry | None:
    """What a monthly rating books, at the month's last second; None for 0 points or no rating."""
    if not rating.points or rating.rating is None:
        return None
    booked_at = month.last_second_at
    key = f"month/{month.name}/{rating.service_level}"
    return Entry(
        key, booked_at, rating.subject, rating.id, team_of(rating.subject, rating.id, booked_at, placement),
        rating.points, EntryKind.MONTH, rating.rulebook_on, rating.service_level, rating.rating,
    )  # fmt: skip


def team_of(subject: SubjectKind, subject_id: str, at: Instant, placement: Placement) -> str | None:
    """The team an entry bears: a rep's at that instant, a team's own."""
    return subject_id if subject is SubjectKind.TEAM else placement.team_at(subject_id, at)

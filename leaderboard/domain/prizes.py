"""What a contest or a task pays, and to whom (docs/rulebook-format.md)."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from leaderboard.domain.instants import Instant
from leaderboard.domain.points import Entry, EntryKind
from leaderboard.domain.rulebook import SubjectKind


class PrizeOf(StrEnum):
    """What a prize was won by."""

    CONTEST = "contest"
    TASK = "task"


@dataclass(frozen=True, slots=True)
class Prize:
    """One subject's prize: its points are booked at `at`, its money is paid out.

    `key`, with the subject, names it for good; `rank` is the winner's in a contest. `undone_at` is the instant at which
    a task that had been confirmed was found not to be done after all; then it is paid to nobody.
    """

    key: str
    of: PrizeOf
    id: str
    name: str
    subject: SubjectKind
    subject_id: str
    team: str | None
    at: Instant
    rulebook_on: dt.date
    points: int
    money: Decimal | None
    rank: int | None = None
    undone_at: Instant | None = None


def prize_entry(prize: Prize) -> Entry | None:
    """The points of a prize; None where it is money only. The reason is the contest's or the task's name."""
    if not prize.points:
        return None
    return Entry(
        prize.key, prize.at, prize.subject, prize.subject_id, prize.team, prize.points, EntryKind.PRIZE,
        prize.rulebook_on, reason=prize.name,
    )  # fmt: skip

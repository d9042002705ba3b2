"""What the page of a login's own notes shows: the facts behind each, as they are when it is read.

Never on anything public, and never to anybody else: not to colleagues, and of a manager's only what is about those
whom the manager decides on.
"""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias

from leaderboard.domain.instants import Instant
from leaderboard.domain.periods import Month
from leaderboard.domain.rulebook import StepMeasure
from leaderboard.queries.board_page import BadgeMark
from leaderboard.queries.ladder_page import Case, Party, Strike, Word


class Audience(StrEnum):
    """As whom somebody is told."""

    SELF = "self"
    MANAGER = "manager"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class StepNote:
    """A month that was missed, with the step of the ladder that it brought. `case` is None where it stands no more."""

    month: Month
    who: Party
    ladder: str
    case: Case | None = None
    rules_on: dt.date | None = None
    strikes: tuple[Strike, ...] = ()


@dataclass(frozen=True, slots=True)
class MeasureNote:
    """A measure that was approved or waived, or of which that was undone."""

    kind: str
    month: Month
    who: Party
    ladder: str
    word: Word
    measure: StepMeasure | None = None
    undoes: str | None = None


@dataclass(frozen=True, slots=True)
class GiftNote:
    """A badge or points by hand, a task confirmed; or that this was undone."""

    kind: str
    who: Party
    what: str
    points: int
    word: Word
    second: str | None = None
    undoes: str | None = None
    money: Decimal | None = None
    currency: str = ""


@dataclass(frozen=True, slots=True)
class AskNote:
    """A tick or an adjustment that waits for a word, or was refused."""

    kind: str
    who: Party
    what: str
    points: int
    by: str
    reason: str | None
    state: str
    refused: Word | None = None


@dataclass(frozen=True, slots=True)
class BadgeNote:
    """A badge that a rule gave; it may have fallen since."""

    who: Party
    badge: BadgeMark
    won_on: dt.date
    points: int
    stands: bool


@dataclass(frozen=True, slots=True)
class PrizeNote:
    """The points of a contest or a task; 0 where they were taken back since."""

    kind: str
    who: Party
    name: str
    points: int


@dataclass(frozen=True, slots=True)
class PayoutNote:
    """Money that was approved, paid or refused."""

    state: str
    who: Party
    name: str
    period: str
    amount: Decimal
    currency: str
    by: str | None
    reason: str | None
    reference: str | None


What: TypeAlias = StepNote | MeasureNote | GiftNote | AskNote | BadgeNote | PrizeNote | PayoutNote


@dataclass(frozen=True, slots=True)
class NoteFacts:
    """One note: when it was noted, as whom it is read, whether it is new, and what it is about."""

    number: int
    at: Instant
    audience: Audience
    is_new: bool
    what: What
    manager: str | None = None
    """Who manages the one concerned, by the roster of today: whom to talk to."""


@dataclass(frozen=True, slots=True)
class NotePage:
    """One page of them, the newest first; `before` leads on to older ones."""

    notes: tuple[NoteFacts, ...] = ()
    before: int | None = None

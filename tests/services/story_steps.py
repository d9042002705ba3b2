"""What may happen in a story."""

from dataclasses import dataclass
from typing import TypeAlias

from leaderboard.domain.events import Event
from leaderboard.domain.instants import Instant
from leaderboard.domain.roster import Roster
from leaderboard.domain.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class Receive:
    """Events come in together."""

    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class Do:
    """Something is done: evaluate, check, close_due."""

    what: str


@dataclass(frozen=True, slots=True)
class Close:
    """A period is closed by command, if it may be."""

    period: str


@dataclass(frozen=True, slots=True)
class Apply:
    """A version of the rulebook is put in force, or restated."""

    rulebook: Rulebook


@dataclass(frozen=True, slots=True)
class Staff:
    """Another roster."""

    roster: Roster


@dataclass(frozen=True, slots=True)
class Erase:
    """A person is erased."""

    rep: str


@dataclass(frozen=True, slots=True)
class Decide:
    """Somebody decides something of what there is to decide then: which, the number says."""

    number: int


Step: TypeAlias = Receive | Do | Close | Apply | Staff | Erase | Decide
Script: TypeAlias = list[tuple[Instant, Step]]

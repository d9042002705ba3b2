"""What a page's queries stand on: the rules and the roster in use, a session that reads, and one instant."""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy.orm import Session

from leaderboard.domain.instants import Instant
from leaderboard.domain.roster import Placement
from leaderboard.domain.versions import Book

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Ground:
    """Rules and roster in use, with the keys of their people and teams. `version` changes when any of it does."""

    book: Book
    placement: Placement
    person_keys: Mapping[str, int]
    team_keys: Mapping[str, int]
    rep_ids: Mapping[int, str]
    """The roster's reps by key."""
    team_ids: Mapping[int, str]
    """All teams by key."""
    version: tuple[object, ...]

    def team_name_of(self, rep_id: str, at: Instant) -> str | None:
        """The name of the team that a rep is in at an instant."""
        team = self.placement.team_at(rep_id, at)
        return None if team is None else self.placement.roster.team_name(team)


@dataclass(frozen=True, slots=True)
class Reading:
    """One request's view: a session that only reads, the ground, and the instant of it all."""

    session: Session
    ground: Ground
    now: Instant


class Memo:
    """Values worked out before, by a key that changes whenever they would.

    Nothing in it is ever the only copy, or believed without its key having been asked of the database: a process
    may lose it at any time, and any number of processes agree.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = Lock()
        self._kept: WeakKeyDictionary[Any, OrderedDict[object, Any]] = WeakKeyDictionary()

    def get(self, session: Session, key: object, make: Callable[[], _T]) -> _T:
        """The value of the key; made where it is not there."""
        bind = session.get_bind()
        with self._lock:
            kept = self._kept.setdefault(bind, OrderedDict())
            if key in kept:
                kept.move_to_end(key)
                found: _T = kept[key]
                return found
        made = make()
        with self._lock:
            kept[key] = made
            while len(kept) > self._most:
                kept.popitem(last=False)
        return made

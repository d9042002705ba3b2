"""One look at the database for all the screens of a process: what has changed since, and each frame made once.

A thread looks several times a second as long as any screen listens, and wakes those who wait. Nothing in it is the only
copy of anything: a process that ends loses nothing.
"""

import threading
import time
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

import structlog
from flask import Flask

from leaderboard.services import clock
from leaderboard.services.failures import DATABASE_AWAY
from leaderboard.services.wall import Share
from leaderboard.services.wall_stamp import WallStamp, wall_stamp

LOOK_EVERY_SECONDS = 0.15
AT_ONCE = 4
"""Of a hundred streams that wake together so many work: a page would have to wait for all of them in turn."""
BLIND_AFTER_SECONDS = 15.0
"""A process that has not been able to look for so long says nothing more to its screens: they are to notice."""

_T = TypeVar("_T")
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Seen:
    """What was last seen: its number rises with every change. `revisions` are the screens that are let in."""

    number: int = 0
    revisions: Mapping[int, int] = field(default_factory=dict)
    moment: int = 0
    """The number of the newest moment."""
    order: int = 0
    """The number of the newest order."""


class _Once:
    """Something that the first who asks makes, and the others wait for."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._made: tuple[Any, ...] = ()

    def get(self, make: Callable[[], Any]) -> Any:
        with self._lock:
            if not self._made:
                self._made = (make(),)
            return self._made[0]


class Hub:
    """The screens' common eye."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._changed = threading.Condition()
        self._looking = threading.Lock()
        self._looked_at = time.monotonic()
        self._seen = Seen()
        self._stamp: WallStamp | None = None
        self._listeners = 0
        self._watcher: threading.Thread | None = None
        self.turns = threading.BoundedSemaphore(AT_ONCE)
        """Held while a stream works out what to send, never while it sends."""
        self._shared: dict[tuple[Hashable, int], _Once] = {}
        self.is_ending: Callable[[], bool] = lambda: False
        """Whether this process is about to end; its server says it."""

    @property
    def listeners(self) -> int:
        """How many screens listen to this process."""
        return self._listeners

    def come(self, most: int) -> bool:
        """Takes a place among so many listeners, who are looked for until they `leave`; False where none is free."""
        with self._changed:
            if self._listeners >= most:
                return False
            self._listeners += 1
            if self._watcher is None or not self._watcher.is_alive():
                self._watcher = threading.Thread(target=self._watch, name="screens", daemon=True)
                self._watcher.start()
            return True

    def leave(self) -> None:
        """Gives the place back."""
        with self._changed:
            self._listeners -= 1
            self._changed.notify_all()

    def wait(self, number: int, seconds: float) -> Seen:
        """What is seen once it is not number `number` any more, or after so many seconds, or where the process ends."""
        with self._changed:
            self._changed.wait_for(
                lambda: self._seen.number not in (0, number) or self.is_ending(), timeout=seconds
            )
            return self._seen

    def is_blind(self) -> bool:
        """Whether nobody has been able to look for a while."""
        return time.monotonic() - self._looked_at > BLIND_AFTER_SECONDS

    def sharing(self, number: int) -> Share:
        """What is the same for all who ask for it at this number is made by the first of them."""

        def share(key: Hashable, make: Callable[[], _T]) -> _T:
            with self._changed:
                once = self._shared.setdefault((key, number), _Once())
            return cast(_T, once.get(make))

        return share

    def look(self) -> Seen:
        """Looks now: two statements."""
        with self._looking:
            stamp = wall_stamp(clock.now())
            self._looked_at = time.monotonic()
            return self._notice(stamp)

    def _watch(self) -> None:
        is_away = False
        while self._is_wanted():
            try:
                with self._app.app_context():
                    self.look()
                is_away = False
            except DATABASE_AWAY:
                if not is_away:
                    log.warning("screens wait for the database")
                is_away = True
            with self._changed:
                # Waited for with the lock let go, so that whoever comes or goes does not wait for it.
                pause = LOOK_EVERY_SECONDS * (10 if is_away else 1)
                self._changed.wait_for(lambda: not self._listeners, timeout=pause)

    def _is_wanted(self) -> bool:
        """Decided with the lock in hand: whoever comes after a no begins another watch."""
        with self._changed:
            if self._listeners and not self.is_ending():
                return True
            self._watcher = None
            self._changed.notify_all()
            return False

    def _notice(self, stamp: WallStamp) -> Seen:
        if stamp == self._stamp:
            return self._seen
        self._stamp = stamp
        with self._changed:
            number = self._seen.number + 1
            self._seen = Seen(number, stamp.revisions, stamp.newest_moment, stamp.newest_order)
            # Who is slow may still want the one before.
            self._shared = {key: once for key, once in self._shared.items() if key[1] >= number - 1}
            self._changed.notify_all()
            return self._seen

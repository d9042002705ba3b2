"""One look at the database for all the screens of a process: what has changed since, and each frame made once.

A thread looks several times a second as long as any screen listens, and wakes those who wait. Nothing in it is the only
copy of anything: a process that ends loses nothing.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import structlog
from flask import Flask

from leaderboard.services import clock
from leaderboard.services.failures import DATABASE_AWAY
from leaderboard.services.wall_stamp import WallStamp, wall_stamp

LOOK_EVERY_SECONDS = 0.15
_MOST_FRAMES = 64
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Seen:
    """What was last seen: its number rises with every change. `revisions` are the screens that are let in."""

    number: int = 0
    revisions: Mapping[int, int] = field(default_factory=dict)


class Hub:
    """The screens' common eye."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._changed = threading.Condition()
        self._seen = Seen()
        self._stamp: WallStamp | None = None
        self._listeners = 0
        self._frames: OrderedDict[Hashable, Any] = OrderedDict()
        self._making: dict[Hashable, threading.Lock] = {}
        self.is_ending: Callable[[], bool] = lambda: False
        """Whether this process is about to end; its server says it."""

    @property
    def listeners(self) -> int:
        """How many screens listen to this process."""
        return self._listeners

    @contextmanager
    def listening(self) -> Iterator[None]:
        """As long as this lasts, somebody looks."""
        with self._changed:
            self._listeners += 1
            if self._listeners == 1:
                threading.Thread(target=self._watch, name="screens", daemon=True).start()
        try:
            yield
        finally:
            with self._changed:
                self._listeners -= 1

    def wait(self, number: int, seconds: float) -> Seen:
        """What is seen once it is not number `number` any more, or after so many seconds."""
        with self._changed:
            self._changed.wait_for(lambda: self._seen.number not in (0, number), timeout=seconds)
            return self._seen

    def frame(self, key: Hashable, number: int, make: Callable[[], Any]) -> Any:
        """A frame, made by the first who asks; the others wait for it and take the same."""
        whole = (key, number)
        with self._changed:
            lock = self._making.setdefault(whole, threading.Lock())
        with lock:
            with self._changed:
                if whole in self._frames:
                    return self._frames[whole]
            made = make()
            with self._changed:
                self._frames[whole] = made
                while len(self._frames) > _MOST_FRAMES:
                    self._making.pop(self._frames.popitem(last=False)[0], None)
        return made

    def _watch(self) -> None:
        while self._listeners and not self.is_ending():
            try:
                with self._app.app_context():
                    self._notice(wall_stamp(clock.now()))
            except DATABASE_AWAY:
                log.warning("screens wait for the database")
            with self._changed:
                # Waited for with the lock let go, so that whoever comes or goes does not wait for it.
                self._changed.wait_for(lambda: not self._listeners, timeout=LOOK_EVERY_SECONDS)

    def _notice(self, stamp: WallStamp) -> None:
        if stamp == self._stamp:
            return
        self._stamp = stamp
        with self._changed:
            self._seen = Seen(self._seen.number + 1, stamp.revisions)
            self._changed.notify_all()

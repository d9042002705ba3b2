"""Frames as server-sent events: the whole one first, then what has changed, and a sign of life in between."""

import json
import time
from collections.abc import Iterator
from functools import partial
from typing import Any

from leaderboard.services import clock, screen_orders, screens
from leaderboard.services.failures import DATABASE_AWAY
from leaderboard.services.page_session import let_go
from leaderboard.services.screens import KnownScreen, Look
from leaderboard.services.wall import Share
from leaderboard.web.tv.calls import Calls, calls_for
from leaderboard.web.tv.frames import Frame, frame_of, seen_of
from leaderboard.web.tv.hub import Hub, Seen
from leaderboard.web.tv.marks import LastId

BEAT_SECONDS = 10.0
RETRY_MILLISECONDS = 3_000
_PAUSE_SECONDS = 1.0


def full() -> Iterator[str]:
    """For a screen that finds no place. A browser tells its script nothing of a status."""
    yield _event("full", "{}")


def stream(hub: Hub, screen: KnownScreen, last_id: LastId) -> Iterator[str]:
    """For as long as the screen listens and is let in. `last_id` tells which frame it has, and how far it has heard.

    Ends where nobody can look any more: a screen is to say so, and not to show what is old as if it were new.
    """
    yield f"retry: {RETRY_MILLISECONDS}\n\n"
    follower = _Follower(hub, screen, last_id)
    try:
        seen, number = hub.look(), -1
    except DATABASE_AWAY:
        return
    while not hub.is_ending() and not hub.is_blind():
        if seen.number and screen.screen_id not in seen.revisions:
            yield _event("gone", "{}")
            return
        if seen.number == number:
            yield _event("beat", _json({"clock": follower.clock}))
        else:
            try:
                with hub.turns:
                    events = list(follower.events(seen))
                number = seen.number
            except DATABASE_AWAY:
                time.sleep(_PAUSE_SECONDS)
            else:
                yield from events
        seen = hub.wait(number, BEAT_SECONDS)


class _Follower:
    """One screen's stream: what it has on the glass, and how far it has heard."""

    def __init__(self, hub: Hub, screen: KnownScreen, last_id: LastId) -> None:
        self._hub = hub
        self._screen = screen
        self._last = last_id
        self._frame: Frame | None = None
        self._is_new = True
        self.clock = ""
        """The time of day, as people read it; frames are made anew with each minute."""

    def events(self, seen: Seen) -> Iterator[str]:
        """What is new to the screen. Each event is called by what the screen has with it, not by what is to follow."""
        self._screen = _as_it_is(self._screen, seen.revisions[self._screen.screen_id])
        look = seen_of(self._screen.look)
        share = self._hub.sharing(seen.number)
        frame = share(look, partial(frame_of, look, share))
        found = self._calls(seen, look, share)
        self._is_new, self.clock = False, frame.content.clock
        if frame.digest != self._last.shown:
            self._last = LastId(frame.digest, self._last.mark if found.calls else found.mark)
            yield _event("frame", self._written(look, frame, share), str(self._last))
            self._frame = frame
        for call in found.calls:
            self._last = LastId(self._last.shown, call.mark)
            yield _event("call", _json(call.told), str(self._last))
        self._last = LastId(self._last.shown, found.mark)

    def _calls(self, seen: Seen, look: Look, share: Share) -> Calls:
        """Asked for once for all whom the same was told; lengths of time must be of now for one who has just come."""
        mark = self._last.mark
        if mark is None or self._is_new:
            return calls_for(self._screen, mark)
        if mark.moment >= seen.moment and mark.order >= seen.order:
            return Calls((), mark)
        whom = self._screen.screen_id if self._screen.screen_id in share("addressed", _addressed) else None
        return share(("calls", look, mark, whom), partial(calls_for, self._screen, mark))

    def _written(self, look: Look, frame: Frame, share: Share) -> str:
        """What differs from the frame that this stream sent before; the same for all who have that one."""
        before = self._frame
        known = {} if before is None else {part.key: part.digest for part in before.parts}
        key = ("written", look, None if before is None else before.digest)
        return share(key, lambda: _json(frame.told(known)))


def _addressed() -> frozenset[int]:
    try:
        return screen_orders.addressed(clock.now())
    finally:
        let_go()


def _as_it_is(screen: KnownScreen, revision: int) -> KnownScreen:
    """The screen as a manager has it now."""
    if screen.revision == revision:
        return screen
    return screens.existing(screen.screen_id) or screen


def _json(told: dict[str, Any]) -> str:
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def _event(name: str, written: str, event_id: str | None = None) -> str:
    return (f"id: {event_id}\n" if event_id else "") + f"event: {name}\ndata: {written}\n\n"

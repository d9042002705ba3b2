"""Frames as server-sent events: the whole one first, then what has changed, and a sign of life in between."""

import json
from collections.abc import Iterator
from functools import partial
from typing import Any

from leaderboard.services import clock, screens
from leaderboard.services.failures import DATABASE_AWAY
from leaderboard.services.screens import KnownScreen
from leaderboard.web.formats import clock_time
from leaderboard.web.tv.calls import Mark, begin, calls_after
from leaderboard.web.tv.frames import Frame, frame_of
from leaderboard.web.tv.hub import Hub, Seen

BEAT_SECONDS = 10.0
RETRY_MILLISECONDS = 3_000


def stream(hub: Hub, screen: KnownScreen, last_id: str) -> Iterator[str]:
    """For as long as the screen listens and is let in. `last_id` tells which frame it has, and how far it has heard."""
    with hub.listening():
        yield f"retry: {RETRY_MILLISECONDS}\n\n"
        follower = _Follower(hub, screen, last_id)
        number = -1
        while not hub.is_ending():
            seen = hub.wait(number, BEAT_SECONDS)
            if seen.number and screen.screen_id not in seen.revisions:
                yield _event("gone", {})
                return
            if seen.number in (0, number):
                yield _event("beat", {"clock": clock_time(clock.now())})
                continue
            try:
                yield from follower.events(seen)
                number = seen.number
            except DATABASE_AWAY:
                number = -1


class _Follower:
    """One screen's stream: what it has on the glass, and how far it has heard."""

    def __init__(self, hub: Hub, screen: KnownScreen, last_id: str) -> None:
        self._hub = hub
        self._screen = screen
        self._shown, _, heard = last_id.partition(":")
        self._mark = Mark.read(heard)
        self._parts: dict[str, str] = {}

    def events(self, seen: Seen) -> Iterator[str]:
        """What is new to the screen."""
        self._screen = _as_it_is(self._screen, seen.revisions[self._screen.screen_id])
        look = self._screen.look
        frame: Frame = self._hub.frame(look, seen.number, partial(frame_of, look))
        calls = self._calls()
        if frame.digest != self._shown:
            self._shown = frame.digest
            yield _event("frame", frame.told(self._parts), self._id())
            self._parts = {part.key: part.digest for part in frame.parts}
        for call in calls:
            yield _event("call", call, self._id())

    def _calls(self) -> list[dict[str, Any]]:
        if self._mark is None:
            self._mark, calls = begin(self._screen)
        else:
            self._mark, calls = calls_after(self._screen, self._mark)
        return calls

    def _id(self) -> str:
        return f"{self._shown}:{self._mark}"


def _as_it_is(screen: KnownScreen, revision: int) -> KnownScreen:
    """The screen as a manager has it now."""
    if screen.revision == revision:
        return screen
    return screens.existing(screen.screen_id) or screen


def _event(name: str, told: dict[str, Any], event_id: str | None = None) -> str:
    written = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    return (f"id: {event_id}\n" if event_id else "") + f"event: {name}\ndata: {written}\n\n"

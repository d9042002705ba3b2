"""What a screen shows now: its line-up's slides, each with the facts that it may know."""

import datetime as dt
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any, Protocol, TypeVar, cast

from leaderboard.domain.instants import Instant, to_datetime
from leaderboard.domain.line_ups import LineUp, Slide, SlideKind
from leaderboard.queries.ground import Reading
from leaderboard.queries.periods import kept_periods
from leaderboard.queries.wall_ground import Wall
from leaderboard.queries.wall_page import (
    NoteFacts,
    SidesFacts,
    SlideFacts,
    TeamsFacts,
    TodayFacts,
    WallSlide,
)
from leaderboard.queries.wall_praise import badges_facts, today_facts
from leaderboard.queries.wall_standings import climbers_facts, reps_facts, teams_facts
from leaderboard.queries.wall_targets import pace_facts, sides_facts
from leaderboard.services.screens import Look
from leaderboard.services.wall_contests import contests_facts

_T = TypeVar("_T")

_FACTS: Mapping[SlideKind, Callable[[Wall], SlideFacts]] = MappingProxyType(
    {
        SlideKind.TEAMS: teams_facts,
        SlideKind.REPS: reps_facts,
        SlideKind.CLIMBERS: climbers_facts,
        SlideKind.BADGES: badges_facts,
        SlideKind.TODAY: today_facts,
        SlideKind.PACE: pace_facts,
        SlideKind.CONTESTS: contests_facts,
        SlideKind.SIDES: sides_facts,
    }
)


def wall_of(reading: Reading, look: Look, frozen_days: int = 0) -> Wall:
    """The reading as a screen of this look may use it."""
    return Wall(reading, kept_periods(reading), look.top_places, frozenset(look.teams), frozen_days)


class Share(Protocol):
    """Something that is the same for several, by a key: made by the first who asks for it."""

    def __call__(self, key: Hashable, make: Callable[[], _T]) -> _T: ...


def share_with_nobody() -> Share:
    """Each thing once for one who asks."""
    found: dict[Hashable, Any] = {}

    def share(key: Hashable, make: Callable[[], _T]) -> _T:
        if key not in found:
            found[key] = make()
        return cast(_T, found[key])

    return share


def slides_now(wall: Wall, line_up: LineUp, share: Share | None = None) -> tuple[WallSlide, ...]:
    """The slides that are on now."""
    return facts_of(wall, line_up.on_at(local_time(wall.reading)), share)


def facts_of(wall: Wall, slides: Sequence[Slide], share: Share | None = None) -> tuple[WallSlide, ...]:
    """These slides with what they show; those of one kind are looked up once."""
    given = share or share_with_nobody()
    return tuple(WallSlide(place, slide, _facts(wall, slide, given)) for place, slide in enumerate(slides))


def done_lately(wall: Wall, share: Share | None = None) -> TodayFacts:
    """What was done today, for the line below the slides; not looked up again where one of them tells it."""
    facts = _once(wall, SlideKind.TODAY, share or share_with_nobody())
    assert isinstance(facts, TodayFacts)
    return facts


def local_time(reading: Reading) -> dt.datetime:
    """The reading's instant in the organization's time zone."""
    return local_of(reading.now, reading)


def local_of(instant: Instant, reading: Reading) -> dt.datetime:
    """Another instant there."""
    return to_datetime(instant).astimezone(reading.ground.book.calendar.zone)


def _facts(wall: Wall, slide: Slide, share: Share) -> SlideFacts:
    if slide.kind is SlideKind.NOTE:
        return NoteFacts(slide.title, slide.text)
    return _once(wall, slide.kind, share)


def _once(wall: Wall, kind: SlideKind, share: Share) -> SlideFacts:
    """The same for all screens of these teams and places, whatever their language."""

    def make() -> SlideFacts:
        facts = _FACTS[kind](wall)
        if isinstance(facts, TeamsFacts):
            sides = _once(wall, SlideKind.SIDES, share)
            assert isinstance(sides, SidesFacts)
            facts = replace(facts, sides=sides)
        return facts

    return share(("facts", kind, wall.teams, wall.top_places), make)

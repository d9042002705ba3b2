"""A screen's slides ready to be drawn: what needs more room than the glass has goes on to another page.

The facts hold nothing that is not for everybody (leaderboard/queries/wall_page.py); here they become words and lengths.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from leaderboard.domain.line_ups import MOST_LINES, lines_of
from leaderboard.queries.wall_page import (
    BadgesFacts,
    ClimbersFacts,
    ContestsFacts,
    NoteFacts,
    PaceFacts,
    RepsFacts,
    SidesFacts,
    SlideFacts,
    TeamsFacts,
    TodayFacts,
    WallSlide,
)
from leaderboard.web.presenters.wall_praise import present_badges, present_today
from leaderboard.web.presenters.wall_promises import present_contests, present_pace, present_sides
from leaderboard.web.presenters.wall_standings import present_climbers, present_reps, present_teams

_LEAST_SECONDS = 8


@dataclass(frozen=True, slots=True)
class SlideView:
    """A page of a slide: its name for as long as it stays the same page, how long it is shown, and what it shows."""

    key: str
    kind: str
    seconds: int
    title: str
    view: Any
    page: int = 1
    pages: int = 1


def present_slides(slides: Sequence[WallSlide]) -> tuple[SlideView, ...]:
    """Slides that have something to show, page by page; where none has, the first of them says what is awaited."""
    found = [view for slide in slides for view in present_pages(slide)]
    return tuple(found or [present_slide(slides[0])])


def present_pages(slide: WallSlide) -> tuple[SlideView, ...]:
    """All its pages; none where it has nothing to show."""
    return tuple(view for view in _pages(slide) if not view.view.is_empty)


def present_slide(slide: WallSlide) -> SlideView:
    """Its first page, whether it has anything to show or not."""
    return next(_pages(slide))


def _pages(slide: WallSlide) -> Iterator[SlideView]:
    views = _present(slide.facts)
    seconds = (
        max(_LEAST_SECONDS, slide.slide.seconds // len(views)) if len(views) > 1 else slide.slide.seconds
    )
    for number, view in enumerate(views, start=1):
        key = f"{slide.place}-{slide.slide.kind.value}-{number}"
        yield SlideView(key, slide.slide.kind.value, seconds, view.title, view, number, len(views))


def _present(facts: SlideFacts) -> Sequence[Any]:
    return _PRESENTERS[type(facts)](facts)


@dataclass(frozen=True, slots=True)
class NoteView:
    """An announcement; the longer it is, the smaller it is written."""

    title: str
    paragraphs: tuple[str, ...]
    size: str

    @property
    def is_empty(self) -> bool:
        return not (self.title or self.paragraphs)


def _present_note(facts: NoteFacts) -> Sequence[NoteView]:
    paragraphs = paragraphs_of(facts.text)
    length = sum(map(len, paragraphs))
    is_short = length <= 40 and not facts.title
    size = "huge" if is_short else "large" if length <= 80 else "medium" if length <= 170 else "small"
    return (NoteView(facts.title, paragraphs, size),)


def paragraphs_of(text: str) -> tuple[str, ...]:
    """The lines of a text. Of an older one with more than have room what comes after goes on in the last."""
    lines = lines_of(text)
    first, rest = lines[: MOST_LINES - 1], lines[MOST_LINES - 1 :]
    return (*first, " ".join(rest)) if rest else tuple(first)


_PRESENTERS: Mapping[type, Callable[[Any], Sequence[Any]]] = {
    TeamsFacts: present_teams,
    RepsFacts: present_reps,
    ClimbersFacts: present_climbers,
    BadgesFacts: present_badges,
    TodayFacts: present_today,
    PaceFacts: present_pace,
    ContestsFacts: present_contests,
    SidesFacts: present_sides,
    NoteFacts: _present_note,
}

"""Which slides of a screen can be shown at once: those of its line-up, announcements each by its headline."""

from collections.abc import Mapping
from hashlib import blake2b

from leaderboard.domain.line_ups import LineUp, Slide, SlideKind
from leaderboard.queries.screens import frozen_days
from leaderboard.services import clock
from leaderboard.services.reading import open_reading
from leaderboard.services.screens import Look
from leaderboard.services.wall import facts_of, wall_of
from leaderboard.web.presenters.slide_names import slide_name
from leaderboard.web.presenters.wall import paragraphs_of, present_pages


def choosable(line_up: LineUp) -> Mapping[str, Slide]:
    """The slides by what a form calls them; of several that are alike the first."""
    found: dict[str, Slide] = {}
    for slide in line_up.slides:
        found.setdefault(_value(slide), slide)
    return found


def named(slide: Slide) -> str:
    """What it is called where one is chosen."""
    words = slide.title or next(iter(paragraphs_of(slide.text)), "")
    return f"{slide_name(slide.kind)}: {words}" if words else slide_name(slide.kind)


def wanted(slide: Slide) -> dict[str, str]:
    """How an order names it."""
    words = {"headline": slide.title, "text": slide.text}
    return {"slide": slide.kind.value} | {name: text for name, text in words.items() if text}


def is_empty(slide: Slide, look: Look) -> bool:
    """Whether it has nothing to show now on a screen of this look."""
    reading = open_reading(clock.now())
    if reading is None:
        return True
    return not present_pages(*facts_of(wall_of(reading, look, frozen_days(reading.session)), (slide,)))


def _value(slide: Slide) -> str:
    """An announcement's stays the same wherever it is moved to."""
    if slide.kind is not SlideKind.NOTE:
        return slide.kind.value
    words = "\n".join((slide.title, slide.text))
    return f"{slide.kind}-{blake2b(words.encode(), digest_size=8).hexdigest()}"

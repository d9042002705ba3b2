"""What a screen on the wall shows, one slide after the other: its line-up, and which of it is on at an hour."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

MINUTES_A_DAY = 24 * 60
SHORTEST_SECONDS, LONGEST_SECONDS = 5, 600
MOST_SLIDES = 24
LONGEST_TITLE, LONGEST_TEXT = 60, 280
MOST_LINES = 5
"""Of a text, as many as have room below each other."""
EVERY_DAY = frozenset(range(1, 8))
"""ISO weekdays: Monday is 1."""


class SlideKind(StrEnum):
    """What a slide tells."""

    TEAMS = "teams"
    """The quarter's teams: all of them, the bonus at stake, days left."""
    REPS = "reps"
    """The month's first reps."""
    CLIMBERS = "climbers"
    """Who has climbed since yesterday, among those."""
    BADGES = "badges"
    """Badges awarded lately."""
    TODAY = "today"
    """What was met and exceeded today."""
    PACE = "pace"
    """Each team on its way to the month's targets."""
    CONTESTS = "contests"
    """What can be won until when."""
    SIDES = "sides"
    """Marketing beside sales: leads delivered, leads followed up in time."""
    NOTE = "note"
    """A free announcement."""


def lines_of(text: str) -> list[str]:
    """The lines of a text, without those that say nothing."""
    return [line for each in text.splitlines() if (line := each.strip())]


@dataclass(frozen=True, slots=True)
class Slide:
    """A slide, for how many seconds it stays, and when it is shown: on which days, from and until which minute.

    `until_minute` is the first at which it is not shown any more; at most 1440, the day's end: nothing runs past it.
    """

    kind: SlideKind
    seconds: int
    days: frozenset[int] = EVERY_DAY
    from_minute: int = 0
    until_minute: int = MINUTES_A_DAY
    title: str = ""
    """Of an announcement: its headline, and below it the text."""
    text: str = ""

    def is_on(self, local: dt.datetime) -> bool:
        """Whether it is shown at this local time."""
        minute = local.hour * 60 + local.minute
        return local.isoweekday() in self.days and self.from_minute <= minute < self.until_minute


@dataclass(frozen=True, slots=True)
class LineUp:
    """Slides in their order; a screen begins again after the last."""

    slides: tuple[Slide, ...]

    def on_at(self, local: dt.datetime) -> tuple[Slide, ...]:
        """What is shown at a local time; the teams' standing where nothing would be: a wall is not dark by mistake."""
        shown = tuple(slide for slide in self.slides if slide.is_on(local))
        return shown or (Slide(SlideKind.TEAMS, 20),)

    def asked_for(self, kind: str, title: str, text: str, local: dt.datetime) -> Slide | None:
        """The slide of this kind and (an announcement) of these words; of several rather one that is on."""
        found = [one for one in self.slides if (one.kind, one.title, one.text) == (kind, title, text)]
        return next((one for one in found if one.is_on(local)), found[0] if found else None)


STANDARD = LineUp(
    tuple(
        Slide(kind, seconds)
        for kind, seconds in (
            (SlideKind.TEAMS, 20),
            (SlideKind.REPS, 20),
            (SlideKind.CLIMBERS, 12),
            (SlideKind.PACE, 15),
            (SlideKind.BADGES, 12),
            (SlideKind.SIDES, 15),
            (SlideKind.CONTESTS, 12),
            (SlideKind.TODAY, 15),
        )
    )
)
"""What a screen shows until somebody composes something else."""


def is_night(minute: int, from_minute: int | None, until_minute: int | None) -> bool:
    """Whether a screen is dimmed at this minute of the day; the night may run past midnight."""
    if from_minute is None or until_minute is None or from_minute == until_minute:
        return False
    if from_minute < until_minute:
        return from_minute <= minute < until_minute
    return minute >= from_minute or minute < until_minute

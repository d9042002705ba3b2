"""What is on the glass: the slides of a screen, drawn, and by what to tell whether anything has changed."""

from dataclasses import dataclass, field, replace
from functools import lru_cache
from hashlib import blake2b
from typing import Any

from flask import current_app, render_template

from leaderboard.queries.screens import frozen_days
from leaderboard.services import clock
from leaderboard.services.page_session import let_go
from leaderboard.services.reading import open_reading
from leaderboard.services.screens import Look
from leaderboard.services.wall import done_lately, is_dimmed, slides_now, wall_of
from leaderboard.web.assets import asset
from leaderboard.web.formats import clock_time
from leaderboard.web.languages import LANGUAGES, gettext, speak
from leaderboard.web.presenters.wall import SlideView, present_slides
from leaderboard.web.presenters.wall_praise import present_ticker

_ASSETS = ("js/tv.js", "css/tv.css", "css/tokens.css", "img/icons.svg")


@dataclass(frozen=True, slots=True)
class Part:
    """A page of a slide as HTML. `digest` changes with it."""

    key: str
    kind: str
    title: str
    seconds: int
    html: str
    digest: str


@dataclass(frozen=True, slots=True)
class Frame:
    """All that a screen shows until something changes."""

    parts: tuple[Part, ...]
    theme: str
    is_dim: bool
    has_sound: bool
    ticker: str = ""
    """What was done last today, on one line, as HTML."""
    clock: str = field(compare=False, default="")
    """The time of day when it was made, as people read it."""

    @property
    def digest(self) -> str:
        """Names what is shown."""
        told = (
            self.theme,
            self.is_dim,
            self.has_sound,
            self.ticker,
            [(one.key, one.seconds, one.digest) for one in self.parts],
        )
        return _digest(repr((told, assets())))

    def told(self, known: dict[str, str]) -> dict[str, Any]:
        """As it is sent to a screen that has parts already, by key and digest: these are named, and not sent again."""
        return {
            "digest": self.digest,
            "order": [[one.key, one.seconds, one.kind, one.title] for one in self.parts],
            "slides": {one.key: one.html for one in self.parts if known.get(one.key) != one.digest},
            "theme": self.theme,
            "dim": self.is_dim,
            "sound": self.has_sound,
            "assets": assets(),
            "ticker": self.ticker,
            "clock": self.clock,
        }


def seen_of(look: Look) -> Look:
    """What of a look is to be seen: screens that differ in their name alone share their frames."""
    return replace(look, name="")


def frame_of(look: Look) -> Frame:
    """The frame of a screen of this look now, in its language. Keeps no connection to the database."""
    speak(LANGUAGES[look.language])
    now = clock.now()
    try:
        reading = open_reading(now)
        if reading is None:
            title = gettext("Soon to begin")
            html = render_template("tv/slides/soon.html", title=title)
            return Frame(
                (Part("soon", "soon", title, 30, html, _digest(html)),), look.theme, False, look.has_sound
            )
        wall = wall_of(reading, look, frozen_days(reading.session))
        shown = slides_now(wall, look.line_up)
        slides, ticks = present_slides(shown), present_ticker(done_lately(wall, shown))
        dim = is_dimmed(reading, look)
    finally:
        let_go()
    parts = tuple(_part(slide) for slide in slides)
    ticker = render_template("tv/_ticker.html", rows=ticks).strip()
    return Frame(parts, look.theme, dim, look.has_sound, ticker, clock_time(now))


def _part(slide: SlideView) -> Part:
    html = render_template(f"tv/slides/{slide.kind}.html", slide=slide, view=slide.view)
    return Part(slide.key, slide.kind, slide.title, slide.seconds, html, _digest(html))


def assets() -> str:
    """Changes with the files that a screen has loaded: then it loads itself anew."""
    return _assets(current_app.static_folder or "")


@lru_cache(maxsize=4)
def _assets(_folder: str) -> str:
    return _digest(" ".join(map(asset, _ASSETS)))


def _digest(text: str) -> str:
    return blake2b(text.encode(), digest_size=9).hexdigest()

"""What is on the glass: the slides of a screen, drawn, and by what to tell whether anything has changed."""

from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import blake2b
from typing import Any

from flask import current_app, render_template

from leaderboard.domain.line_ups import is_night
from leaderboard.queries.ground import Reading
from leaderboard.queries.screens import frozen_days
from leaderboard.services import clock
from leaderboard.services.page_session import let_go
from leaderboard.services.reading import open_reading
from leaderboard.services.screens import Look
from leaderboard.services.wall import (
    Share,
    done_lately,
    facts_of,
    local_time,
    share_with_nobody,
    slides_now,
    wall_of,
)
from leaderboard.web.assets import asset
from leaderboard.web.formats import clock_time
from leaderboard.web.languages import LANGUAGES, gettext, speak
from leaderboard.web.presenters.wall import SlideView, present_pages, present_slides
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
class Content:
    """What is the same on all screens of a line-up, a language, and teams, whatever else they are given."""

    parts: tuple[Part, ...]
    ticker: str = ""
    """What was done last today, on one line, as HTML."""
    clock: str = ""
    """The time of day when it was made, as people read it."""
    minute: int = 0
    """The minute of the organization's day."""


@dataclass(frozen=True, slots=True)
class Frame:
    """All that a screen shows until something changes. `digest` names it."""

    content: Content
    theme: str
    is_dim: bool
    has_sound: bool
    digest: str

    @property
    def parts(self) -> tuple[Part, ...]:
        """Its pages, in their order."""
        return self.content.parts

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
            "ticker": self.content.ticker,
            "clock": self.content.clock,
        }


def seen_of(look: Look) -> Look:
    """What of a look is to be seen: screens that differ in their name alone share their frames."""
    return replace(look, name="")


def frame_of(look: Look, share: Share | None = None) -> Frame:
    """The frame of a screen of this look now, in its language. Keeps no connection to the database."""
    given = share or share_with_nobody()
    key = ("content", look.language, look.line_up, look.teams, look.top_places)
    content = given(key, lambda: _content(look, given))
    dim = look.night is not None and is_night(content.minute, *look.night)
    named = [(one.key, one.seconds, one.digest) for one in content.parts]
    told = (look.theme, dim, look.has_sound, content.ticker, named, assets())
    return Frame(content, look.theme, dim, look.has_sound, _digest(repr(told)))


def _content(look: Look, share: Share) -> Content:
    speak(LANGUAGES[look.language])
    now = clock.now()
    try:
        reading = open_reading(now)
        if reading is None:
            title = gettext("Soon to begin")
            html = render_template("tv/slides/soon.html", title=title)
            return Content((Part("soon", "soon", title, 30, html, _digest(html)),))
        wall = wall_of(reading, look, frozen_days(reading.session))
        shown = slides_now(wall, look.line_up, share)
        slides, ticks = present_slides(shown), present_ticker(done_lately(wall, share))
        local = local_time(reading)
    finally:
        let_go()
    ticker = render_template("tv/_ticker.html", rows=ticks).strip()
    return Content(tuple(map(_part, slides)), ticker, clock_time(now), local.hour * 60 + local.minute)


@dataclass(frozen=True, slots=True)
class Asked:
    """A slide that a manager asks for: the page of the frame that it is, or else all its pages, drawn."""

    key: str
    parts: tuple[Part, ...] = ()


def asked_for(reading: Reading, look: Look, kind: str, title: str, text: str) -> Asked | None:
    """One that is on has its place in the line-up, which goes on from there; None where the line-up has it no more."""
    local = local_time(reading)
    slide = look.line_up.asked_for(kind, title, text, local)
    if slide is None:
        return None
    on = look.line_up.on_at(local)
    if slide in on:
        return Asked(f"{on.index(slide)}-{kind}-1")
    (shown,) = facts_of(wall_of(reading, look, frozen_days(reading.session)), (slide,))
    pages = present_pages(shown)
    return Asked("", tuple(_part(replace(page, key=f"now-{kind}-{page.page}")) for page in pages))


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

"""Slides of invented walls: few people and hundreds, long names and large numbers, and nothing at all.

They are made as those of a real screen are, by its presenters and templates, but without a database behind them; and
`faults` measures in a browser what would be seen of each from across a room.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from flask import Flask, render_template
from playwright.sync_api import Page

from leaderboard.domain.instants import DAY, HOUR, MINUTE, parse_rfc3339
from leaderboard.domain.line_ups import Slide, SlideKind
from leaderboard.domain.periods import PeriodKind
from leaderboard.domain.rulebook import SubjectKind
from leaderboard.queries.board_page import BadgeKind, BadgeMark, PeriodFacts, PeriodState, Stake
from leaderboard.queries.wall_moments import MomentFacts
from leaderboard.queries.wall_page import (
    BadgesFacts,
    ClimbersFacts,
    ContestLeader,
    ContestsFacts,
    Done,
    FreshBadge,
    NoteFacts,
    Pace,
    PaceFacts,
    RepsFacts,
    SideFigure,
    SidesFacts,
    SlideFacts,
    TeamsFacts,
    TodayFacts,
    WallContest,
    WallRep,
    WallSlide,
    WallTeam,
)
from leaderboard.queries.wall_reveal import RevealFacts, RevealStep
from leaderboard.web.languages import LANGUAGES, speak
from leaderboard.web.presenters.wall import present_slide, present_slides
from leaderboard.web.presenters.wall_moments import present_moment, present_reveal

NOW = parse_rfc3339("2026-11-20T14:32:00Z")
TODAY = dt.date(2026, 11, 20)
MONTH = PeriodFacts(
    "2026-11", PeriodKind.MONTH, dt.date(2026, 11, 1), dt.date(2026, 11, 30), PeriodState.OPEN
)
_QUARTER = PeriodFacts(
    "2026-Q4", PeriodKind.QUARTER, dt.date(2026, 10, 1), dt.date(2026, 12, 31), PeriodState.OPEN
)
_PLAIN = (
    "Ana Souza", "Rui Faria", "Lia Prado", "Gus Lima", "Hana Cruz", "Ivo Melo", "Jana Rosa", "Kai Nunes",
    "Cleo Dias", "Téo Barros", "Iara Pontes", "Zeca Ramos",
)  # fmt: skip
_HARD = (
    "Maria Aparecida dos Santos Oliveira e Albuquerque de Vasconcelos Neto",
    "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamten",
    "🦊 Silver Fox 🚀🚀🚀 of the Northern Inbound Team 🏆",
    "عبد الرحمن بن محمد بن عبد العزيز آل سعود الكبير",
    "Ng",
)
_BADGES = tuple(
    BadgeMark(name.lower(), name, kind, times, icon)
    for name, kind, times, icon in (
        ("Quick draw", BadgeKind.COUNT, 2, None),
        ("Unbroken", BadgeKind.STREAK, 1, None),
        ("Clean sheet", BadgeKind.CLEAN_MONTH, 12, None),
        ("Front row", BadgeKind.RANK, 1, None),
    )
)


@dataclass(frozen=True)
class Wall:
    """How much there is to show, and how hard it is to fit."""

    reps: int
    teams: int
    is_hard: bool = False
    language: str = "en"

    @property
    def factor(self) -> int:
        """Points grow to seven digits where it is hard."""
        return 4_321 if self.is_hard else 3

    def name(self, place: int) -> str:
        """A name; the hard ones are spread so that each slide has some."""
        names = _HARD if self.is_hard else _PLAIN
        return names[place % len(names)]

    def team(self, place: int) -> str:
        """A team's name."""
        plain = ("Inbound South", "Inbound North", "Outbound", "Key accounts", "Demand generation", "Content")
        return self.name(place) if self.is_hard else plain[place % len(plain)]


EMPTY = Wall(0, 0)
WALLS = (Wall(3, 2), Wall(30, 6), Wall(300, 26), Wall(300, 9, is_hard=True), Wall(14, 4, is_hard=True))


@dataclass(frozen=True)
class Drawn:
    """A page of a slide, or what lies across it, as HTML."""

    label: str
    html: str
    is_overlay: bool = False


def drawn(app: Flask, wall: Wall) -> Iterator[Drawn]:
    """Every page of every slide of a wall; of an empty one what each would say."""
    with app.test_request_context("/tv"):
        speak(LANGUAGES[wall.language])
        slides = [
            WallSlide(place, Slide(SlideKind(kind), 20), facts)
            for place, (kind, facts) in enumerate(_facts(wall))
        ]
        views = [present_slide(one) for one in slides] if not wall.reps else present_slides(slides)
        for view in views:
            html = render_template(f"tv/slides/{view.kind}.html", slide=view, view=view.view)
            yield Drawn(f"{view.kind} {view.page}/{view.pages} of {wall}", html)


def overlays(app: Flask, wall: Wall) -> Iterator[Drawn]:
    """Moments alone and together, a message, and reveals with all their steps to be seen."""
    with app.test_request_context("/tv"):
        speak(LANGUAGES[wall.language])
        for together in (1, 2, 3):
            calls = "".join(
                render_template("tv/moment.html", view=present_moment(_moment(wall, place)))
                for place in range(together)
            )
            html = f'<div class="tv-calls tv-calls-{together}">{calls}</div>'
            yield Drawn(f"{together} moments of {wall}", html, is_overlay=True)
        said = ("Fire drill at noon",) if not wall.is_hard else (wall.name(0), wall.name(1), wall.name(2))
        html = render_template("tv/message.html", paragraphs=said)
        yield Drawn(f"message of {wall}", html, is_overlay=True)
        for label, facts in _reveals(wall):
            html = render_template("tv/reveal.html", view=present_reveal(facts))
            yield Drawn(f"{label} of {wall}", html, is_overlay=True)


def _facts(wall: Wall) -> Iterator[tuple[str, SlideFacts]]:
    teams = tuple(_team(wall, place) for place in range(wall.teams))
    stakes = (Stake("Best team", 1, Decimal(1500 * (1 if wall.reps < 300 else 100)), "BRL"),)
    if wall.teams in (4, 6):
        stakes += (Stake("Podium", 3, Decimal(500), "BRL"),)
    figures = tuple(_figures(wall)) if wall.reps else ()
    parties = (wall.team(0), wall.team(1)) if wall.reps else (None, None)
    sides = SidesFacts(MONTH, *parties, figures[: 2 if wall.reps < 300 else 3], figures)
    yield "teams", TeamsFacts(_QUARTER, TODAY, teams, stakes if wall.reps else (), sides=sides)
    shown = tuple(_rep(wall, place) for place in range(wall.reps // 2 if wall.reps < 300 else 50))
    yield "reps", RepsFacts(MONTH, NOW, shown, wall.reps)
    yield "climbers", ClimbersFacts(MONTH, tuple(rep for rep in shown if rep.climbed)[:12])
    yield "pace", PaceFacts(MONTH, TODAY, tuple(_paces(wall)))
    fresh = tuple(_fresh(wall, place) for place in range(min(12, wall.reps)))
    yield "badges", BadgesFacts(fresh, NOW)
    yield "sides", sides
    contests = tuple(_contest(wall, place) for place in range(min(3, wall.teams)))
    yield "contests", ContestsFacts(contests, NOW)
    done = tuple(_done(wall, place) for place in range(min(14, wall.reps)))
    yield "today", TodayFacts(TODAY, done, wall.reps * wall.factor, wall.reps)
    if wall.reps:
        yield "note", NoteFacts("Cake at four", "In the kitchen, for everybody." * (8 if wall.is_hard else 1))
        yield "note", NoteFacts(wall.name(1)[:60], "\n".join(wall.name(place)[:60] for place in range(4)))
        yield "note", NoteFacts("", "W" * 280 if wall.is_hard else "No title")


def _team(wall: Wall, place: int) -> WallTeam:
    points = max(0, (40 - place) * wall.factor * 40 - (place > 20) * 10**7)
    moved = (None, 0, 2, -1)[place % 4]
    return WallTeam(place, wall.team(place), place + 1, points, 5 + place, moved, 90 + place % 9, 100)


def _rep(wall: Wall, place: int) -> WallRep:
    rank = place if place in (1, 5) else place + 1  # the second shares the first rank, the sixth the fifth
    points = (400 - rank) * wall.factor
    line = tuple(day * points // 20 for day in range(20))
    badges = _BADGES[: place % 5]
    return WallRep(
        place, wall.name(place), wall.team(place), rank, points, (0, 3, 0, 12)[place % 4], line, badges
    )


def _paces(wall: Wall) -> Iterator[Pace]:
    levels = ("First contact", "Disposition", "Three tries on three channels", "Data in order", "Revenue won")
    for place in range(wall.teams):
        for number, level in enumerate(levels[: 2 + place % 4]):
            is_share = number != 1
            target = Decimal("0.85") if is_share else Decimal(340 * wall.factor)
            value = target * (70 + 17 * (place + number) % 60) / 100
            expected = None if is_share else target * 2 / 3
            value = min(value, Decimal(1)) if is_share else value
            yield Pace(place, wall.team(place), level, value, target, expected, is_share)


def _fresh(wall: Wall, place: int) -> FreshBadge:
    scope = SubjectKind.TEAM if place % 5 == 4 else SubjectKind.REP
    age = (20 * MINUTE, 5 * HOUR, 3 * DAY)[place % 3]
    badge = _BADGES[place % 4]
    if wall.is_hard and place % 2:
        badge = BadgeMark("long", "The longest name that anybody gave to a badge", BadgeKind.GIVEN)
    return FreshBadge(place, wall.name(place), wall.team(place), badge, NOW - age, scope)


def _figures(wall: Wall) -> Iterator[SideFigure]:
    median = 37 * MINUTE * (1 if not wall.is_hard else 97)
    yield SideFigure(
        "First contact", Decimal("0.94"), Decimal(1), Decimal("0.88"), True, median, in_working_time=True
    )
    yield SideFigure("Qualified leads, weighted", Decimal(412 * wall.factor), None, Decimal(480), False)
    yield SideFigure("Three tries on three channels", Decimal("0.62"), Decimal(1), Decimal("0.7"), True)


def _contest(wall: Wall, place: int) -> WallContest:
    leaders = tuple(
        ContestLeader(rank, wall.name(place + rank), rank, Decimal(30 * wall.factor)) for rank in (1, 2, 3)
    )
    return WallContest(
        f"c{place}", ("Black week sprint", "First contact race", wall.name(1))[place], SubjectKind.REP,
        NOW + (9 * HOUR if place else 6 * DAY), dt.date(2026, 11, 26), ("First contact", "Disposition"),
        1 + place, 50 * place, Decimal(250 * wall.factor), "BRL", leaders if place < 2 else (), False,
    )  # fmt: skip


def _done(wall: Wall, place: int) -> Done:
    took = (6 * MINUTE, None, 0, 26 * HOUR)[place % 4]
    level = "Three tries on three channels" if place % 2 else "First contact"
    return done(place, took, wall.name(place), wall.team(place), level, is_exceeded=place % 3 == 0)


def done(
    place: int,
    took: int | None,
    name: str = "Ana Souza",
    team: str = "South",
    level: str = "First contact",
    is_exceeded: bool = True,
) -> Done:
    """Something that was done in time, so many times seven minutes ago."""
    return Done(place, name, team, level, is_exceeded, NOW - place * 7 * MINUTE, took, True)


def _moment(wall: Wall, place: int) -> MomentFacts:
    name = wall.name(place)
    if place == 1:
        return MomentFacts(place, "target", NOW, wall.team(0), None, True, None, "Qualified leads", "2026-11")
    badge = _BADGES[0] if place == 0 else None
    return MomentFacts(place, "badge" if badge else "lead", NOW, name, wall.team(1), False, badge, None, None)


def _reveals(wall: Wall) -> Iterator[tuple[str, RevealFacts]]:
    bonus = Decimal(1500) * (1 if not wall.is_hard else 1000)
    one, more = Stake("Best team", 1, bonus, "BRL"), Stake("Podium", 3, Decimal(300), "BRL")
    third = RevealStep(3, (wall.team(3),), 3_790 * wall.factor, (more,))
    second = RevealStep(2, (wall.team(2),), 4_455 * wall.factor, (more,))
    first = RevealStep(1, (wall.team(1),), 4_812 * wall.factor, (one, more))
    yield "reveal of three places", RevealFacts(_QUARTER, (third, second, first))
    shared = RevealStep(1, (wall.team(1), wall.team(2), wall.team(3)), 4_812, (one,))
    yield "reveal of a tie", RevealFacts(_QUARTER, (RevealStep(4, (wall.team(0),), 10, ()), shared))
    eight = tuple(RevealStep(8 - n, (wall.team(n),), 900 + n, (more,)) for n in range(8))
    yield "reveal of eight places", RevealFacts(_QUARTER, eight)
    yield "reveal without a winner", RevealFacts(_QUARTER, ())


_MEASURE = Path(__file__).with_name("glass.js").read_text("utf-8")


def faults(page: Page, shown: list[Drawn]) -> list[str]:
    """What is cut off, overlaps, leaves the glass, or is too small; the page is a screen's, of any size."""
    told = [{"label": one.label, "html": one.html, "overlay": one.is_overlay} for one in shown]
    found: list[str] = page.evaluate(_MEASURE, told)
    return found

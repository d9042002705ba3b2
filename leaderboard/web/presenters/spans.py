"""A rep's teams and time off as a drawing: places in hundredths of its width."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from babel import dates

from leaderboard.domain.roster import Rep
from leaderboard.web.formats import short_day
from leaderboard.web.languages import gettext, locale

_MARGIN_DAYS = 60
_MOST_TICKS = 5
_STEPS = (1, 3, 6, 12, 24, 60, 120)
_MOST_YEARS = 15


@dataclass(frozen=True, slots=True)
class Bar:
    """A span: where it begins and how wide it is, its words, and which of the tones it has."""

    x: str
    width: str
    label: str
    title: str
    tone: int
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class Tick:
    """The first day of a month or year."""

    x: str
    label: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """The drawing."""

    bars: tuple[Bar, ...]
    offs: tuple[Bar, ...]
    ticks: tuple[Tick, ...]
    today: str


def timeline(rep: Rep, team_names: Mapping[str, str], today: dt.date) -> Timeline:
    """From the first span to some time after today, or after the last day that is known."""
    scale = _scale(rep, today)
    tones: dict[str, int] = {}
    bars = []
    for span in rep.teams:
        tone = tones.setdefault(span.team, len(tones) % 4)
        name = team_names.get(span.team, span.team)
        bars.append(scale.bar(span.from_on, span.until_on, name, tone))
    offs = [scale.bar(off.from_on, off.until_on, gettext("Time off"), 0) for off in rep.time_off]
    return Timeline(
        tuple(bar for bar in bars if bar), tuple(off for off in offs if off), scale.ticks(), scale.x(today)
    )


@dataclass(frozen=True, slots=True)
class _Scale:
    first_on: dt.date
    last_on: dt.date

    def x(self, day: dt.date) -> str:
        share = (day - self.first_on).days * 100 / max(1, (self.last_on - self.first_on).days)
        return f"{min(100.0, max(0.0, share)):.2f}"

    def bar(self, from_on: dt.date, until_on: dt.date | None, name: str, tone: int) -> Bar | None:
        if from_on > self.last_on or (until_on is not None and until_on < self.first_on):
            return None
        start = float(self.x(from_on))
        # Both days belong to it, so it ends where the next day begins.
        end = (
            100.0
            if until_on is None or until_on >= self.last_on
            else float(self.x(until_on + dt.timedelta(1)))
        )
        until = gettext("open") if until_on is None else short_day(until_on)
        title = f"{name}: {short_day(from_on)} – {until}"
        return Bar(f"{start:.2f}", f"{max(0.6, end - start):.2f}", name, title, tone, until_on is None)

    def ticks(self) -> tuple[Tick, ...]:
        months = (self.last_on.year - self.first_on.year) * 12 + self.last_on.month - self.first_on.month
        step = next((step for step in _STEPS if months / step <= _MOST_TICKS), _STEPS[-1])
        pattern = "y" if step >= 12 else "LLL y"
        first = self.first_on.year * 12 + self.first_on.month - 1
        places = range(-(-(first + 1) // step) * step, self.last_on.year * 12 + self.last_on.month, step)
        days = [dt.date(place // 12, place % 12 + 1, 1) for place in places]
        # What is written beside the right edge would be cut.
        return tuple(
            Tick(self.x(day), dates.format_date(day, pattern, locale=locale()))
            for day in days
            if float(self.x(day)) < 90
        )


def _scale(rep: Rep, today: dt.date) -> _Scale:
    begins = [span.from_on for span in rep.teams] + [off.from_on for off in rep.time_off]
    ends = [span.until_on for span in rep.teams if span.until_on is not None]
    ends += [off.until_on for off in rep.time_off]
    margin = dt.timedelta(_MARGIN_DAYS)
    years = dt.timedelta(_MOST_YEARS * 365)
    first_on = max(min([*begins, today - margin]), today - years)
    last_on = min(max([*begins, *ends, today]), today + years) + margin
    return _Scale(first_on, last_on)

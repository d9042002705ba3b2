"""When is it due? `OpenHours.add` against two packages that can also count business hours.

`python -m bench.due_instants`. One calendar (a desk in São Paulo, with lunch and holidays), the same deadlines
for all three, timed in turns within one run. Each is handed what it computes with (an instant, an aware datetime,
an aware Timestamp) and left with its own kind of answer: no conversion is timed.
The others see the first 2,000 of our deadlines.
"""

import datetime as dt
import random
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from zoneinfo import ZoneInfo

from bench.environment import run_in_own_environment
from bench.section import Report, run_section
from bench.table import Row
from leaderboard.domain.business_time import OpenHours
from leaderboard.domain.instants import HOUR, MINUTE, Instant, from_datetime, to_datetime
from leaderboard.domain.rulebook import Calendar, Window

ZONE = "America/Sao_Paulo"
PACKAGES = ("businesstimedelta", "pandas", "numpy", "holidays")
MANY, FEW, ROUNDS = 200_000, 2_000, 3
YEARS = range(2023, 2036)
Deadline = tuple[Instant, int]
"""When a clock opens, and how many open hours it has."""
Answer = Instant | dt.datetime | None
AnswerAll = Callable[[], list[Answer]]


@dataclass
class Contender:
    """One way to answer, and the best time it took for a deadline, in seconds."""

    name: str
    answer_all: AnswerAll
    answers: list[Instant] = field(default_factory=list)
    seconds: float = float("inf")

    def take_turn(self) -> None:
        began = time.perf_counter()
        answers = self.answer_all()
        self.seconds = min(self.seconds, (time.perf_counter() - began) / len(answers))
        self.answers = [_instant(answer) for answer in answers]


def measure(_quick: bool = False) -> Report:
    """Missed is a target, too, where an answer differs from businesstimedelta's."""
    free_dates = _holidays()
    deadlines = _deadlines()
    ours = Contender("ours", _ours(free_dates, deadlines))
    delta = Contender("businesstimedelta", _businesstimedelta(free_dates, deadlines[:FEW]))
    pandas = Contender("pandas CustomBusinessHour", _pandas(free_dates, deadlines[:FEW]))
    for _turn in range(ROUNDS):
        for contender in (ours, delta, pandas):
            contender.take_turn()
    return Report(
        [
            _speed(ours, delta, 100),
            _speed(ours, pandas, 30),
            _differences(ours, delta, "0"),
            _otherwise_differing(ours, pandas, _hours(free_dates)),
        ],
        [],
        [_differences(ours, pandas, "")],
        [f"due instants, beside them: {', '.join(f'{name} {version(name)}' for name in PACKAGES)}"],
    )


def _speed(ours: Contender, other: Contender, target: int) -> Row:
    ratio = other.seconds / ours.seconds
    return Row(
        f"due instants a second, against {other.name}",
        f"{1 / ours.seconds:,.0f}",
        f"{1 / other.seconds:,.0f}",
        f"{ratio:,.0f}x",
        f">= {target}x",
        ratio >= target,
    )


def _differences(ours: Contender, other: Contender, target: str) -> Row:
    count = sum(mine != theirs for mine, theirs in zip(ours.answers, other.answers, strict=False))
    what = f"due instants that differ, of {len(other.answers):,}, against {other.name}"
    return Row(what, f"{count:,}", "", "", target, not target or count == int(target))


def _otherwise_differing(ours: Contender, pandas: Contender, hours: OpenHours) -> Row:
    """At the end of a window pandas names the next one's beginning; there no open time lies between the two answers."""
    pairs = zip(ours.answers, pandas.answers, strict=False)
    count = sum(mine != theirs and hours.between(mine, theirs + 1) != 1 for mine, theirs in pairs)
    return Row(
        "due instants that differ from pandas' other than by the next opening for a closing",
        f"{count:,}",
        "",
        "",
        "0",
        count == 0,
    )


def _deadlines() -> list[Deadline]:
    """1 to 40 open hours from any second or, as often, any quarter of an hour of 2024 to 2027."""
    chance = random.Random(2026)
    since, until = (from_datetime(dt.datetime(year, 1, 1, tzinfo=dt.UTC)) for year in (2024, 2028))
    steps = (15 * MINUTE, MINUTE // 60)
    return [
        (chance.randrange(since, until, steps[number % 2]), chance.choice((1, 2, 4, 8, 16, 24, 40)))
        for number in range(MANY)
    ]


def _holidays() -> dict[dt.date, str]:
    from holidays import country_holidays

    return dict(country_holidays("BR", subdiv="SP", years=YEARS))


def _hours(free_dates: dict[dt.date, str]) -> OpenHours:
    desk = (Window(9 * 60, 12 * 60), Window(13 * 60, 18 * 60))
    return OpenHours(Calendar("desk", ZoneInfo(ZONE), (desk,) * 5 + ((),) * 2, holidays=free_dates))


def _ours(free_dates: dict[dt.date, str], deadlines: Sequence[Deadline]) -> AnswerAll:
    hours = _hours(free_dates)
    asked = [(start_at, open_hours * HOUR) for start_at, open_hours in deadlines]

    def answer_all() -> list[Answer]:
        add = hours.add
        return [add(start_at, duration_us) for start_at, duration_us in asked]

    return answer_all


def _businesstimedelta(free_dates: dict[dt.date, str], deadlines: Sequence[Deadline]) -> AnswerAll:
    import businesstimedelta as package
    import pytz  # type: ignore[import-untyped]

    zone = pytz.timezone(ZONE)
    rules = package.Rules(
        [
            package.WorkDayRule(dt.time(9), dt.time(18), [0, 1, 2, 3, 4], tz=zone),
            package.LunchTimeRule(dt.time(12), dt.time(13), [0, 1, 2, 3, 4], tz=zone),
            # A set of dates rather than the `holidays` object: the quicker of the two it takes.
            package.HolidayRule(set(free_dates), tz=zone),
        ]
    )
    spans = {hours: package.BusinessTimeDelta(rules, hours=hours) for _, hours in deadlines}
    asked = [(to_datetime(start_at).astimezone(zone), spans[hours]) for start_at, hours in deadlines]
    return _added_up(asked)


def _pandas(free_dates: dict[dt.date, str], deadlines: Sequence[Deadline]) -> AnswerAll:
    import pandas as package

    def offset(hours: int) -> object:
        windows = {"start": ["09:00", "13:00"], "end": ["12:00", "18:00"]}
        return package.offsets.CustomBusinessHour(n=hours, holidays=sorted(free_dates), **windows)

    offsets = {hours: offset(hours) for hours in {hours for _, hours in deadlines}}
    asked = [
        (package.Timestamp(to_datetime(start_at)).tz_convert(ZONE), offsets[hours])
        for start_at, hours in deadlines
    ]
    return _added_up(asked)


def _added_up(asked: Sequence[tuple[dt.datetime, object]]) -> AnswerAll:
    """Adding, as both packages write it."""

    def answer_all() -> list[Answer]:
        return [moment + span for moment, span in asked]  # type: ignore[operator]

    return answer_all


def _instant(answer: Answer) -> Instant:
    assert answer is not None, "a desk that opens every week is due some day"
    return answer if isinstance(answer, int) else from_datetime(answer)


if __name__ == "__main__":
    run_in_own_environment("bench.due_instants")
    sys.exit(run_section(measure, PACKAGES))

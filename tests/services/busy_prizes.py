"""Contests, tasks and ladders that forgive, for the months of `busy_worlds`."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from random import Random

from leaderboard.domain.events import Event
from leaderboard.domain.instants import Instant
from leaderboard.domain.rulebook import (
    Contest,
    ContestScore,
    PrizeRule,
    Rulebook,
    ServiceLevel,
    SubjectKind,
    Suspension,
    Task,
    Volume,
)

TASKS = ("training", "profile")
_PRIZES = (PrizeRule(7), PrizeRule(3, Decimal(10)), PrizeRule(0, Decimal(5)))
_TEAMS = ((), (), ("north",), ("demand", "north"))


def with_prizes(random: Random, rulebook: Rulebook) -> Rulebook:
    """The version with what docs/rulebook-format.md adds."""
    levels = {name: _prorated(random, level) for name, level in rulebook.service_levels.items()}
    ladders = {
        name: replace(
            ladder, grace_days=random.choice((0, 0, 20, 60)), expires_after=random.choice((None, 1, 2))
        )
        for name, ladder in rulebook.consequences.items()
    }
    return replace(
        rulebook,
        service_levels=levels,
        consequences=ladders,
        contests={name: _contest(random, name, rulebook) for name in _some(random, ("race", "run", "rush"))},
        tasks={name: _task(random, name, rulebook) for name in _some(random, TASKS)},
        suspensions=tuple(_suspension(random, list(ladders)) for _ in range(random.choice((0, 0, 1)))),
    )


def _some(random: Random, names: Sequence[str]) -> list[str]:
    return [name for name in names if random.random() < 0.6]


def _prorated(random: Random, level: ServiceLevel) -> ServiceLevel:
    if isinstance(level, Volume) and level.subject is SubjectKind.REP and random.random() < 0.5:
        return replace(level, prorate="desk")
    return level


def _day(random: Random, least: dt.date = dt.date(2025, 12, 20)) -> dt.date:
    """Often a month's last."""
    day = dt.date(2025, 12, 20) + dt.timedelta(days=random.randrange(140))
    if random.random() < 0.3:
        day = (day.replace(day=28) + dt.timedelta(days=4)).replace(day=1) - dt.timedelta(days=1)
    return max(day, least)


def _contest(random: Random, name: str, rulebook: Rulebook) -> Contest:
    volumes = [one for one, level in rulebook.service_levels.items() if isinstance(level, Volume)]
    by = random.choice(list(ContestScore) if volumes else list(ContestScore)[:3])
    others = [one for one in rulebook.service_levels if one in ("clock", "quality")]
    levels = volumes if by is ContestScore.VALUE else random.sample(others, random.randint(1, len(others)))
    until_on = _day(random, rulebook.effective_from)
    return Contest(
        name, name.title(), min(_day(random), until_on), until_on, tuple(sorted(levels)), random.choice(_PRIZES),
        random.choice(tuple(SubjectKind)), random.choice(_TEAMS), by,
        random.choice((1, 2)) if by is ContestScore.SHARE else 1, random.choice((1, 2)),
    )  # fmt: skip


def _task(random: Random, name: str, rulebook: Rulebook) -> Task:
    until_on = _day(random, rulebook.effective_from)
    return Task(name, name.title(), until_on, random.choice(_PRIZES), random.choice(_TEAMS))


def _suspension(random: Random, ladders: list[str]) -> Suspension:
    first, last = sorted((_day(random), _day(random)))
    named = tuple(random.sample(ladders, 1)) if ladders and random.random() < 0.5 else None
    return Suspension(first, min(last, first + dt.timedelta(days=20)), "outage", named)


def a_tick(random: Random, event_id: str, at: Instant, rep: str) -> Event:
    """A task is said to be done, perhaps one that there is not, or by nobody."""
    lead = random.choice((None, None, "L1"))
    named = random.choice((rep, rep, rep, None))
    return Event(
        "lms",
        event_id,
        "task.completed",
        at,
        lead,
        named,
        {"task": random.choice((*TASKS, TASKS[0], "other"))},
    )

"""Random contests, tasks, suspensions and decisions, to go with the stories of `worlds`."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from hypothesis import strategies as st

from leaderboard.domain.decisions import Decision, DecisionKind, MeasureRef
from leaderboard.domain.events import Event
from leaderboard.domain.instants import DAY, Instant
from leaderboard.domain.replay import NO_PAST, SealedPast, World, replay
from leaderboard.domain.rulebook import (
    Confirmation,
    Contest,
    ContestScore,
    PrizeRule,
    Rulebook,
    SubjectKind,
    Suspension,
    Task,
    Volume,
)
from tests.domain.worlds import FIRST_AT, LAST_AT, NAMES, STARTS_ON, Story, instants, stories

TASKS = ("training", "profile")
_dates = st.integers(5, 110).map(lambda n: dt.date(2026, 1, 1) + dt.timedelta(days=n))
_prizes = st.sampled_from((PrizeRule(7), PrizeRule(0, Decimal(9)), PrizeRule(3, Decimal(4))))
_some_contests = st.sampled_from(((), ("race",), ("race", "run")))
_teams = st.sampled_from(((), (), ("north",), ("north", "south")))


@dataclass(frozen=True)
class PrizeStory(Story):
    """A story with decisions."""

    decisions: tuple[Decision, ...] = ()

    def world(
        self, as_of: Instant, past: SealedPast = NO_PAST, events: Sequence[Event] | None = None
    ) -> World:
        """What follows by then."""
        leads = self.leads(as_of, events)
        return replay(self.book, self.roster, leads, as_of, past, decisions=self.decisions)


@st.composite
def contests(draw: st.DrawFn, name: str, volumes: list[str]) -> Contest:
    """A contest of some days or months."""
    by = draw(st.sampled_from(list(ContestScore)[: 3 + bool(volumes)]))
    levels = (
        volumes[:1] if by is ContestScore.VALUE else draw(st.sampled_from((["clock"], ["clock", "quality"])))
    )
    from_on, until_on = sorted((draw(_dates), draw(_dates)))
    return Contest(
        name, name, from_on, until_on, tuple(levels), draw(_prizes), draw(st.sampled_from(SubjectKind)), draw(_teams),
        by, draw(st.integers(1, 2)), draw(st.integers(1, 2)),
    )  # fmt: skip


def tasks(name: str) -> st.SearchStrategy[Task]:
    """A task."""
    return st.builds(
        Task, st.just(name), st.just(name), _dates, _prizes, _teams, st.sampled_from(Confirmation)
    )


@st.composite
def extended(draw: st.DrawFn, rulebook: Rulebook) -> Rulebook:
    """A version with all that the extension knows."""
    volumes = [name for name, level in rulebook.service_levels.items() if isinstance(level, Volume)]
    levels = {
        name: replace(level, prorate=draw(st.sampled_from((None, "desk"))))
        if isinstance(level, Volume) and level.subject is SubjectKind.REP
        else level
        for name, level in rulebook.service_levels.items()
    }
    ladders = {
        name: replace(
            ladder,
            grace_days=draw(st.sampled_from((0, 20))),
            expires_after=draw(st.sampled_from((None, 1, 2))),
        )
        for name, ladder in rulebook.consequences.items()
    }
    suspended = draw(st.lists(st.tuples(_dates, _dates).map(sorted), max_size=1))
    return replace(
        rulebook,
        service_levels=levels,
        consequences=ladders,
        contests={
            name: draw(contests(name, volumes))
            for name in draw(st.sampled_from(((), ("race",), ("race", "run"))))
        },
        tasks={name: draw(tasks(name)) for name in draw(st.sampled_from((TASKS, TASKS[:1])))},
        suspensions=tuple(Suspension(first, last, "outage") for first, last in suspended),
    )


@st.composite
def _ticks(draw: st.DrawFn) -> Event:
    attributes = {"task": draw(st.sampled_from((*TASKS, "other")))}
    return Event(
        "crm", "", "task.completed", draw(instants()), None, draw(st.sampled_from(NAMES)), attributes
    )


@st.composite
def _decision(draw: st.DrawFn, number: int) -> Decision:
    made = Decision(
        number, draw(st.sampled_from(DecisionKind)), draw(instants()) + 31 * DAY, "because",
        subject_id=draw(st.sampled_from(("ana", "ben", "cleo"))),
    )  # fmt: skip
    if made.kind in (DecisionKind.APPROVED, DecisionKind.WAIVED):
        month, ladder = draw(st.sampled_from(STARTS_ON))[:7], draw(st.sampled_from(("slow", "late")))
        ref = MeasureRef(month, ladder, SubjectKind.REP, made.subject_id, draw(st.integers(0, 1)))
        return replace(made, measure=ref)
    if made.kind is DecisionKind.UNDONE:
        return replace(made, undoes=draw(st.integers(0, number)))
    done_at = min(made.at, draw(instants()))
    return replace(
        made,
        points=draw(st.integers(-5, 5)),
        badge="star",
        task=draw(st.sampled_from(TASKS)),
        done_at=done_at,
    )


@st.composite
def prize_stories(draw: st.DrawFn, corrections: bool = True) -> PrizeStory:
    """A story with contests, tasks, ticks and decisions."""
    story = draw(stories(corrections))
    ticks = draw(st.lists(_ticks(), max_size=6))
    events = (*story.events, *(tick._replace(id=f"t{n}") for n, tick in enumerate(ticks)))
    decisions = tuple(draw(_decision(number)) for number in range(draw(st.integers(0, 6))))
    return PrizeStory(tuple(draw(extended(one)) for one in story.rulebooks), story.roster, events, decisions)


LAST = LAST_AT + 62 * DAY
"""After every decision."""

__all__ = ["FIRST_AT", "LAST", "PrizeStory", "prize_stories"]

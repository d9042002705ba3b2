"""Builders: contests, tasks and decisions."""

from typing import Any

from leaderboard.domain.decisions import Decision, DecisionKind, MeasureRef
from leaderboard.domain.events import Event
from leaderboard.domain.replay import World
from leaderboard.domain.rulebook import Confirmation, Contest, ContestScore, PrizeRule, SubjectKind, Task
from tests.domain.build import at, clock, day, event


def contest(
    *levels: str,
    id: str = "race",  # noqa: A002
    from_on: str = "2026-08-01",
    until_on: str = "2026-08-10",
    prize: int | PrizeRule = 50,
    scope: str = "rep",
    by: str = "kept",
    **more: Any,
) -> Contest:
    """Who keeps most first contacts in the first ten days of August gets 50 points, unless said otherwise."""
    return Contest(
        id, id.capitalize(), day(from_on), day(until_on), levels or ("first-contact",),
        prize if isinstance(prize, PrizeRule) else PrizeRule(prize), SubjectKind(scope), by=ContestScore(by), **more,
    )  # fmt: skip


def task(
    id: str = "training",  # noqa: A002
    until_on: str = "2026-08-20",
    prize: int | PrizeRule = 20,
    confirm: str = "manager",
    **more: Any,
) -> Task:
    """To be done by 20 August for 20 points, unless said otherwise."""
    worth = prize if isinstance(prize, PrizeRule) else PrizeRule(prize)
    return Task(id, id.capitalize(), day(until_on), worth, confirm=Confirmation(confirm), **more)


def ticked(time: str, rep: str | None, task: str = "training", lead: str | None = None, **more: Any) -> Event:
    """A `task.completed` event."""
    return event("task.completed", time, lead, rep, task=task, **more)


def decision(
    kind: str,
    time: str,
    id: int = 1,  # noqa: A002
    measure: tuple[str, str, str, str, int] | None = None,
    done_at: str | None = None,
    **more: Any,
) -> Decision:
    """A decision; a measure is its month, consequence, subject, id and place."""
    of = (
        None if measure is None else MeasureRef(measure[0], measure[1], SubjectKind(measure[2]), *measure[3:])
    )
    more = {key: SubjectKind(value) if key == "subject" else value for key, value in more.items()}
    ticked_at = {} if done_at is None else {"done_at": at(done_at)}
    return Decision(id, DecisionKind(kind), at(time), measure=of, **ticked_at, **more)


def won(found: World) -> list[tuple[str, str, str, int]]:
    """The prizes in short, by instant: when, for whom, of what, points."""
    return [
        (clock(p.at), p.subject_id, p.id, p.points)
        for p in sorted(found.prizes, key=lambda p: (p.at, p.subject_id))
    ]

"""Tasks: done once, by a date, for a prize (docs/rulebook-format.md, Tasks)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

from leaderboard.domain.decisions import Decision, DecisionKind, Decisions
from leaderboard.domain.events import Event
from leaderboard.domain.instants import Instant, midnight_after
from leaderboard.domain.outcomes import Contribution, EventRef
from leaderboard.domain.points import Entry
from leaderboard.domain.prizes import Prize, PrizeOf, prize_entry
from leaderboard.domain.roster import Placement
from leaderboard.domain.rulebook import SubjectKind, Task
from leaderboard.domain.versions import Book, Side, Version

TASK = "task"
"""The attribute of a `task.completed` event that names the task."""


def open_task(version: Version | None, name: str, rep: str, at: Instant, placement: Placement) -> Task | None:
    """The task of that name, if the rep can tick it off at that instant: not too late, and one of its teams."""
    task = None if version is None else version.rulebook.tasks.get(name)
    if task is None or at >= midnight_after(task.until_on, placement.zone):
        return None
    return task if not task.teams or placement.team_at(rep, at) in task.teams else None


def completion(event: Event, version: Version, rep: str | None, placement: Placement) -> Contribution | None:
    """What a `task.completed` event says: that a rep did a task, perhaps not for the first time.

    None where it lacks the rep, or names no task that he can tick off then.
    """
    name = event.attributes.get(TASK, "")
    if rep is None or open_task(version, name, rep, event.time, placement) is None:
        return None
    team = placement.team_at(rep, event.time)
    return Contribution(name, Side.TASK, event.time, rep, team, Decimal(1), EventRef.of(event))


class _Tick(NamedTuple):
    """One time that a task was ticked off: by an event, or by a decision that confirms it at `at`."""

    at: Instant
    order: tuple[int, int, str, str]
    done_at: Instant
    key: str
    decision: int | None = None


def task_prizes(
    contributions: Iterable[Contribution], decisions: Decisions, book: Book, placement: Placement
) -> list[Prize]:
    """The prizes of all tasks: once for a rep and task, by the first tick; again only after it was undone."""
    ticks: dict[tuple[str, str], list[_Tick]] = defaultdict(list)
    for item in contributions:
        if item.side is Side.TASK and item.rep is not None:
            order = (0, 0, item.event.id, item.event.source)
            key = f"task/{item.service_level}/{item.event.key}"
            ticks[item.service_level, item.rep].append(_Tick(item.at, order, item.at, key))
    for decision in decisions.ordered:
        if decision.kind is DecisionKind.TASK and _is_in_time(decision, book, placement):
            order = (1, decision.id, "", "")
            tick = _Tick(decision.at, order, decision.done_at, decision.key, decision.id)
            ticks[decision.task, decision.subject_id].append(tick)
    found = [
        prize
        for (task, rep), mine in ticks.items()
        for prize in _won(task, rep, sorted(mine), decisions, book, placement)
    ]
    return sorted(found, key=lambda prize: (prize.at, prize.id, prize.subject_id))


def _is_in_time(decision: Decision, book: Book, placement: Placement) -> bool:
    version, done_at = book.at(decision.done_at), decision.done_at
    known = open_task(version, decision.task, decision.subject_id, done_at, placement)
    return known is not None and done_at <= decision.at


def _won(
    task: str, rep: str, ticks: list[_Tick], decisions: Decisions, book: Book, placement: Placement
) -> Iterator[Prize]:
    undone_at: Instant | None = None
    held = False
    for tick in ticks:
        if held and (undone_at is None or tick.at < undone_at):
            continue
        undoing = None if tick.decision is None else decisions.undoing.get(tick.decision)
        held, undone_at = True, None if undoing is None else undoing.at
        prize = _prize(task, rep, tick, book, placement)
        if prize is not None:
            yield replace(prize, undone_at=undone_at)


def _prize(name: str, rep: str, tick: _Tick, book: Book, placement: Placement) -> Prize | None:
    """None where a closed month keeps a completion whose task the rules no longer know."""
    version = book.at(tick.done_at)
    task = None if version is None else version.rulebook.tasks.get(name)
    if version is None or task is None:
        return None
    return Prize(
        tick.key, PrizeOf.TASK, name, task.name, SubjectKind.REP, rep, placement.team_at(rep, tick.at), tick.at,
        version.effective_from, task.prize.points, task.prize.money,
    )  # fmt: skip


def task_entries(prizes: Iterable[Prize], decisions: Decisions) -> Iterator[Entry]:
    """The points of tasks' prizes, and their opposite, for the same team, where one was undone."""
    undoing = {
        made.key: decision for decision in decisions.ordered if (made := decisions.undone.get(decision.id))
    }
    for prize in prizes:
        entry = prize_entry(prize)
        if entry is None:
            continue
        yield entry
        decision = undoing.get(prize.key)
        if decision is not None:
            reason = decision.reason or entry.reason
            yield entry._replace(key=decision.key, booked_at=decision.at, points=-entry.points, reason=reason)

"""What is given by hand, in words."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from leaderboard.queries.by_hand_page import BadgeOffer, Given, TaskStand, TaskState, Waiting
from leaderboard.services.budgets import Budget
from leaderboard.web.formats import moment, money, number, short_day, signed
from leaderboard.web.languages import gettext, ngettext
from leaderboard.web.presenters.ladders import said_words


@dataclass(frozen=True, slots=True)
class BudgetView:
    """What is left of a month's budget: words, and a share for the bar (None: no limit)."""

    label: str
    words: str
    left: float | None


@dataclass(frozen=True, slots=True)
class WaitingView:
    """What waits for somebody's word."""

    number: int
    who: str
    what: str
    story: str
    reason: str | None
    is_mine: bool


@dataclass(frozen=True, slots=True)
class GivenView:
    """What was given of late."""

    number: int
    who: str
    what: str
    story: str
    reason: str | None
    undone: str | None


@dataclass(frozen=True, slots=True)
class TaskView:
    """A task on a rep's own page."""

    id: str
    name: str
    description: str | None
    facts: str
    state: str | None
    tone: str
    may_tick: bool


def present_budget(budget: Budget) -> tuple[BudgetView, ...]:
    """Points and badges."""
    return (
        _left(gettext("Points"), budget.points_left, budget.limits.points),
        _left(gettext("Badges"), budget.badges_left, budget.limits.badges),
    )


def _left(label: str, left: int | None, limit: int | None) -> BudgetView:
    if left is None or limit is None:
        return BudgetView(label, gettext("no limit"), None)
    words = gettext("%(left)s of %(limit)s left", left=number(left), limit=number(limit))
    return BudgetView(label, words, left / limit * 100 if limit else 0)


def points_words(points: int) -> str:
    """`+40 points`."""
    return ngettext("%(points)s point", "%(points)s points", abs(points), points=signed(points))


def badge_words(badge: BadgeOffer) -> str:
    """A badge in a list of choices."""
    return f"{badge.name} ({points_words(badge.points)})" if badge.points else badge.name


def present_waiting(one: Waiting, currency: str) -> WaitingView:
    """The view of what waits."""
    prize = ", ".join(prize_words(one.points, one.money, currency))
    what = one.task and (f"{one.task} ({prize})" if prize else one.task)
    return WaitingView(
        number=one.number,
        who=one.who.name,
        what=what or points_words(one.points),
        story=gettext("ticked off %(moment)s", moment=moment(one.at))
        if one.task
        else gettext("%(by)s, %(moment)s", by=one.by, moment=moment(one.at)),
        reason=one.reason,
        is_mine=one.is_mine and not one.task,
    )


def prize_words(points: int, amount: Decimal | None, currency: str) -> Iterator[str]:
    """What a prize comes to."""
    if points:
        yield points_words(points)
    if amount is not None:
        yield money(amount, currency)


def present_given(one: Given) -> GivenView:
    """The view of what was given."""
    by = (
        one.by if one.second is None else gettext("%(first)s and %(second)s", first=one.by, second=one.second)
    )
    what = one.what and (f"{one.what} ({points_words(one.points)})" if one.points else one.what)
    return GivenView(
        number=one.number,
        who=one.who.name,
        what=what or points_words(one.points),
        story=gettext("%(by)s, %(moment)s", by=by, moment=moment(one.at)),
        reason=one.reason,
        undone=None if one.undone is None else gettext("Undone: %(said)s", said=said_words(one.undone)),
    )


def present_task(task: TaskStand) -> TaskView:
    """The view of a task."""
    prize = ", ".join(prize_words(task.points, task.money, task.currency))
    return TaskView(
        id=task.id,
        name=task.name,
        description=task.description,
        facts=gettext("until %(day)s · %(prize)s", day=short_day(task.until_on), prize=prize),
        state=_task_state(task),
        tone={TaskState.DONE: "met", TaskState.WAITING: "gold"}.get(task.state, "plain"),
        may_tick=task.state in (TaskState.OPEN, TaskState.REFUSED),
    )


def _task_state(task: TaskStand) -> str | None:
    if task.state is TaskState.DONE:
        return gettext("done")
    if task.state is TaskState.WAITING:
        return gettext("waits for your manager’s word")
    if task.state is TaskState.REFUSED:
        return gettext("not confirmed: %(reason)s", reason=task.reason or "–")
    return None

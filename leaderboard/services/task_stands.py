"""The tasks that a rep may do now, and where each stands for him."""

from collections.abc import Iterator

from sqlalchemy import select

from leaderboard.domain.decisions import Decisions
from leaderboard.domain.prizes import Prize
from leaderboard.domain.rulebook import Confirmation, Task
from leaderboard.domain.tasks import open_task, task_prizes
from leaderboard.persistence.models import Proposal
from leaderboard.persistence.models.proposals import REFUSED, TASK, WAITING
from leaderboard.queries.by_hand_page import TaskStand, TaskState
from leaderboard.queries.ground import Reading
from leaderboard.services.contest_facts import tasks_done
from leaderboard.services.decision_store import load_decisions
from leaderboard.services.directory import Directory


def task_stands(reading: Reading, person_id: int, rep_id: str) -> tuple[TaskStand, ...]:
    """By their last date; no statement where the rules have none for the rep."""
    version = reading.ground.book.at(reading.now)
    if version is None:
        return ()
    placement = reading.ground.placement
    names = version.rulebook.tasks
    tasks = [open_task(version, name, rep_id, reading.now, placement) for name in names]
    found = sorted((one for one in tasks if one is not None), key=lambda one: (one.until_on, one.name))
    if not found:
        return ()
    directory = Directory(reading.session)
    decisions = Decisions(load_decisions(reading.session, directory))
    prizes = task_prizes(tasks_done(reading.session, directory), decisions, reading.ground.book, placement)
    won = {one.id: one for one in prizes if one.subject_id == rep_id and one.undone_at is None}
    asked = {row.task: row for row in _proposals(reading, person_id)}
    currency = version.rulebook.organization.currency
    return tuple(_stand(task, won.get(task.id), asked.get(task.id), currency) for task in found)


def _proposals(reading: Reading, person_id: int) -> Iterator[Proposal]:
    row = Proposal
    mine = (row.kind == TASK, row.person_id == person_id)
    yield from reading.session.scalars(select(row).where(*mine).order_by(row.id))


def _stand(task: Task, won: Prize | None, asked: Proposal | None, currency: str) -> TaskStand:
    state, since, reason = TaskState.OPEN, None, None
    if won is not None:
        state, since = TaskState.DONE, won.at
    elif asked is not None and asked.state == WAITING:
        state, since = TaskState.WAITING, asked.at
    elif asked is not None and asked.state == REFUSED:
        state, since, reason = TaskState.REFUSED, asked.settled_at, asked.settled_because
    return TaskStand(
        task.id, task.name, task.description, task.until_on, task.prize.points, task.prize.money, currency,
        task.confirm is Confirmation.MANAGER, state, since, reason,
    )  # fmt: skip

"""What a login may give by hand, out of which budget, what waits for its word, and what was given of late."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased

from leaderboard.domain.rulebook import SubjectKind
from leaderboard.persistence.models import Decision, Proposal
from leaderboard.persistence.models.proposals import TASK, WAITING
from leaderboard.queries.actors import names_of
from leaderboard.queries.by_hand_page import BadgeOffer, Given, Waiting
from leaderboard.queries.ground import Reading
from leaderboard.queries.ladder_page import Party, Word
from leaderboard.services.audit_log import actor_of
from leaderboard.services.budgets import Budget, badge_points, budget_of
from leaderboard.services.directory import Directory
from leaderboard.services.ladder_cases import party, powers_of
from leaderboard.services.login_sessions import LoggedIn
from leaderboard.services.powers import Powers

_LATELY = 20
_LOOKED_AT = 400


@dataclass(frozen=True, slots=True)
class ByHandPage:
    """All that the page of one login shows."""

    budget: Budget
    badges: tuple[BadgeOffer, ...]
    reps: tuple[Party, ...]
    teams: tuple[Party, ...]
    adjustments: tuple[Waiting, ...]
    ticks: tuple[Waiting, ...]
    given: tuple[Given, ...]


def by_hand_page(reading: Reading, who: LoggedIn) -> ByHandPage:
    """A fixed number of statements."""
    powers, book = powers_of(reading, who), reading.ground.book
    waiting = list(_waiting(reading, who, powers))
    return ByHandPage(
        budget=budget_of(reading.session, book, actor_of(who.user_id), reading.now),
        badges=_badges(reading),
        reps=tuple(_reps(reading, powers)),
        teams=tuple(_teams(reading, powers)),
        adjustments=tuple(one for one in waiting if one.task is None),
        ticks=tuple(one for one in waiting if one.task is not None),
        given=tuple(islice(_given(reading, powers), _LATELY)),
    )


def count_waiting_by_hand(reading: Reading, who: LoggedIn) -> int:
    """How many ticks and adjustments of others wait for this login's word."""
    return sum(not one.is_mine for one in _waiting(reading, who, powers_of(reading, who)))


def _badges(reading: Reading) -> tuple[BadgeOffer, ...]:
    version = reading.ground.book.at(reading.now)
    badges = () if version is None else version.rulebook.badges.values()
    return tuple(BadgeOffer(one.id, one.name, one.points) for one in badges if one.rule is None)


def _reps(reading: Reading, powers: Powers) -> Iterator[Party]:
    """Those in a team today, by team and name."""
    today = reading.ground.book.calendar.date_at(reading.now)
    found = [
        party(reading, SubjectKind.REP, rep.id, reading.ground.person_keys[rep.id])
        for rep in reading.ground.placement.roster.reps.values()
        if rep.team_on(today) and rep.id in reading.ground.person_keys and powers.on(SubjectKind.REP, rep.id)
    ]
    yield from sorted(found, key=lambda one: (one.team or "", one.name, one.key))


def _teams(reading: Reading, powers: Powers) -> Iterator[Party]:
    keys = reading.ground.team_keys
    teams = reading.ground.placement.roster.teams
    found = [
        party(reading, SubjectKind.TEAM, team, keys[team])
        for team in teams
        if team in keys and powers.on(SubjectKind.TEAM, team)
    ]
    yield from sorted(found, key=lambda one: (one.name, one.key))


def _waiting(reading: Reading, who: LoggedIn, powers: Powers) -> Iterator[Waiting]:
    session, row = reading.session, Proposal
    rows = session.scalars(select(row).where(row.state == WAITING).order_by(row.at, row.id)).all()
    if not rows:
        return
    directory = _directory(reading, rows)
    names = names_of(session, (one.proposed_by for one in rows))
    for one in rows:
        found = _concerned(reading, directory, powers, one)
        if found is not None:
            name, points, money = _task(reading, one)
            yield Waiting(
                one.id, found, one.at, names[one.proposed_by], one.proposed_by == actor_of(who.user_id),
                one.points or points, one.reason, name, money,
            )  # fmt: skip


def _task(reading: Reading, row: Proposal) -> Any:
    """Its name and prize, by the version in force when it was ticked off."""
    version = reading.ground.book.at(row.at)
    task = None if version is None else version.rulebook.tasks.get(row.task or "")
    if row.kind != TASK:
        return None, 0, None
    return (row.task, 0, None) if task is None else (task.name, task.prize.points, task.prize.money)


def _given(reading: Reading, powers: Powers) -> Iterator[Given]:
    session, book = reading.session, reading.ground.book
    made, undoing = Decision, aliased(Decision)
    rows: list[Any] = list(
        session.execute(
            select(made, undoing)
            .outerjoin(undoing, undoing.undoes == made.id)
            .where(made.kind.in_(("badge", "points", "task")))
            .order_by(made.id.desc())
            .limit(_LOOKED_AT)
        )
    )
    if not rows:
        return
    directory = _directory(reading, [row for row, _ in rows])
    actors = [
        actor
        for pair in rows
        for row in pair
        if row is not None
        for actor in (row.decided_by, row.seconded_by)
    ]
    names = names_of(session, actors)
    for row, undone in rows:
        found = _concerned(reading, directory, powers, row)
        if found is None:
            continue
        word = None if undone is None else Word(undone.id, undone.at, names[undone.decided_by], undone.reason)
        version = book.at(row.done_at or row.at)
        what, points = _what(row, version)
        yield Given(
            row.id, row.kind, found, row.at, names[row.decided_by],
            None if row.seconded_by is None else names[row.seconded_by],
            what, badge_points(book, row.badge, row.at) if row.badge else points, row.reason, word,
        )  # fmt: skip


def _what(row: Decision, version: Any) -> tuple[str, int]:
    if row.badge is not None:
        badge = None if version is None else version.rulebook.badges.get(row.badge)
        return (row.badge if badge is None else badge.name), 0
    if row.task is not None:
        task = None if version is None else version.rulebook.tasks.get(row.task)
        return (row.task, 0) if task is None else (task.name, task.prize.points)
    return "", row.points or 0


def _directory(reading: Reading, rows: Any) -> Directory:
    directory = Directory(reading.session)
    directory.learn_keys(row.person_id for row in rows if row.person_id is not None)
    return directory


def _concerned(reading: Reading, directory: Directory, powers: Powers, row: Any) -> Party | None:
    """Who it is about; None for whom the login may not decide on."""
    subject = SubjectKind(row.subject)
    is_rep = subject is SubjectKind.REP
    key = row.person_id if is_rep else row.team_id
    subject_id = directory.rep_id(key) if is_rep else directory.team_id(key)
    return party(reading, subject, subject_id, key) if powers.on(subject, subject_id) else None

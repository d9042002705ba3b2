"""What one month hands to the next: streaks and ladders, kept as they stood at each month's end."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sqlalchemy import and_, delete, func, select
from sqlalchemy.orm import Session

from leaderboard.domain.consequences import LadderKey
from leaderboard.domain.consequences import LadderState as State
from leaderboard.domain.periods import Month
from leaderboard.domain.rulebook import StreakBadge, SubjectKind
from leaderboard.domain.versions import Book, Version
from leaderboard.persistence.bulk import put_rows
from leaderboard.persistence.models import LadderState, StreakRun
from leaderboard.services.directory import Directory


def runs_before(
    session: Session, book: Book, month: Month, people: Iterable[int]
) -> dict[int, dict[str, int]]:
    """The streaks by person and badge at the beginning of a month, of the badges that run on into it."""
    version = book.in_month(month)
    if version is None:
        return {}
    found: dict[int, dict[str, int]] = {}
    wanted = sorted(people)
    for badge in version.rulebook.badges.values():
        if not isinstance(badge.rule, StreakBadge):
            continue
        since = _since(book, month, lambda v, name=badge.id: _has_streak(v, name))  # type: ignore[misc]
        for start in range(0, len(wanted), 5_000):
            for person_id, run in _latest_runs(
                session, badge.id, since, month, wanted[start : start + 5_000]
            ):
                found.setdefault(person_id, {})[badge.id] = run
    return found


def _has_streak(version: Version, badge: str) -> bool:
    known = version.rulebook.badges.get(badge)
    return known is not None and isinstance(known.rule, StreakBadge)


def _latest_runs(session: Session, badge: str, since: Month, month: Month, people: list[int]) -> Any:
    latest = (
        select(StreakRun.person_id, func.max(StreakRun.month).label("month"))
        .where(
            StreakRun.badge == badge,
            StreakRun.month >= str(since),
            StreakRun.month < str(month),
            StreakRun.person_id.in_(people),
        )
        .group_by(StreakRun.person_id)
        .subquery()
    )
    same = and_(StreakRun.person_id == latest.c.person_id, StreakRun.month == latest.c.month)
    return session.execute(
        select(StreakRun.person_id, StreakRun.run).join(latest, same).where(StreakRun.badge == badge)
    )


def keep_runs(session: Session, month: Month, runs: Mapping[int, Mapping[str, int]]) -> set[int]:
    """Stores the streaks of people at a month's end; whose changed."""
    people = sorted(runs)
    before = runs_at_end(session, month, people)
    rows = [(str(month), badge, p, run) for p, mine in runs.items() for badge, run in mine.items()]
    gone = [
        (badge, person_id)
        for person_id, mine in before.items()
        for badge in mine
        if badge not in runs[person_id]
    ]
    for badge, person_id in gone:
        session.execute(
            delete(StreakRun).where(
                StreakRun.month == str(month), StreakRun.badge == badge, StreakRun.person_id == person_id
            )
        )
    put_rows(session, StreakRun, ("month", "badge", "person_id"), ("run",), rows)
    return {person_id for person_id in people if dict(runs[person_id]) != before.get(person_id, {})}


def runs_at_end(
    session: Session, month: Month, people: Iterable[int] | None = None
) -> dict[int, dict[str, int]]:
    """The streaks as stored at a month's end, by person and badge."""
    found: dict[int, dict[str, int]] = {}
    statement = select(StreakRun.person_id, StreakRun.badge, StreakRun.run).where(
        StreakRun.month == str(month)
    )
    if people is not None:
        statement = statement.where(StreakRun.person_id.in_(list(people)))
    for person_id, badge, run in session.execute(statement):
        found.setdefault(person_id, {})[badge] = run
    return found


def ladders_before(
    session: Session, book: Book, month: Month, directory: Directory
) -> dict[LadderKey, State]:
    """Where subjects stand on the ladders that run on into a month, at its beginning."""
    version = book.in_month(month)
    if version is None:
        return {}
    found: dict[LadderKey, State] = {}
    for name in version.rulebook.consequences:
        since = _since(book, month, lambda v, name=name: name in v.rulebook.consequences)  # type: ignore[misc]
        rows = session.scalars(
            select(LadderState)
            .where(
                LadderState.consequence == name,
                LadderState.month >= str(since),
                LadderState.month < str(month),
            )
            .order_by(LadderState.month)
        )
        for row in rows:
            found[_ladder_key(row, directory)] = State(row.step, row.clean)
    return found


def ladders_at(session: Session, month: Month, directory: Directory) -> dict[LadderKey, State]:
    """The ladders that a month's ratings moved, as they stood after it."""
    rows = session.scalars(select(LadderState).where(LadderState.month == str(month)))
    return {_ladder_key(row, directory): State(row.step, row.clean) for row in rows}


def keep_ladders(
    session: Session, month: Month, states: Mapping[LadderKey, State], directory: Directory
) -> bool:
    """Stores the ladders that a month's ratings moved, and no others; whether anything changed."""
    if ladders_at(session, month, directory) == dict(states):
        return False
    session.execute(delete(LadderState).where(LadderState.month == str(month)))
    rows = [
        (
            str(month), key.consequence, key.subject.value,
            directory.person_id(key.id) if key.subject is SubjectKind.REP else 0,
            directory.team_key(key.id) if key.subject is SubjectKind.TEAM else 0,
            state.step, state.clean,
        )
        for key, state in states.items()
    ]  # fmt: skip
    keys = ("month", "consequence", "subject", "person_id", "team_id")
    put_rows(session, LadderState, keys, ("step", "clean"), rows)
    return True


def _ladder_key(row: LadderState, directory: Directory) -> LadderKey:
    kind = SubjectKind(row.subject)
    is_rep = kind is SubjectKind.REP
    return LadderKey(
        row.consequence, kind, directory.rep_id(row.person_id) if is_rep else directory.team_id(row.team_id)
    )


def _since(book: Book, month: Month, holds: Callable[[Version], bool]) -> Month:
    """The first month from which on every version up to this month has what is asked for."""
    since = month
    for version in reversed(book.versions):
        start = Month.of_date(version.effective_from)
        if start > month:
            continue
        if not holds(version):
            break
        since = start
    return since

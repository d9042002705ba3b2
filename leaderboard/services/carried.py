"""What one month hands to the next: streaks and ladders, kept as they stood at each month's end.

A month keeps those that it moved, so that what comes before it is looked up further back; a month that is sealed keeps
all of them, and nothing before it is looked at any more.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import and_, delete, func, select, true
from sqlalchemy.orm import Session

from leaderboard.domain.consequences import LadderKey, lasting
from leaderboard.domain.consequences import LadderState as State
from leaderboard.domain.periods import Month
from leaderboard.domain.rulebook import StreakBadge, SubjectKind
from leaderboard.domain.versions import Book, Version
from leaderboard.persistence.bulk import among, put_rows
from leaderboard.persistence.db import is_sqlite
from leaderboard.persistence.models import LadderState, StreakRun
from leaderboard.services.closed_periods import last_closed_before
from leaderboard.services.directory import Directory

_RUN_KEYS = ("month", "badge", "person_id")
_LADDER_KEYS = ("month", "consequence", "subject", "person_id", "team_id")


def runs_before(
    session: Session, book: Book, month: Month, people: Sequence[int] | None = None
) -> dict[int, dict[str, int]]:
    """The streaks by person and badge at the beginning of a month, of the badges that run on into it.

    Of these people, or of all.
    """
    found: dict[int, dict[str, int]] = {}
    closed = last_closed_before(session, month)
    for badge in _streaks(book.in_month(month)):
        since = _since(book, month, closed, lambda v, name=badge: name in _streaks(v))  # type: ignore[misc]
        for person_id, run in _latest_runs(session, badge, since, month, people):
            found.setdefault(person_id, {})[badge] = run
    return found


def _streaks(version: Version | None) -> list[str]:
    if version is None:
        return []
    return [badge.id for badge in version.rulebook.badges.values() if isinstance(badge.rule, StreakBadge)]


def _latest_runs(
    session: Session, badge: str, since: Month, month: Month, people: Sequence[int] | None
) -> Any:
    within = [StreakRun.badge == badge, StreakRun.month >= str(since), StreakRun.month < str(month)]
    if people is not None:
        within.append(among(session, StreakRun.person_id, people))
    latest = (
        select(StreakRun.person_id, func.max(StreakRun.month).label("month"))
        .where(*within)
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
    _put_runs(session, month, runs)
    return {person_id for person_id in people if dict(runs[person_id]) != before.get(person_id, {})}


def _put_runs(session: Session, month: Month, runs: Mapping[int, Mapping[str, int]]) -> None:
    rows = [(str(month), badge, p, run) for p, mine in runs.items() for badge, run in mine.items()]
    put_rows(session, StreakRun, _RUN_KEYS, ("run",), rows)


def runs_at_end(
    session: Session, month: Month, people: Iterable[int] | None = None
) -> dict[int, dict[str, int]]:
    """The streaks as stored at a month's end, by person and badge."""
    found: dict[int, dict[str, int]] = {}
    statement = select(StreakRun.person_id, StreakRun.badge, StreakRun.run).where(
        StreakRun.month == str(month)
    )
    if people is not None:
        statement = statement.where(among(session, StreakRun.person_id, people))
    for person_id, badge, run in session.execute(statement):
        found.setdefault(person_id, {})[badge] = run
    return found


def ladders_before(
    session: Session, book: Book, month: Month, directory: Directory
) -> dict[LadderKey, State]:
    """Where subjects stand on the ladders that run on into a month, at its beginning."""
    version = book.in_month(month)
    found: dict[LadderKey, State] = {}
    closed = last_closed_before(session, month)
    for name in () if version is None else version.rulebook.consequences:
        since = _since(book, month, closed, lambda v, name=name: name in v.rulebook.consequences)  # type: ignore[misc]
        rows = session.scalars(
            select(LadderState)
            .where(
                LadderState.consequence == name,
                LadderState.month >= str(since),
                LadderState.month < str(month),
            )
            .order_by(LadderState.month)
        ).all()
        directory.learn_keys(row.person_id for row in rows)
        for row in rows:
            found[_ladder_key(row, directory)] = _carried(book, row, month)
    return found


def _carried(book: Book, row: LadderState, month: Month) -> State:
    """The state of a row's month at the beginning of a later one: strikes may have expired in between, and ladders
    have been shorter.
    """
    state = _state(row)
    for version, last in _between(book, Month.parse(row.month), month):
        state = lasting(version.rulebook.consequences[row.consequence], state, last)
    return state


def _between(book: Book, after: Month, before: Month) -> Iterator[tuple[Version, Month]]:
    """The versions in force in the months between two, each with the last of these in which it is."""
    month = after.plus(1)
    while month < before:
        later = (Month.of_date(v.effective_from) for v in book.versions)
        ends = min([start for start in later if start > month] + [before]).plus(-1)
        version = book.in_month(month)
        if version is not None:
            yield version, ends
        month = ends.plus(1)


def ladders_at(
    session: Session, month: Month, directory: Directory, carried: bool = False
) -> dict[LadderKey, State]:
    """The ladders that a month's ratings moved, as they stood after it; if `carried`, all that a closed one kept."""
    statement = select(LadderState).where(LadderState.month == str(month))
    if not carried:
        statement = statement.where(LadderState.rated == true())
    rows = session.scalars(statement).all()
    directory.learn_keys(row.person_id for row in rows)
    return {_ladder_key(row, directory): _state(row) for row in rows}


def keep_ladders(
    session: Session, month: Month, states: Mapping[LadderKey, State], directory: Directory
) -> bool:
    """Stores the ladders that a month's ratings moved, and no others; whether anything changed."""
    if ladders_at(session, month, directory) == dict(states):
        return False
    session.execute(delete(LadderState).where(LadderState.month == str(month)))
    _put_ladders(session, month, states, directory, rated=True)
    return True


def _put_ladders(
    session: Session, month: Month, states: Mapping[LadderKey, State], directory: Directory, rated: bool
) -> None:
    flag = int(rated) if is_sqlite(session) else rated
    rows = [
        (
            str(month), key.consequence, key.subject.value,
            directory.person_id(key.id) if key.subject is SubjectKind.REP else 0,
            directory.team_key(key.id) if key.subject is SubjectKind.TEAM else 0,
            state.step, state.clean, ",".join(map(str, state.strikes)), flag,
        )
        for key, state in states.items()
    ]  # fmt: skip
    put_rows(session, LadderState, _LADDER_KEYS, ("step", "clean", "strikes", "rated"), rows)


def keep_for_good(session: Session, book: Book, month: Month, directory: Directory) -> None:
    """At a month's sealing: all streaks and ladders that it hands on, also those that it did not move."""
    version = book.in_month(month)
    if version is None:
        return
    _put_runs(session, month, _without(runs_before(session, book, month), runs_at_end(session, month)))
    rules = version.rulebook.consequences
    moved = ladders_at(session, month, directory)
    carried = {
        key: lasting(rules[key.consequence], state, month)
        for key, state in ladders_before(session, book, month, directory).items()
        if key not in moved
    }
    _put_ladders(session, month, carried, directory, rated=False)


def _without(
    runs: Mapping[int, Mapping[str, int]], known: Mapping[int, Mapping[str, int]]
) -> dict[int, dict[str, int]]:
    return {
        person_id: {badge: run for badge, run in mine.items() if badge not in known.get(person_id, {})}
        for person_id, mine in runs.items()
    }


def _state(row: LadderState) -> State:
    return State(tuple(Month.parse(month) for month in row.strikes.split(",") if month), row.clean)


def _ladder_key(row: LadderState, directory: Directory) -> LadderKey:
    kind = SubjectKind(row.subject)
    is_rep = kind is SubjectKind.REP
    return LadderKey(
        row.consequence, kind, directory.rep_id(row.person_id) if is_rep else directory.team_id(row.team_id)
    )


def _since(book: Book, month: Month, closed: Month | None, holds: Callable[[Version], bool]) -> Month:
    """The first month from which on every version up to this month has what is asked for.

    No further back than the last `closed` month, which keeps all that it handed on: what is in force in that month
    by now does not matter any more.
    """
    since = month
    for version in reversed(book.versions):
        start = Month.of_date(version.effective_from)
        if start > month:
            continue
        if not holds(version):
            break
        since = start
        if closed is not None and since <= closed.plus(1):
            return closed
    return since

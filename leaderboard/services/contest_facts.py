"""What contests and tasks rest on, out of the store: outcomes and contributions that count."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select, true
from sqlalchemy.orm import Session

from leaderboard.domain.contests import NO_EFFORT, ContestRun, Effort, EffortKey
from leaderboard.domain.facts import Sum, Tally
from leaderboard.domain.outcomes import Contribution, EventRef
from leaderboard.domain.periods import Month, PeriodCalendar
from leaderboard.domain.rulebook import ContestScore, Rating
from leaderboard.domain.versions import Side
from leaderboard.persistence import models
from leaderboard.services.directory import Directory


def efforts_in(
    session: Session, run: ContestRun, calendar: PeriodCalendar, directory: Directory
) -> dict[EffortKey, Effort]:
    """What counts in a contest's span by now, by rep and team: closed months as they were sealed."""
    by_value = run.contest.by is ContestScore.VALUE
    rows = list(_sums(session, run, calendar) if by_value else _tallies(session, run, calendar))
    directory.learn_keys(person_id for person_id, _, _ in rows)
    efforts: dict[EffortKey, Effort] = defaultdict(lambda: NO_EFFORT)
    for person_id, team_id, effort in rows:
        key = EffortKey(directory.rep_id(person_id), None if team_id is None else directory.team_id(team_id))
        efforts[key] = efforts[key].plus(effort)
    return dict(efforts)


def _tallies(
    session: Session, run: ContestRun, calendar: PeriodCalendar
) -> Iterator[tuple[int, int | None, Effort]]:
    outcome = models.Outcome
    columns = (outcome.person_id, outcome.team_id, outcome.rating)
    grouped = (
        select(*columns, func.sum(outcome.points), func.count())
        .where(*_in_span(outcome, run, calendar))
        .group_by(*columns)
    )
    rows: Any = session.execute(grouped)
    for person_id, team_id, rating, points, number in rows:
        one = Tally.of(Rating(rating))
        yield person_id, team_id, Effort(Tally(*(number * of_kind for of_kind in one)), int(points))


def _sums(
    session: Session, run: ContestRun, calendar: PeriodCalendar
) -> Iterator[tuple[int, int | None, Effort]]:
    item = models.Contribution
    rows: Any = session.execute(
        select(item.person_id, item.team_id, item.value).where(
            *_in_span(item, run, calendar), item.side == Side.VOLUME.value
        )
    )
    for person_id, team_id, value in rows:
        yield person_id, team_id, Effort(sum=Sum(Decimal(value), 1))


def _in_span(model: Any, run: ContestRun, calendar: PeriodCalendar) -> list[Any]:
    """The months are told too, for by these they are found."""
    return [
        model.month.in_(months_of(run, calendar)),
        model.service_level.in_(run.contest.service_levels),
        model.at >= run.start_at,
        model.at < run.end_at,
        model.counted == true(),
        model.person_id.is_not(None),
    ]


def months_of(run: ContestRun, calendar: PeriodCalendar) -> list[str]:
    """The months that a contest's span touches."""
    first, last = calendar.month_at(run.start_at), calendar.month_at(run.last_second_at)
    return [str(Month.from_ordinal(number)) for number in range(first.ordinal, last.ordinal + 1)]


def tasks_done(session: Session, directory: Directory) -> list[Contribution]:
    """All that events say of tasks that were done: closed months as they were sealed."""
    item = models.Contribution
    done = (item.side == Side.TASK.value, item.counted == true(), item.person_id.is_not(None))
    return contributions_where(session, directory, *done)


def contributions_where(session: Session, directory: Directory, *conditions: Any) -> list[Contribution]:
    """Contributions as the rules want them, of whoever they count for."""
    item, event = models.Contribution, models.Event
    columns = (item.service_level, item.side, item.at, item.person_id, item.team_id, item.value)
    rows = session.execute(
        select(*columns, event.source, event.event_id)
        .join(event, event.seq == item.event_seq)
        .where(*conditions)
    ).all()
    directory.learn_keys(row.person_id for row in rows if row.person_id is not None)
    return [_contribution(row._mapping, directory) for row in rows]


def _contribution(row: Mapping[Any, Any], directory: Directory) -> Contribution:
    return Contribution(
        row["service_level"],
        Side(row["side"]),
        row["at"],
        None if row["person_id"] is None else directory.rep_id(row["person_id"]),
        None if row["team_id"] is None else directory.team_id(row["team_id"]),
        Decimal(row["value"]),
        EventRef(row["source"], row["event_id"]),
    )

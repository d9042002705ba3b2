"""A month's facts out of the kept sums, or, for a closed month, as all events received by now would have them."""

from decimal import Decimal

from sqlalchemy import case, func, select, true
from sqlalchemy.orm import Session

from leaderboard.domain.facts import MonthFacts, Sum, SumKey, Tally, TallyKey
from leaderboard.domain.periods import Month, PeriodCalendar
from leaderboard.domain.rulebook import Rating
from leaderboard.domain.versions import Side
from leaderboard.persistence import models
from leaderboard.services.directory import Directory
from leaderboard.services.timelines import first_event_at


def kept_facts(session: Session, month: Month, directory: Directory, first: Month | None) -> MonthFacts:
    """What counts in a month; `first` is that of the first event of any kind."""
    tally, count = models.Tally, models.CountSum
    tallies = session.execute(select(tally).where(tally.month == str(month))).scalars().all()
    sums = session.execute(select(count).where(count.month == str(month))).scalars().all()
    directory.learn_keys({row.person_id for row in tallies} | {row.person_id for row in sums})
    return MonthFacts(
        month,
        {
            TallyKey(
                row.service_level, directory.rep_id(row.person_id), _team(row.team_id, directory)
            ): Tally(row.exceeded, row.met, row.missed)
            for row in tallies
            if row.exceeded or row.met or row.missed
        },
        {
            SumKey(
                row.service_level,
                Side(row.side),
                directory.rep_id(row.person_id),
                _team(row.team_id, directory),
            ): Sum(Decimal(row.value), row.events)
            for row in sums
            if row.events
        },
        first,
    )


def current_facts(session: Session, month: Month, directory: Directory, first: Month | None) -> MonthFacts:
    """What would count in a closed month if it were open: all outcomes and contributions that follow by now."""
    outcome = models.Outcome
    counts = [func.sum(case((outcome.rating == rating.value, 1), else_=0)) for rating in Rating]
    grouped = session.execute(
        select(outcome.service_level, outcome.person_id, outcome.team_id, *counts)
        .where(outcome.month == str(month), outcome.current == true(), outcome.person_id.is_not(None))
        .group_by(outcome.service_level, outcome.person_id, outcome.team_id)
    ).all()
    directory.learn_keys(row[1] for row in grouped)
    tallies = {
        TallyKey(row[0], directory.rep_id(row[1]), _team(row[2] or 0, directory)): Tally(*map(int, row[3:]))
        for row in grouped
    }
    return MonthFacts(month, tallies, _current_sums(session, month, directory), first)


def _current_sums(session: Session, month: Month, directory: Directory) -> dict[SumKey, Sum]:
    item = models.Contribution
    rows = session.execute(
        select(item.service_level, item.side, item.person_id, item.team_id, item.value).where(
            item.month == str(month), item.current == true(), item.person_id.is_not(None)
        )
    ).all()
    directory.learn_keys(row.person_id for row in rows)
    sums: dict[SumKey, Sum] = {}
    for row in rows:
        team = _team(row.team_id or 0, directory)
        key = SumKey(row.service_level, Side(row.side), directory.rep_id(row.person_id), team)
        sums[key] = sums.get(key, Sum()).plus(Sum(Decimal(row.value), 1))
    return sums


def _team(key: int, directory: Directory) -> str | None:
    return directory.team_id(key) if key else None


def first_month(session: Session, calendar: PeriodCalendar) -> Month | None:
    """The month of the first event of any kind; None before there is one."""
    first_at = first_event_at(session)
    return None if first_at is None else calendar.month_at(first_at)

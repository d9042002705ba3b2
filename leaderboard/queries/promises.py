"""A rep's month, promise by promise: what was agreed, and how far it is kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import func, select

from leaderboard.domain.facts import Tally as TallyCount
from leaderboard.domain.measures import EXACT
from leaderboard.domain.periods import Period
from leaderboard.domain.ratings import rate
from leaderboard.domain.rulebook import Rating, Ratio, Recorded, Response, ServiceLevel, SubjectKind, Volume
from leaderboard.domain.versions import Side, Version
from leaderboard.persistence.models import CountSum, Tally
from leaderboard.queries.ground import Reading
from leaderboard.queries.rep_page import Promise, PromiseMeasure

_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class LevelFacts:
    """A subject's month by service level: outcomes, and sums by side."""

    tallies: Mapping[str, TallyCount]
    sums: Mapping[tuple[str, str], Decimal]


def promises(reading: Reading, period: Period, person_key: int, rep_id: str) -> tuple[Promise, ...]:
    """Two statements over kept sums. A service level without a target promises nothing for the month."""
    version = reading.ground.book.in_month(period.first_month)
    if version is None:
        return ()
    facts = _facts(reading, period, person_key)
    is_over = reading.now >= period.end_at
    found = [
        promise_of(level, facts, is_over)
        for level in version.service_levels.values()
        if level.subject is SubjectKind.REP and _concerns(reading, version, level, facts, period, rep_id)
    ]
    return tuple(promise for promise in found if promise is not None)


def _concerns(
    reading: Reading, version: Version, level: ServiceLevel, facts: LevelFacts, period: Period, rep_id: str
) -> bool:
    """Whether it is the rep's promise: something was counted on it, or it is that of the rep's department."""
    if level.id in facts.tallies or any(key[0] == level.id for key in facts.sums):
        return True
    roster = reading.ground.placement.roster
    rep = roster.reps.get(rep_id)
    team = None if rep is None else roster.teams.get(rep.team_on(period.last_on) or "")
    return team is not None and team.department == level.party


def _facts(reading: Reading, period: Period, person_key: int) -> LevelFacts:
    month = str(period.first_month)
    counted = (func.sum(Tally.exceeded), func.sum(Tally.met), func.sum(Tally.missed))
    tallies = reading.session.execute(
        select(Tally.service_level, *counted)
        .where(Tally.month == month, Tally.person_id == person_key)
        .group_by(Tally.service_level)
    ).all()
    sums: dict[tuple[str, str], Decimal] = {}
    for level, side, value in reading.session.execute(
        select(CountSum.service_level, CountSum.side, CountSum.value).where(
            CountSum.month == month, CountSum.person_id == person_key
        )
    ):
        sums[level, side] = EXACT.add(sums.get((level, side), _ZERO), Decimal(value))
    known = {row[0]: TallyCount(int(row[1]), int(row[2]), int(row[3])) for row in tallies}
    return LevelFacts({level: tally for level, tally in known.items() if tally.total}, sums)


def promise_of(level: ServiceLevel, facts: LevelFacts, is_over: bool) -> Promise | None:
    """What a service level promises for a month; None where it has no target."""
    if level.target is None:
        return None
    measure, value, whole = _value(level, facts)
    rating = _rating(level, measure, value, whole) if is_over else None
    return Promise(
        service_level=level.id,
        name=level.name,
        measure=measure,
        value=value,
        of=whole,
        target=level.target,
        exceed=level.exceed,
        minimum=level.minimum,
        points_met=level.month.met,
        points_exceeded=level.month.exceeded,
        points_missed=level.month.missed,
        rating=rating,
    )


def _value(level: ServiceLevel, facts: LevelFacts) -> tuple[PromiseMeasure, Decimal, Decimal]:
    if isinstance(level, Volume):
        return PromiseMeasure.VOLUME, facts.sums.get((level.id, Side.VOLUME), _ZERO), _ZERO
    if isinstance(level, Ratio):
        above = facts.sums.get((level.id, Side.NUMERATOR), _ZERO)
        return PromiseMeasure.RATIO, above, facts.sums.get((level.id, Side.DENOMINATOR), _ZERO)
    assert isinstance(level, Response | Recorded)
    tally = facts.tallies.get(level.id, TallyCount())
    return PromiseMeasure.IN_TIME, Decimal(tally.kept), Decimal(tally.total)


def _rating(level: ServiceLevel, measure: PromiseMeasure, value: Decimal, whole: Decimal) -> Rating | None:
    if measure is PromiseMeasure.VOLUME:
        return rate(level, value)
    return rate(level, value, whole) if whole and whole >= level.minimum else None

"""The slides of promises: each team on its way to the month's targets, and marketing beside sales."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from statistics import median

from sqlalchemy import func, select, true

from leaderboard.domain.facts import Tally as TallyCount
from leaderboard.domain.measures import EXACT
from leaderboard.domain.periods import Period, PeriodKind
from leaderboard.domain.ratings import department_subjects, working_days
from leaderboard.domain.rulebook import Party, Rating, Ratio, Response, ServiceLevel, SubjectKind, Volume
from leaderboard.domain.versions import Side, Version
from leaderboard.persistence.models import CountSum, Outcome, Tally
from leaderboard.queries.ground import Memo
from leaderboard.queries.periods import period_facts
from leaderboard.queries.promises import LevelFacts
from leaderboard.queries.wall_ground import FEWEST_MEMBERS, Wall
from leaderboard.queries.wall_page import Pace, PaceFacts, SideFigure, SidesFacts
from leaderboard.queries.wall_praise import latest_outcomes

_ZERO, _ONE = Decimal(0), Decimal(1)
_NONE = LevelFacts({}, {})
_MOST_FIGURES = 3
_memo = Memo(32)
"""What follows from rules, roster and month alone."""


def pace_facts(wall: Wall) -> PaceFacts:
    """The teams that the screen shows, by department and name, with each target that is theirs."""
    period, version = _month(wall)
    today = wall.reading.ground.book.calendar.date_at(wall.reading.now)
    paces: list[Pace] = []
    if version is not None:
        figures = _by_team(wall, period)
        for level in version.service_levels.values():
            if level.target is not None:
                paces.extend(_paces(wall, version, level, figures, period, today))
    # A team's targets stay in the order in which the rules name them.
    ordered = sorted(paces, key=lambda pace: (pace.team, pace.team_key))
    return PaceFacts(period_facts(wall.reading, wall.kept, period), today, tuple(ordered))


def sides_facts(wall: Wall) -> SidesFacts:
    """Both parties of the agreement, each with the first of its promises, over all its teams."""
    period, version = _month(wall)
    facts = period_facts(wall.reading, wall.kept, period)
    if version is None:
        return SidesFacts(facts, None, None, (), ())
    totals = _total(_by_team(wall, period).values())
    names = version.rulebook.agreement.parties
    return SidesFacts(
        facts,
        names.get(Party.MARKETING),
        names.get(Party.SALES),
        _figures(wall, version, Party.MARKETING, totals, period),
        _figures(wall, version, Party.SALES, totals, period),
    )


def _month(wall: Wall) -> tuple[Period, Version | None]:
    book = wall.reading.ground.book
    period = book.calendar.at(PeriodKind.MONTH, wall.reading.now)
    return period, book.in_month(period.first_month)


def _by_team(wall: Wall, period: Period) -> Mapping[int, LevelFacts]:
    """Every team's month by service level; two statements over kept sums."""
    month, session = str(period.first_month), wall.reading.session
    tallies: dict[int, dict[str, TallyCount]] = defaultdict(dict)
    sums: dict[int, dict[tuple[str, str], Decimal]] = defaultdict(dict)
    counted = (func.sum(Tally.exceeded), func.sum(Tally.met), func.sum(Tally.missed))
    grouped = select(Tally.team_id, Tally.service_level, *counted).where(Tally.month == month)
    for team, level, *counts in session.execute(grouped.group_by(Tally.team_id, Tally.service_level)):
        tallies[team][level] = TallyCount(*map(int, counts))
    rows = select(CountSum.team_id, CountSum.service_level, CountSum.side, CountSum.value)
    for team, level, side, value in session.execute(rows.where(CountSum.month == month)):
        key = (level, side)
        sums[team][key] = EXACT.add(sums[team].get(key, _ZERO), Decimal(value))
    return {team: LevelFacts(tallies.get(team, {}), sums.get(team, {})) for team in {*tallies, *sums} if team}


def _total(found: Iterable[LevelFacts]) -> LevelFacts:
    tallies: dict[str, TallyCount] = {}
    sums: dict[tuple[str, str], Decimal] = {}
    for facts in found:
        for level, tally in facts.tallies.items():
            tallies[level] = tallies.get(level, TallyCount()).plus(tally)
        for key, value in facts.sums.items():
            sums[key] = EXACT.add(sums.get(key, _ZERO), value)
    return LevelFacts(tallies, sums)


def _paces(
    wall: Wall,
    version: Version,
    level: ServiceLevel,
    figures: Mapping[int, LevelFacts],
    period: Period,
    today: dt.date,
) -> Iterable[Pace]:
    ground = wall.reading.ground
    roster = ground.placement.roster
    assert level.target is not None
    heads = _heads(wall, period)
    is_each_ones = level.subject is not SubjectKind.TEAM
    gone = _gone(version, level, period, today) if isinstance(level, Volume) else _ZERO
    for team in _subjects(wall, level.party, SubjectKind.TEAM, period):
        key = ground.team_keys.get(team)
        if key is None or not wall.shows(key):
            continue
        facts = figures.get(key, _NONE)
        if isinstance(level, Volume):
            # A team's target is made of its reps' where each has one, else it is the team's own.
            target = EXACT.multiply(level.target, Decimal(heads[team] if is_each_ones else 1))
            expected = EXACT.multiply(target, gone)
            value = facts.sums.get((level.id, Side.VOLUME), _ZERO)
            yield Pace(key, roster.team_name(team), level.name, value, target, expected, is_share=False)
        elif heads[team] >= FEWEST_MEMBERS and (share := _share(level, facts)) is not None:
            yield Pace(key, roster.team_name(team), level.name, share, level.target, None, is_share=True)


def _heads(wall: Wall, period: Period) -> Counter[str | None]:
    """How many reps are in each team at the month's end."""
    reading, last_on = wall.reading, period.last_on
    reps = reading.ground.placement.roster.reps.values()
    key = ("heads", reading.ground.version, period.name)
    return _memo.get(reading.session, key, lambda: Counter(rep.team_on(last_on) for rep in reps))


def _subjects(wall: Wall, party: Party, kind: SubjectKind, period: Period) -> Sequence[str]:
    """Whose a party's promise is in the month."""
    reading, roster = wall.reading, wall.reading.ground.placement.roster
    key = ("subjects", reading.ground.version, party, kind, period.name)
    return _memo.get(
        reading.session, key, lambda: tuple(department_subjects(roster, party, kind, period.first_month))
    )


def _gone(version: Version, level: Volume, period: Period, today: dt.date) -> Decimal:
    """How much of the month's days, of its working days where the level names a calendar, is over with today."""
    days = working_days(version, level, period.first_month) or tuple(
        period.first_on + dt.timedelta(days=n) for n in range((period.last_on - period.first_on).days + 1)
    )
    return Decimal(sum(day <= today for day in days)) / Decimal(len(days))


def _share(level: ServiceLevel, facts: LevelFacts) -> Decimal | None:
    """The share that a level goes by; None where there are too few to speak of one."""
    if isinstance(level, Ratio):
        above = facts.sums.get((level.id, Side.NUMERATOR), _ZERO)
        below = facts.sums.get((level.id, Side.DENOMINATOR), _ZERO)
        return above / below if below > 0 and below >= level.minimum else None
    tally = facts.tallies.get(level.id, TallyCount())
    return Decimal(tally.kept) / Decimal(tally.total) if tally.total >= max(1, level.minimum) else None


def _figures(
    wall: Wall, version: Version, party: Party, totals: LevelFacts, period: Period
) -> tuple[SideFigure, ...]:
    levels = [level for level in version.service_levels.values() if level.party is party]
    found = [figure for level in levels if (figure := _figure(wall, level, totals, period)) is not None]
    return tuple(found[:_MOST_FIGURES])


def _figure(wall: Wall, level: ServiceLevel, totals: LevelFacts, period: Period) -> SideFigure | None:
    if isinstance(level, Volume):
        value = totals.sums.get((level.id, Side.VOLUME), _ZERO)
        return SideFigure(level.name, value, None, _whole_target(wall, level, period), is_share=False)
    share = _share(level, totals)
    # The share of a party of one would be that person's.
    is_one = len(_subjects(wall, level.party, SubjectKind.REP, period)) < FEWEST_MEMBERS
    if share is None or is_one:
        return None
    if not isinstance(level, Response):
        return SideFigure(level.name, share, _ONE, level.target, is_share=True)
    return SideFigure(
        level.name, share, _ONE, level.target, is_share=True, median_us=_median(wall, level.id, period),
        in_working_time=level.calendar is not None,
    )  # fmt: skip


def _whole_target(wall: Wall, level: Volume, period: Period) -> Decimal | None:
    if level.target is None:
        return None
    subjects = _subjects(wall, level.party, level.subject, period)
    return EXACT.multiply(level.target, Decimal(len(subjects)))


def _median(wall: Wall, level: str, month: Period) -> int | None:
    """The median time of this level's clocks that were stopped in time in the month, of the latest of them."""
    outcome = Outcome
    statement = select(outcome.elapsed_us).where(
        outcome.id > latest_outcomes(wall), outcome.month == month.name, outcome.service_level == level,
        outcome.counted == true(), outcome.rating.in_((Rating.MET.value, Rating.EXCEEDED.value)),
        outcome.elapsed_us.is_not(None),
    )  # fmt: skip
    found = [elapsed for elapsed in wall.reading.session.scalars(statement) if elapsed is not None]
    return int(median(found)) if found else None

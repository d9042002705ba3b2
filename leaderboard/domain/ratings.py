"""How each subject did on each service level in a month (rulebook.md, monthly ratings)."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from leaderboard.domain.facts import MonthFacts, Sum, Tally
from leaderboard.domain.measures import EXACT, plain
from leaderboard.domain.periods import Month
from leaderboard.domain.roster import Roster
from leaderboard.domain.rulebook import (
    Party,
    Rating,
    Ratio,
    Recorded,
    Response,
    ServiceLevel,
    SubjectKind,
    Volume,
)
from leaderboard.domain.versions import Side, Version

_ONE, _TWO, _TWENTY_THOUSAND = Decimal(1), Decimal(2), Decimal(20_000)


@dataclass(frozen=True, slots=True)
class MonthRating:
    """How one subject did on one service level in one month.

    `rating` is None where it is not rated; `value` the share, sum or quotient as text, None where a ratio has
    no
    denominator; `outcomes` how many outcomes or events it rests on; `points` what the month books.
    """

    service_level: str
    subject: SubjectKind
    id: str
    rating: Rating | None
    value: str | None
    outcomes: int
    points: int
    rulebook_on: dt.date


def month_ratings(version: Version, facts: MonthFacts, roster: Roster) -> list[MonthRating]:
    """The ratings of a month by the version in force in it, in the order of service level, then id.

    Subjects are, for response and recorded, those with an outcome in the month; for volume and ratio, those
    of the
    party's department on the month's last date, from the month of the first event of any kind on.
    """
    found: list[MonthRating] = []
    for level in version.service_levels.values():
        if level.target is None:
            continue
        if isinstance(level, Response | Recorded):
            found.extend(_of_outcomes(version, level, facts))
        elif facts.first_month is not None and facts.first_month <= facts.month:
            found.extend(_of_sums(version, level, facts, roster))
    return sorted(found, key=lambda rating: (rating.service_level, rating.id))


def _of_outcomes(version: Version, level: ServiceLevel, facts: MonthFacts) -> Iterator[MonthRating]:
    tallies: dict[str, Tally] = defaultdict(Tally)
    for key, tally in facts.tallies.items():
        subject = key.rep if level.subject is SubjectKind.REP else key.team
        if key.service_level == level.id and subject is not None:
            tallies[subject] = tallies[subject].plus(tally)
    for subject, tally in tallies.items():
        if tally.total:
            kept, total = Decimal(tally.kept), Decimal(tally.total)
            rating = rate(level, kept, total) if tally.total >= level.minimum else None
            yield _rating(version, level, subject, rating, _quotient(kept, total), tally.total)


def _of_sums(
    version: Version, level: Volume | Ratio, facts: MonthFacts, roster: Roster
) -> Iterator[MonthRating]:
    sides = (Side.VOLUME,) if isinstance(level, Volume) else (Side.NUMERATOR, Side.DENOMINATOR)
    sums: dict[tuple[Side, str], Sum] = defaultdict(Sum)
    for key, item in facts.sums.items():
        subject = key.rep if level.subject is SubjectKind.REP else key.team
        if key.service_level == level.id and subject is not None:
            sums[key.side, subject] = sums[key.side, subject].plus(item)
    days = working_days(version, level, facts.month)
    for subject in department_subjects(roster, level.party, level.subject, facts.month):
        values = [sums[side, subject].value for side in sides]
        if isinstance(level, Volume):
            rating, value = _judge_volume(level, values[0], _presence(level, subject, days, roster))
        else:
            rating, value = _judge_ratio(level, *values)
        yield _rating(version, level, subject, rating, value, sums[sides[-1], subject].events)


class Presence(NamedTuple):
    """On how many of a month's working days a rep was there."""

    days: int
    of: int


ALL_ALONG = Presence(1, 1)


def working_days(version: Version, level: Volume | Ratio, month: Month) -> tuple[dt.date, ...]:
    """The dates of a month on which the calendar that prorates a service level has hours; none where none does."""
    name = level.prorate if isinstance(level, Volume) else None
    if name is None:
        return ()
    calendar = version.rulebook.calendars[name]
    dates = (month.first_on + dt.timedelta(days=n) for n in range(month.last_on.day))
    shut = calendar.closed.union(calendar.holidays)
    return tuple(day for day in dates if calendar.week[day.weekday()] and day not in shut)


def presence(level: Volume, rep_id: str, days: Sequence[dt.date], roster: Roster) -> Presence:
    """On how many of these days the rep was in a team of the party's department, and not off."""
    rep = roster.reps[rep_id]

    def was_there(day: dt.date) -> bool:
        team = roster.teams.get(rep.team_on(day) or "")
        is_off = any(off.from_on <= day <= off.until_on for off in rep.time_off)
        return team is not None and team.department == level.party and not is_off

    return Presence(sum(map(was_there, days)), len(days))


def _presence(level: Volume, subject: str, days: Sequence[dt.date], roster: Roster) -> Presence:
    return presence(level, subject, days, roster) if days else ALL_ALONG


def _judge_volume(level: ServiceLevel, total: Decimal, there: Presence) -> tuple[Rating | None, str | None]:
    """`target` and `exceed` are scaled by the days that the rep was there: total / (days / of), compared exactly."""
    if not there.days:
        return None, plain(total)
    return rate(level, EXACT.multiply(total, Decimal(there.of)), Decimal(there.days)), plain(total)


def _judge_ratio(level: ServiceLevel, above: Decimal, below: Decimal) -> tuple[Rating | None, str | None]:
    if not below:
        return None, None
    rating = rate(level, above, below) if below >= level.minimum else None
    return rating, _quotient(above, below)


def department_subjects(roster: Roster, party: Party, subject: SubjectKind, month: Month) -> list[str]:
    """The reps whose team span covers the month's last date in a team of that department, or those teams."""
    found: set[str] = set()
    for rep in roster.reps.values():
        team = roster.teams.get(rep.team_on(month.last_on) or "")
        if team is not None and team.department == party:
            found.add(rep.id if subject is SubjectKind.REP else team.id)
    return sorted(found)


def rate(level: ServiceLevel, above: Decimal, below: Decimal = _ONE) -> Rating:
    """Exceeded where above / below reaches `exceed`, met where it reaches `target`, else missed.

    Compared exactly, by multiplying with what is below, which must be more than 0.
    """
    if level.exceed is not None and above >= EXACT.multiply(level.exceed, below):
        return Rating.EXCEEDED
    is_met = level.target is not None and above >= EXACT.multiply(level.target, below)
    return Rating.MET if is_met else Rating.MISSED


def four_places(value: Fraction) -> str:
    """Rounded half up to 4 places, as `0.9231`."""
    return _quotient(Decimal(value.numerator), Decimal(value.denominator))


def _quotient(above: Decimal, below: Decimal) -> str:
    """above / below, rounded half up to 4 places. Not by way of int or float, which fail at some length."""
    halves = EXACT.divide_int(EXACT.multiply(above.copy_abs(), _TWENTY_THOUSAND), below.copy_abs())
    places = EXACT.divide_int(EXACT.add(halves, _ONE), _TWO)
    sign = "-" if places and (above < 0) != (below < 0) else ""
    return f"{sign}{places.scaleb(-4, EXACT):.4f}"


def _rating(
    version: Version,
    level: ServiceLevel,
    subject: str,
    rating: Rating | None,
    value: str | None,
    outcomes: int,
) -> MonthRating:
    points = 0 if rating is None else level.month.of(rating)
    return MonthRating(
        level.id, level.subject, subject, rating, value, outcomes, points, version.effective_from
    )

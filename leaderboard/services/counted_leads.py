"""Which leads a month at another setting is about: those that it counted, and those that it would have counted.

What the rules in force counted is stored. Of types of events that they did not count nothing is, so the leads of these
are looked for among the events themselves.
"""

from dataclasses import dataclass
from zlib import crc32

from sqlalchemy import select, true, union
from sqlalchemy.orm import Session

from leaderboard.domain.events import OUTCOME_RECORDED
from leaderboard.domain.instants import DAY, SECOND, Instant, midnight, midnight_after
from leaderboard.domain.periods import Month
from leaderboard.domain.rulebook import Counted, Ratio, Recorded, Response, ServiceLevel, Volume
from leaderboard.domain.versions import Version
from leaderboard.persistence import models
from leaderboard.persistence.bulk import among

_MOST_LOOKED_AT = 500_000
"""Events, the last ones received: so that a form need not wait for a walk through many years."""
_LONGEST_BEFORE = 366 * DAY
_SHUT_PER_OPEN = 7
"""How much longer than its open time a clock may run, by a calendar that is open a day a week."""


@dataclass(frozen=True, slots=True)
class _Uncounted:
    """Types of events of which nothing is stored, and between which instants they matter to the month."""

    types: frozenset[str]
    since: Instant
    until: Instant


def leads_of_month(session: Session, month: Month, trial: Version, in_force: Version | None) -> list[str]:
    """The leads that may count in the month by the trial, in an order that is chance's and always the same."""
    outcome, contribution, event = models.Outcome, models.Contribution, models.Event
    found = union(
        select(outcome.lead_key).where(outcome.month == str(month), outcome.current == true()),
        select(contribution.lead_key).where(contribution.month == str(month), contribution.current == true()),
    )
    keys = set(session.scalars(found))
    for level in trial.service_levels.values():
        looked_for = _uncounted(level, trial, in_force, month)
        if looked_for.types:
            latest = select(event.type, event.time_at, event.lead_key).order_by(event.seq.desc())
            recent = latest.limit(_MOST_LOOKED_AT).subquery()
            keys |= set(
                session.scalars(
                    select(recent.c.lead_key)
                    .where(among(session, recent.c.type, sorted(looked_for.types)))
                    .where(recent.c.time_at >= looked_for.since, recent.c.time_at < looked_for.until)
                    .distinct()
                )
            )
    return sorted(keys, key=lambda key: (crc32(key.encode()), key))


def _uncounted(level: ServiceLevel, trial: Version, in_force: Version | None, month: Month) -> _Uncounted:
    zone = trial.rulebook.organization.zone
    since, until = midnight(month.first_on, zone), midnight_after(month.last_on, zone)
    if isinstance(level, Response):
        types = level.start.difference(() if in_force is None else in_force.starts)
        return _Uncounted(frozenset(types), since - _longest(level), until)
    if isinstance(level, Recorded):
        is_counted = in_force is not None and in_force.recorded(level.id) is not None
        return _Uncounted(frozenset() if is_counted else frozenset({OUTCOME_RECORDED}), since, until)
    types = frozenset().union(*(_not_counted(one, in_force) for one in _sums_of(level)))
    return _Uncounted(types, since, until)


def _longest(level: Response) -> Instant:
    """How long before its outcome a clock may have opened."""
    length = level.within.longest * SECOND
    return min(_LONGEST_BEFORE, 31 * DAY + length * (1 if level.calendar is None else _SHUT_PER_OPEN))


def _sums_of(level: Volume | Ratio) -> tuple[Counted, ...]:
    return (level.counted,) if isinstance(level, Volume) else (level.numerator, level.denominator)


def _not_counted(wanted: Counted, in_force: Version | None) -> frozenset[str]:
    """The types of which no sum in force takes in each event that this one would."""
    if in_force is None:
        return wanted.events
    return frozenset(
        one
        for one in wanted.events
        if not any(
            not counter.counted.once_per_lead or counter.counted.events == wanted.events
            for counter in in_force.counters.get(one, ())
        )
    )

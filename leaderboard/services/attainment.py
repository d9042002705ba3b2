"""How last month would have gone by one service level at another setting: counted anew from the stored events.

Which leads that concerns is known from what the rules in force counted; of types of events that they did not count,
from the events themselves. It never takes long: where there are more leads than can be read in time, a part of them
that chance drew stands for all, and the answer says so.
"""

import datetime as dt
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from leaderboard.domain.facts import MonthFacts, Tally, sum_contributions, tally_outcomes
from leaderboard.domain.fold import fold_lead
from leaderboard.domain.instants import Instant
from leaderboard.domain.outcomes import Contribution, Outcome
from leaderboard.domain.periods import Month
from leaderboard.domain.ratings import month_ratings
from leaderboard.domain.rulebook import Rating, Rulebook
from leaderboard.domain.versions import Book, Side
from leaderboard.files.rulebook import resolve_holidays, with_holidays
from leaderboard.persistence import models
from leaderboard.services.counted_leads import leads_of_month
from leaderboard.services.rules import Rules, current_rules
from leaderboard.services.timelines import load_timelines

LONGEST_SECONDS = 0.35
_AT_ONCE = 100
_MONTHS_BEFORE = 12
"""So that clocks which opened before the month, and ended in it, are counted too."""


@dataclass(frozen=True, slots=True)
class Attainment:
    """What last month comes to. `leads` of `leads_of` were read; `sums` are those of a volume, or a ratio's two."""

    month: Month
    tally: Tally
    sums: tuple[Decimal, ...]
    subjects: int
    """How many reps or teams the month rates; 0 where only a part was read."""
    subjects_met: int
    subjects_exceeded: int
    leads: int
    leads_of: int

    @property
    def is_whole(self) -> bool:
        """Whether all leads were read."""
        return self.leads == self.leads_of


def last_month(session: Session, now: Instant) -> Month | None:
    """The last month that is over; None as long as there are no rules."""
    rules = current_rules(session)
    if rules is None:
        return None
    return Month.from_ordinal(rules.book.calendar.month_at(now).ordinal - 1)


def attainment(
    session: Session, rulebook: Rulebook, level_id: str, now: Instant, seconds: float = LONGEST_SECONDS
) -> Attainment | None:
    """Last month by that service level of a draft; None as long as nothing is in force."""
    begun = time.monotonic()
    rules, month = current_rules(session), last_month(session, now)
    if rules is None or month is None:
        return None
    book = _book_of(rulebook, level_id, month)
    keys = leads_of_month(session, month, book.versions[0], rules.book.in_month(month))
    outcomes: list[Outcome] = []
    contributions: list[Contribution] = []
    done = 0
    for part in _parts(keys):
        for timeline in load_timelines(session, part, now).values():
            fold = fold_lead(timeline.events, book, rules.placement, now)
            outcomes += [one for one in fold.outcomes if book.calendar.month_at(one.at) == month]
            contributions += [one for one in fold.contributions if book.calendar.month_at(one.at) == month]
        done += len(part)
        if time.monotonic() - begun > seconds:
            break
    return _result(book, rules, month, (outcomes, contributions), (done, len(keys)))


def stored_tallies(session: Session, month: Month) -> dict[str, Tally]:
    """Last month's outcomes by service level, as they were counted."""
    row = models.Tally
    found: dict[str, Tally] = {}
    for level, *counts in session.execute(
        select(row.service_level, row.exceeded, row.met, row.missed).where(row.month == str(month))
    ):
        found[level] = found.get(level, Tally()).plus(Tally(*counts))
    return found


def _book_of(rulebook: Rulebook, level_id: str, month: Month) -> Book:
    """Rules with nothing else in them, in force long enough before the month."""
    level = rulebook.service_levels[level_id]
    named = {getattr(level, "calendar", None), getattr(level, "prorate", None)}
    first_on = Month.from_ordinal(month.ordinal - _MONTHS_BEFORE).first_on
    alone = Rulebook(
        effective_from=max(first_on, dt.date(1970, 2, 1)),
        organization=rulebook.organization,
        service_levels={level_id: level},
        calendars={name: one for name, one in rulebook.calendars.items() if name in named},
    )
    return Book([with_holidays(alone, resolve_holidays(alone))])


def _parts(keys: Sequence[str]) -> Iterator[Sequence[str]]:
    for first in range(0, len(keys), _AT_ONCE):
        yield keys[first : first + _AT_ONCE]


def _result(
    book: Book,
    rules: Rules,
    month: Month,
    found: tuple[list[Outcome], list[Contribution]],
    leads: tuple[int, int],
) -> Attainment:
    outcomes, contributions = found
    tally = Tally()
    for outcome in outcomes:
        tally = tally.plus(Tally.of(outcome.rating))
    facts = MonthFacts(month, tally_outcomes(outcomes), sum_contributions(contributions), month)
    ratings = month_ratings(book.versions[0], facts, rules.roster) if leads[0] == leads[1] else []
    rated = [one.rating for one in ratings if one.rating is not None]
    result = Attainment(
        month=month,
        tally=tally,
        sums=tuple(
            sum((one.value for one in contributions if one.side is side and one.rep is not None), Decimal(0))
            for side in (Side.VOLUME, Side.NUMERATOR, Side.DENOMINATOR)
        ),
        subjects=len(rated),
        subjects_met=sum(one is not Rating.MISSED for one in rated),
        subjects_exceeded=sum(one is Rating.EXCEEDED for one in rated),
        leads=leads[0],
        leads_of=leads[1],
    )
    return replace(result, sums=result.sums[:1] if result.sums[0] else result.sums)


def seen_event_types(session: Session, most: int = 20_000) -> tuple[str, ...]:
    """The types of the events that came last."""
    latest = select(models.Event.type).order_by(models.Event.seq.desc()).limit(most).subquery()
    return tuple(sorted(session.scalars(select(latest.c.type).distinct())))

"""A rep's own page: a constant number of statements, by indexes and kept sums."""

from dataclasses import dataclass

from sqlalchemy import select

from leaderboard.domain.periods import Period, PeriodKind
from leaderboard.domain.rulebook import SubjectKind
from leaderboard.persistence.models import Person as PersonRow
from leaderboard.queries.board import Rows, ahead_of, neighbours
from leaderboard.queries.freshness import freshness
from leaderboard.queries.ground import Reading
from leaderboard.queries.marks import marks
from leaderboard.queries.periods import choices, kept_periods, period_facts
from leaderboard.queries.places import places
from leaderboard.queries.promises import promises
from leaderboard.queries.receipts import receipts
from leaderboard.queries.rep_page import Person, RepPage, RunningClock

_MOST_CLOCKS = 8
_SCOPE = SubjectKind.REP


@dataclass(frozen=True, slots=True)
class Who:
    """The rep whose page it is, as the domain names them."""

    key: int
    rep_id: str


def who(reading: Reading, person_key: int) -> Who | None:
    """The rep of a key; None where there is none. One statement for those whom the roster lacks."""
    rep_id = reading.ground.rep_ids.get(person_key)
    if rep_id is not None:
        return Who(person_key, rep_id)
    row = reading.session.execute(select(PersonRow.rep_id).where(PersonRow.id == person_key)).first()
    return None if row is None else Who(person_key, row.rep_id or f"person-{person_key}")


def rep_page(
    reading: Reading,
    rep: Who,
    period: Period,
    clocks: tuple[RunningClock, ...],
    is_own: bool,
    before: str | None = None,
) -> RepPage:
    """The page of a rep's month; `before` is where its receipts begin, `clocks` what runs now, the nearest first."""
    kept = kept_periods(reading)
    standing = places(reading, kept, period, _SCOPE)
    mine = None if standing.is_empty else standing.of(rep.key)
    near = neighbours(standing, mine) if mine is not None else ()
    rows = Rows(reading, period, _SCOPE, marks(reading, standing, period, _SCOPE, [row.key for row in near]))
    ahead = ahead_of(standing, mine)
    days, more = receipts(reading, period, rep.key, before)
    place = rows.row(mine) if mine is not None else None
    book = reading.ground.book
    organization = (book.in_month(period.first_month) or book.versions[-1]).rulebook.organization
    return RepPage(
        person=_person(reading, rep, period),
        is_own=is_own,
        period=period_facts(reading, kept, period),
        choices=choices(reading, kept, PeriodKind.MONTH, period),
        today=book.calendar.date_at(reading.now),
        freshness=freshness(reading),
        place=place,
        of=len(standing),
        ahead=rows.row(ahead) if ahead is not None else None,
        around=rows.of(near),
        clocks=clocks[:_MOST_CLOCKS],
        promises=promises(reading, period, rep.key, rep.rep_id),
        badges=place.badges if place is not None else (),
        days=days,
        more_before=more,
        clocks_running=len(clocks),
        money_per_point=organization.point_value,
        currency=organization.currency,
        counts_from=book.versions[0].effective_from,
    )


def _person(reading: Reading, rep: Who, period: Period) -> Person:
    at = min(reading.now, period.last_second_at)
    ground = reading.ground
    name = ground.placement.roster.rep_name(rep.rep_id)
    return Person(rep.key, name, ground.team_name_of(rep.rep_id, at))

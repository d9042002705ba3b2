"""The documents of interfaces.md: standings, ratings, ledger, badges; as stored now, or as the world stood at
an instant.

What is asked as of now is brought up to date first, and read from what is stored. What is asked as of another
instant is
computed from the events, and stores nothing.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from leaderboard.domain.badges import Award, award_order
from leaderboard.domain.instants import Instant, format_instant
from leaderboard.domain.periods import Month, Period, PeriodCalendar
from leaderboard.domain.points import Entry, ledger_order
from leaderboard.domain.ratings import MonthRating, four_places, month_ratings
from leaderboard.domain.rulebook import SubjectKind
from leaderboard.domain.standings import Standing
from leaderboard.persistence.db import current_session
from leaderboard.persistence.models import Seal
from leaderboard.services import clock
from leaderboard.services.directory import Directory
from leaderboard.services.evaluation import bring_up_to_date
from leaderboard.services.kept_standings import kept_standing
from leaderboard.services.ledger_listing import listed_awards, listed_entries
from leaderboard.services.month_facts import first_month, kept_facts
from leaderboard.services.replaying import world_as_of
from leaderboard.services.rules import Rules, current_rules
from leaderboard.services.seals import rules_of, seal_of, sealed_standing
from leaderboard.services.timelines import Horizon, had_event_before

Document = dict[str, Any]


class NoRulebook(Exception):
    """There are no rules yet by which anything could be said."""

    def __init__(self) -> None:
        super().__init__("there is no rulebook yet: apply one with `flask rulebook apply FILE`")


@dataclass(frozen=True, slots=True)
class Question:
    """Who asks, about which instant: `as_of` None is now."""

    session: Session
    rules: Rules
    now: Instant
    as_of: Instant | None

    @property
    def instant(self) -> Instant:
        """The instant that is asked about."""
        return self.now if self.as_of is None else self.as_of


def ask(as_of: Instant | None = None, fresh: bool = True) -> Question:
    """Begins an answer; one about now (and `fresh`) brings what is stored up to date. Raises NoRulebook."""
    now = clock.now()
    if as_of is None and fresh:
        bring_up_to_date(now)
    session = current_session()
    rules = current_rules(session)
    if rules is None:
        raise NoRulebook
    return Question(session, rules, now, as_of)


def standings(question: Question, name: str, scope: SubjectKind) -> Document:
    """A period's standing. Raises ValueError where the name is no period."""
    period = question.rules.book.calendar.parse(name)
    rows, is_sealed = standing_rows(question, period, scope)
    return {
        "period": period.name,
        "scope": scope.value,
        "as_of": format_instant(question.instant),
        "state": "sealed" if is_sealed else "open",
        "standings": [_standing_row(row) for row in rows],
    }


def standing_rows(question: Question, period: Period, scope: SubjectKind) -> tuple[list[Standing], bool]:
    """The rows, and whether they are the sealed ones: those of a closed period, unless asked of a time
    before.
    """
    session, rules = question.session, question.rules
    seal = seal_of(session, period.name)
    if seal is not None and seal.closing_at <= question.instant:
        return sealed_standing(session, rules, seal, scope), True
    if question.as_of is None:
        return kept_standing(session, rules, period, scope), False
    return world_as_of(session, rules, question.as_of).standing(period, scope), False


def _standing_row(row: Standing) -> Document:
    score = row.score
    share = score.compliance
    return {
        "rank": row.rank,
        "id": score.id,
        "name": score.name,
        "points": score.points,
        "exceeded": score.tally.exceeded,
        "met": score.tally.met,
        "missed": score.tally.missed,
        "compliance": None if share is None else float(four_places(share)),
    }


def ratings(question: Question, name: str) -> Document:
    """A month's ratings; none while it is not over. Raises ValueError where the name is no month."""
    month = Month.parse(name)
    ended = question.rules.book.calendar.month(month).end_at <= question.instant
    found = _ratings(question, month) if ended else []
    return {
        "month": str(month),
        "as_of": format_instant(question.instant),
        "ratings": [_rating_row(rating) for rating in found],
    }


def _ratings(question: Question, month: Month) -> Iterable[MonthRating]:
    session, rules = question.session, question.rules
    seal = seal_of(session, str(month))
    if question.as_of is not None and (seal is None or question.as_of < seal.closing_at):
        return world_as_of(session, rules, question.as_of).ratings.get(month, ())
    if seal is not None:
        rules = rules_of(session, seal) or rules
    version = rules.book.in_month(month)
    if version is None:
        return ()
    calendar = rules.book.calendar
    first = (
        first_month(session, calendar) if seal is None else _first_month_known(session, calendar, month, seal)
    )
    return month_ratings(version, kept_facts(session, month, Directory(session), first), rules.roster)


def _first_month_known(session: Session, calendar: PeriodCalendar, month: Month, seal: Seal) -> Month | None:
    """The month itself, if by the sealing there had been an event before its end: more does not matter to it."""
    horizon = Horizon(seal.closing_at, seal.horizon_seq)
    had = had_event_before(session, calendar.month(month).end_at, seal.closing_at, horizon)
    return month if had else None


def _rating_row(rating: MonthRating) -> Document:
    return {
        "service_level": rating.service_level,
        "subject": rating.subject.value,
        "id": rating.id,
        "rating": "not_rated" if rating.rating is None else rating.rating.value,
        "value": rating.value,
        "outcomes": rating.outcomes,
        "points": rating.points,
    }


@dataclass(frozen=True, slots=True)
class LedgerFilter:
    """Which entries: those booked in a period, of a rep (id or alias), that name a team."""

    period: str | None = None
    rep: str | None = None
    team: str | None = None
    everything: bool = False


def ledger(question: Question, wanted: LedgerFilter) -> Document:
    """The entries that stand, or all of them. Raises ValueError where the period is none."""
    period = None if wanted.period is None else question.rules.book.calendar.parse(wanted.period)
    rep = None if wanted.rep is None else question.rules.roster.resolve(wanted.rep)
    if question.as_of is None:
        rows = listed_entries(question.session, period, rep, wanted.team, wanted.everything)
    else:
        world = world_as_of(question.session, question.rules, question.as_of)
        fits = _fits(period, rep, wanted.team)
        rows = [_entry_row(entry) for entry in sorted(filter(fits, world.entries), key=ledger_order)]
    return {"as_of": format_instant(question.instant), "entries": rows}


def _fits(period: Period | None, rep: str | None, team: str | None) -> Callable[[Entry], bool]:
    def fits(entry: Entry) -> bool:
        return (
            (period is None or entry.booked_at in period)
            and (rep is None or (entry.subject is SubjectKind.REP and entry.id == rep))
            and (team is None or entry.team == team)
        )

    return fits


def _entry_row(entry: Entry) -> Document:
    """An entry as computed for another instant; it has no number, for it is not booked."""
    return {
        "booked_at": format_instant(entry.booked_at),
        "subject": entry.subject.value,
        "id": entry.id,
        "team": entry.team,
        "points": entry.points,
        "kind": entry.kind.value,
        "service_level": entry.service_level,
        "rating": None if entry.rating is None else entry.rating.value,
        "lead": entry.lead,
        "rulebook": entry.rulebook_on.isoformat(),
        "badge": entry.badge,
        "entry": None,
        "takes_back": None,
        "corrects": entry.corrects,
        "reason": entry.reason,
    }


def badges(question: Question, period_name: str | None) -> Document:
    """The awards, of a period if one is named. Raises ValueError where it is none."""
    period = None if period_name is None else question.rules.book.calendar.parse(period_name)
    if question.as_of is None:
        rows = listed_awards(question.session, period)
    else:
        world = world_as_of(question.session, question.rules, question.as_of)
        awards = (a for a in world.awards.values() if period is None or a.awarded_at in period)
        rows = [_award_row(award) for award in sorted(awards, key=award_order)]
    return {"as_of": format_instant(question.instant), "awards": rows}


def _award_row(award: Award) -> Document:
    return {
        "badge": award.badge,
        "subject": award.subject.value,
        "id": award.id,
        "awarded_at": format_instant(award.awarded_at),
    }

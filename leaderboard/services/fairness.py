"""The rules looked at for whether they give everybody a like chance (docs/fairness.md): nothing is stored."""

from contextlib import closing
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from leaderboard.domain.fairness import Fairness
from leaderboard.domain.fairness_study import Study
from leaderboard.domain.instants import Instant
from leaderboard.domain.periods import Month, PeriodCalendar
from leaderboard.domain.roster import Roster
from leaderboard.domain.rulebook import Rulebook
from leaderboard.files.rulebook import read_rulebook
from leaderboard.persistence.db import db, reading_engine
from leaderboard.persistence.models import Lead
from leaderboard.services import clock
from leaderboard.services.answers import NoRulebook
from leaderboard.services.decision_store import load_decisions
from leaderboard.services.directory import Directory
from leaderboard.services.replaying import Progress, untold
from leaderboard.services.rules import Rules, current_rules
from leaderboard.services.simulation import in_force_from, refuse_another_calendar
from leaderboard.services.timelines import first_event_at, stream_timelines

MOST_MONTHS = 12
_READ = 0.6
"""How much of the work reading the leads is; the rest is making worlds that lack a service level."""


@dataclass(frozen=True, slots=True)
class Examined:
    """What was found, and of which rules: as they were looked at, and whose the names are."""

    fairness: Fairness
    rulebook: Rulebook
    roster: Roster


def ended_months(session: Session, calendar: PeriodCalendar, now: Instant, most: int) -> tuple[Month, ...]:
    """The last months that are over, from that of the first event on; none where there are none."""
    first_at = first_event_at(session)
    last = calendar.month_at(now).plus(-1)
    if first_at is None:
        return ()
    count = min(most, last.ordinal - calendar.month_at(first_at).ordinal + 1)
    return tuple(last.plus(number - count + 1) for number in range(count))


def span_name(months: tuple[Month, ...]) -> str:
    """`2026-01/2026-06`: the first and the last month."""
    return f"{months[0]}/{months[-1]}"


def parse_span(text: str) -> tuple[Month, ...]:
    """The months that a name says. Raises ValueError for anything else, and for more than MOST_MONTHS."""
    first, _, last = text.partition("/")
    begin, end = Month.parse(first), Month.parse(last)
    count = end.ordinal - begin.ordinal + 1
    if not 1 <= count <= MOST_MONTHS:
        raise ValueError(f"{text!r} is not a span of 1 to {MOST_MONTHS} months")
    return tuple(begin.plus(number) for number in range(count))


def examine(document: str | bytes, name: str, span: str, progress: Progress = untold) -> Examined:
    """The rules as if they had been in force in all these months.

    Raises FileProblems for what is wrong with the rules, RulebookRefused where they cut time differently, NoRulebook
    where nothing is in force, ValueError for what is no span of months, or has not ended.
    """
    given = read_rulebook(document, name)
    with Session(reading_engine(db.engine)) as session:
        return _examine(session, given, span, clock.now(), progress)


def check_question(document: str | bytes, name: str, span: str, now: Instant) -> None:
    """Raises what `examine` would, but answers nothing."""
    given = read_rulebook(document, name)
    with Session(reading_engine(db.engine)) as session:
        _understood(session, given, span, now)


def _understood(
    session: Session, given: Rulebook, span: str, now: Instant
) -> tuple[Rules, tuple[Month, ...]]:
    rules = current_rules(session)
    if rules is None:
        raise NoRulebook
    refuse_another_calendar(given, rules.book)
    months = parse_span(span)
    if rules.book.calendar.month(months[-1]).end_at > now:
        raise ValueError(f"{months[-1]} has not ended: fairness is judged by whole months")
    return rules, months


def _examine(session: Session, given: Rulebook, span: str, now: Instant, progress: Progress) -> Examined:
    rules, months = _understood(session, given, span, now)
    rulebook = in_force_from(given, months[0].first_on)
    study = Study(rules.book, rulebook, rules.roster, len(months), now)
    count = session.scalar(select(func.count()).select_from(Lead)) or 0
    whole = round(count / _READ)
    with closing(stream_timelines(session, now)) as timelines:
        for number, timeline in enumerate(timelines, start=1):
            study.take(timeline.events)
            progress(min(number, count), whole)
    decisions = load_decisions(session, Directory(session), now)
    found = study.fairness(decisions, lambda done, of: progress(count + (whole - count) * done // of, whole))
    return Examined(found, rulebook, rules.roster)

"""A draft of the rules tried on what has happened (docs/simulation.md): nothing is stored."""

import datetime as dt
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from leaderboard.domain.comparison import Shown, TwoReplays, compare, drafted
from leaderboard.domain.decisions import Decision
from leaderboard.domain.instants import Instant
from leaderboard.domain.periods import Month, Period, PeriodKind
from leaderboard.domain.replay import Replay, SealedPast
from leaderboard.domain.rulebook import Rulebook, SubjectKind
from leaderboard.domain.simulation import Simulation
from leaderboard.domain.standings import Standing
from leaderboard.domain.versions import Book
from leaderboard.files.rulebook import read_rulebook, resolve_holidays, with_holidays
from leaderboard.persistence.db import db, reading_engine
from leaderboard.persistence.models import Lead, Seal
from leaderboard.services import clock
from leaderboard.services.answers import NoRulebook
from leaderboard.services.decision_store import load_decisions
from leaderboard.services.directory import Directory
from leaderboard.services.replaying import Progress, untold
from leaderboard.services.rulebook_apply import RulebookRefused
from leaderboard.services.rules import Rules, current_rules
from leaderboard.services.sealed_past import sealed_past
from leaderboard.services.seals import rules_of, seal_of, sealed_standing
from leaderboard.services.timelines import NO_HORIZON, Horizon, stream_timelines


@dataclass(frozen=True, slots=True)
class Simulated:
    """What came out, and of what: `draft` as it was tried, `given_on` the day that it names itself.

    `replaces` are the days of the versions in whose place it was tried; `is_sealed` says that the period is closed.
    """

    simulation: Simulation
    draft: Rulebook
    given_on: dt.date
    replaces: tuple[dt.date, ...]
    is_sealed: bool


@dataclass(frozen=True, slots=True)
class Ground:
    """By what things are as they are: the rules, up to which instant, and by which of the events.

    `seal` is the compared period's, where that is closed.
    """

    rules: Rules
    as_of: Instant
    horizon: Horizon = NO_HORIZON
    seal: Seal | None = None


def simulate(document: str | bytes, name: str, period_name: str, progress: Progress = untold) -> Simulated:
    """The draft as if it had been in force from the period's first day.

    Raises FileProblems for what is wrong with the draft, RulebookRefused where it cuts time differently, NoRulebook
    where there is none to compare it with, ValueError for what is no period, or has not begun.
    """
    given = read_rulebook(document, name)
    with Session(reading_engine(db.engine)) as session:
        return _simulate(session, given, period_name, clock.now(), progress)


def check_question(document: str | bytes, name: str, period_name: str, now: Instant) -> None:
    """Raises what `simulate` would, but answers nothing."""
    given = read_rulebook(document, name)
    with Session(reading_engine(db.engine)) as session:
        _understood(session, given, period_name, now)


def _understood(session: Session, given: Rulebook, period_name: str, now: Instant) -> tuple[Rules, Period]:
    rules = current_rules(session)
    if rules is None:
        raise NoRulebook
    refuse_another_calendar(given, rules.book)
    period = rules.book.calendar.parse(period_name)
    if period.start_at > now:
        raise ValueError(f"{period.name} has not begun yet: a draft is tried on what has happened")
    return rules, period


def _simulate(
    session: Session, given: Rulebook, period_name: str, now: Instant, progress: Progress
) -> Simulated:
    rules, period = _understood(session, given, period_name, now)
    ground = _ground(session, rules, period, now)
    draft = in_force_from(given, period.first_on)
    (found,) = compared(session, ground, draft, [period], progress)
    within = _replaced(ground.rules.book, period)
    return Simulated(found, draft, given.effective_from, within, ground.seal is not None)


def in_force_from(given: Rulebook, first_on: dt.date) -> Rulebook:
    """The draft from another day on; its calendars' holidays are those that it would have had then."""
    draft = replace(given, effective_from=first_on)
    return with_holidays(draft, resolve_holidays(draft))


def refuse_another_calendar(given: Rulebook, book: Book) -> None:
    """Raises RulebookRefused for a draft that cuts months and quarters otherwise than the versions in use."""
    ours, theirs, other = given.organization, book.calendar, book.versions[-1].effective_from
    for key, mine, needed in (
        ("timezone", ours.zone.key, theirs.zone.key),
        ("fiscal_year_start", ours.fiscal_year_start, theirs.fiscal_year_start),
    ):
        if mine != needed:
            raise RulebookRefused(
                f"organization.{key} is {mine}, but {needed} in the version of {other}; all versions have the same",
                "cuts_time_otherwise",
                key=f"organization.{key}",
                mine=str(mine),
                given=str(needed),
                other=other.isoformat(),
            )


def _ground(session: Session, rules: Rules, period: Period, now: Instant) -> Ground:
    """A closed period is taken as it was closed: by the events, the rules and the roster of that instant."""
    seal = seal_of(session, period.name)
    if seal is None:
        return Ground(rules, now)
    known = Horizon(seal.closing_at, seal.horizon_seq)
    return Ground(rules_of(session, seal) or rules, seal.closing_at, known, seal)


def _replaced(book: Book, period: Period) -> tuple[dt.date, ...]:
    """The days of the versions that are in force somewhere in the period."""
    versions = (book.in_month(month) for month in period.months)
    return tuple(dict.fromkeys(version.effective_from for version in versions if version is not None))


def compared(
    session: Session,
    ground: Ground,
    draft: Rulebook,
    periods: Sequence[Period],
    progress: Progress = untold,
) -> list[Simulation]:
    """Each of these periods (in order) as it is, and by the draft in force from its own first day until their end.

    All leads are read once, whatever the number of periods. A period may have begun before the draft's first day.
    """
    book, roster = ground.rules.book, ground.rules.roster
    since = book.calendar.month(Month.of_date(draft.effective_from))
    sealed_from = _first_seal_from(session, since.first_month)
    past = _past_before(session, book, since.first_month, ground.as_of, sealed_from)
    as_is = Replay(book, roster, ground.as_of)
    last_on = max(period.last_on for period in periods)
    would_be = Replay(drafted(book, draft, since.first_on, last_on), roster, ground.as_of)
    _read(session, TwoReplays(as_is, would_be, since.start_at), ground, progress)
    decisions = load_decisions(session, Directory(session), ground.as_of)
    shown = {} if sealed_from is None else _shown(session, ground, periods, as_is, decisions)
    worlds = as_is.world(past, decisions), would_be.world(past, decisions)
    return [compare(period, *worlds, shown) for period in periods]


def _read(session: Session, replays: TwoReplays, ground: Ground, progress: Progress) -> None:
    count = session.scalar(select(func.count()).select_from(Lead)) or 0
    progress(0, count)
    with closing(stream_timelines(session, ground.as_of, ground.horizon)) as timelines:
        for number, timeline in enumerate(timelines, start=1):
            replays.take(timeline.events)
            progress(min(number, count), count)


def _shown(
    session: Session, ground: Ground, periods: Sequence[Period], as_is: Replay, decisions: Sequence[Decision]
) -> Shown:
    """The standings of the periods and of their months: closed ones as they were sealed, and those that follow."""
    calendar = ground.rules.book.calendar
    shown: dict[tuple[str, SubjectKind], Sequence[Standing]] = {}
    months = (calendar.month(month) for period in periods for month in period.months)
    seals = {one: seal_of(session, one.name) for one in {*months, *periods}}
    followed = None
    if None in seals.values():
        past = sealed_past(session, ground.rules.book, ground.as_of)
        followed = as_is.world(past, decisions)
    for one, seal in seals.items():
        for scope in SubjectKind:
            if seal is not None:
                shown[one.name, scope] = sealed_standing(session, ground.rules, seal, scope)
            elif followed is not None:
                shown[one.name, scope] = followed.standing(one, scope)
    return shown


def _past_before(
    session: Session, book: Book, first: Month, as_of: Instant, sealed_from: int | None
) -> SealedPast:
    """The months closed before the first one, with what late events brought of them: that month itself is open."""
    past = sealed_past(session, book, as_of, sealed_from)
    earlier = tuple(
        entry
        for entry in past.adjustments
        if entry.corrects is not None and book.calendar.parse(entry.corrects).first_month < first
    )
    return replace(past, adjustments=earlier)


def _first_seal_from(session: Session, first: Month) -> int | None:
    """The place in the chain of the first month from this one on that is closed; None for none."""
    of_month = (Seal.kind == PeriodKind.MONTH.value, Seal.period >= str(first))
    return session.scalar(select(func.min(Seal.position)).where(*of_month))

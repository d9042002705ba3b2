"""What must hold of a database whatever happened to it (the invariants of a fault test): told in words, one a line.

Everything is counted from the rows themselves, by other ways than those that keep them.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

from sqlalchemy import or_, select, text
from sqlalchemy.orm import Session

from leaderboard.domain.instants import SECOND, Instant
from leaderboard.domain.periods import PeriodCalendar
from leaderboard.domain.rulebook import SubjectKind
from leaderboard.persistence.models import (
    Award,
    Event,
    Lead,
    LedgerEntry,
    Outcome,
    RepSettlement,
    Seal,
    Settlement,
)
from leaderboard.services.answers import ask
from leaderboard.services.kept_standings import kept_standing
from leaderboard.services.prizes import kept_months, month_with_prizes
from leaderboard.services.rules import Rules, current_rules
from leaderboard.services.seals import broken_links, sealed_rows
from leaderboard.services.verification import verify_ledger

_RATINGS = ("exceeded", "met", "missed")
_Sums = dict[int, list[int]]


def check_invariants(session: Session) -> None:
    """Brings everything up to date, and asserts all there is to assert."""
    question = ask()
    found = broken_invariants(session, question.rules, question.now)
    found += [f"verify: {line}" for line in verify_ledger(question)]
    session.rollback()
    assert not found, "\n".join(found)


def check_settled_rows(session: Session) -> None:
    """What must hold of the rows at every moment, also in the midst of things: evaluates nothing."""
    rules = current_rules(session)
    found = [] if rules is None else list(_of_rows(session, rules))
    session.rollback()
    assert not found, "\n".join(found)


def broken_invariants(session: Session, rules: Rules, now: Instant) -> list[str]:
    """The lines, of a database that is up to date with now."""
    return [*_of_rows(session, rules), *_nothing_waits(session, rules, now), *_standings(session, rules)]


def _of_rows(session: Session, rules: Rules) -> Iterator[str]:
    entries = list(session.scalars(select(LedgerEntry)))
    yield from _one_stands(entries)
    yield from _dated(entries, rules.book.calendar)
    standing = _standing(entries)
    yield from _outcomes(session, rules.book.calendar)
    yield from _each_rests_on_an_outcome(session, standing)
    yield from _badges_rest_on_awards(session, standing)
    yield from _adjustments_correct_closed_months(session, standing)
    yield from _seals_hold(session, standing, rules)


def _standing(entries: list[LedgerEntry]) -> list[LedgerEntry]:
    taken = {entry.takes_back for entry in entries}
    return [entry for entry in entries if entry.takes_back is None and entry.id not in taken]


def _one_stands(entries: list[LedgerEntry]) -> Iterator[str]:
    by_id = {entry.id: entry for entry in entries}
    takers = Counter(entry.takes_back for entry in entries if entry.takes_back is not None)
    for taken, times in takers.items():
        if times > 1 or taken not in by_id or by_id[taken].takes_back is not None:
            yield f"e-{taken} is taken back {times} times"
    for entry in entries:
        if not isinstance(entry.points, int) or not entry.points:
            yield f"e-{entry.id} has {entry.points!r} points"
        if entry.takes_back in by_id and _signature(by_id[entry.takes_back], -1) != _signature(entry, 1):
            yield f"e-{entry.id} is not the opposite of e-{entry.takes_back}"
    reasons = Counter(entry.reason_key for entry in _standing(entries))
    yield from (f"{reason} stands {times} times" for reason, times in reasons.items() if times > 1)


def _signature(entry: LedgerEntry, sign: int) -> tuple[object, ...]:
    return (
        entry.booked_at, entry.subject, entry.person_id, entry.team_id, sign * entry.points, entry.kind,
        entry.reason_key, entry.generation, entry.corrects, entry.settles,
    )  # fmt: skip


def _dated(entries: list[LedgerEntry], calendar: PeriodCalendar) -> Iterator[str]:
    for entry in entries:
        day = calendar.date_at(entry.booked_at).isoformat()
        if (entry.day, entry.month) != (day, day[:7]):
            yield f"e-{entry.id} of {day} is filed under {entry.day} and {entry.month}"


def _outcomes(session: Session, calendar: PeriodCalendar) -> Iterator[str]:
    current: Counter[str] = Counter()
    counted: Counter[tuple[str, str]] = Counter()
    known = set(session.scalars(select(Event.seq)))
    closed = set(session.scalars(select(Seal.period)))
    for row in session.scalars(select(Outcome)):
        current[row.outcome_key] += row.current
        counted[row.outcome_key, row.month] += row.counted
        if row.month != str(calendar.month_at(row.at)):
            yield f"outcome {row.outcome_key} is filed under {row.month}"
        if row.counted != row.current and row.month not in closed:
            yield f"outcome {row.outcome_key} of open {row.month} is current or counts, but not both"
        if row.opening_seq not in known or (row.closing_seq or row.opening_seq) not in known:
            yield f"outcome {row.outcome_key} rests on no event"
    yield from (f"clock {key} has {n} outcomes" for key, n in current.items() if n > 1)
    yield from (f"clock {key} counts {n} times in {month}" for (key, month), n in counted.items() if n > 1)


def _each_rests_on_an_outcome(session: Session, standing: list[LedgerEntry]) -> Iterator[str]:
    def key(row: Any, reason: str) -> tuple[object, ...]:
        person = row.person_id if row.subject == SubjectKind.REP else None
        return (reason, row.subject, person, row.team_id, row.points, row.rating, row.service_level)

    booked = Counter(key(entry, entry.reason_key) for entry in standing if entry.kind == "each")
    rows = session.scalars(select(Outcome).where(Outcome.counted, Outcome.points != 0))
    outcomes = Counter(key(row, f"each/{row.month}/{row.outcome_key}") for row in rows)
    yield from (f"booked without an outcome: {one}" for one in booked - outcomes)
    yield from (f"an outcome without its points: {one}" for one in outcomes - booked)


def _badges_rest_on_awards(session: Session, standing: list[LedgerEntry]) -> Iterator[str]:
    given = Counter(
        (award.badge, award.subject, award.person_id, award.team_id if award.subject == "team" else None,
         award.awarded_at)
        for award in session.scalars(select(Award).where(Award.withdrawn_at.is_(None)))
    )  # fmt: skip
    yield from (f"{award} stands {times} times" for award, times in given.items() if times > 1)
    for entry in standing:
        if entry.kind == "badge" and not entry.reason_key.startswith("decision/"):
            team_id = entry.team_id if entry.subject == "team" else None
            who = (entry.badge, entry.subject, entry.person_id, team_id)
            if not any((*who, at) in given for at in (entry.booked_at, entry.booked_at - SECOND)):
                yield f"e-{entry.id} rests on no award: {who}"


def _adjustments_correct_closed_months(session: Session, standing: list[LedgerEntry]) -> Iterator[str]:
    seals = {seal.period: seal for seal in session.scalars(select(Seal))}
    for entry in standing:
        by_hand = entry.reason_key.startswith("decision/")
        if (entry.kind == "adjustment" and not by_hand) != (entry.corrects is not None):
            yield f"e-{entry.id}: only an adjustment corrects a period, and each does that nobody made by hand"
        elif entry.corrects is not None and (entry.corrects not in seals or entry.month <= entry.corrects):
            yield f"e-{entry.id} of {entry.month} corrects {entry.corrects}"


def _seals_hold(session: Session, standing: list[LedgerEntry], rules: Rules) -> Iterator[str]:
    seals = list(session.scalars(select(Seal).order_by(Seal.position)))
    yield from (f"seal of {period}: broken" for period in broken_links(seals))
    yield from (f"{name} is sealed twice" for name, n in Counter(s.period for s in seals).items() if n > 1)
    outcomes = list(session.scalars(select(Outcome).where(Outcome.counted, Outcome.person_id.is_not(None))))
    for seal in seals:
        months = {str(month) for month in rules.book.calendar.parse(seal.period).months}
        for scope, column in ((SubjectKind.REP, "person_id"), (SubjectKind.TEAM, "team_id")):
            sums = _sums(standing, outcomes, months, column)
            sealed = {
                row["key"]: [row["points"], *(row[name] for name in _RATINGS)]
                for row in sealed_rows(seal, scope)
            }
            for key in sorted(sums.keys() | sealed.keys()):
                if sums.get(key, [0] * 4) != sealed.get(key, [0] * 4):
                    yield (
                        f"{seal.period} {scope} {key}: sealed {sealed.get(key)}, its rows say {sums.get(key)}"
                    )


def _sums(standing: list[LedgerEntry], outcomes: list[Outcome], months: set[str], column: str) -> _Sums:
    sums: _Sums = defaultdict(lambda: [0] * 4)
    for entry in standing:
        key = getattr(entry, column)
        if entry.month in months and key is not None:
            sums[key][0] += entry.points
    for outcome in outcomes:
        key = getattr(outcome, column)
        if outcome.month in months and key is not None:
            sums[key][1 + _RATINGS.index(outcome.rating)] += 1
    return dict(sums)


def _nothing_waits(session: Session, rules: Rules, now: Instant) -> Iterator[str]:
    """Of an outbox nothing is left that is not waiting for its next try."""
    due = or_(Lead.touched_seq > Lead.folded_seq, Lead.due_at < now)
    waiting = Lead.retry_at.is_not(None) & (Lead.retry_at > now)
    for lead in session.scalars(select(Lead).where(due, ~waiting)):
        yield f"lead {lead.lead_key} was left behind"
    this = str(rules.book.calendar.month_at(now))
    for month in session.scalars(
        select(Settlement).where(Settlement.dirty_version > Settlement.settled_version)
    ):
        if month.month < this:
            yield f"month {month.month} was left unsettled"
    prizes_in = month_with_prizes(session, rules, kept_months(session), now)
    if prizes_in is not None:
        yield f"prizes of {prizes_in} were left unsettled"
    reps = RepSettlement.dirty_version > RepSettlement.settled_version
    for rep in session.scalars(select(RepSettlement).where(reps)):
        yield f"badges of {rep.person_id} in {rep.month} were left unsettled"


def _standings(session: Session, rules: Rules) -> Iterator[str]:
    """What pages show, against sums from nothing."""
    entries = _standing(list(session.scalars(select(LedgerEntry))))
    outcomes = list(session.scalars(select(Outcome).where(Outcome.counted, Outcome.person_id.is_not(None))))
    names = {entry.month for entry in entries} | {outcome.month for outcome in outcomes}
    calendar = rules.book.calendar
    months = [calendar.parse(name) for name in sorted(names)]
    periods = [*months, *{calendar.quarter_of(month.first_month) for month in months}]
    for period in periods:
        of_period = {str(month) for month in period.months}
        for scope, column in ((SubjectKind.REP, "person_id"), (SubjectKind.TEAM, "team_id")):
            wanted = sorted(tuple(sums) for sums in _sums(entries, outcomes, of_period, column).values())
            shown = [row.score for row in kept_standing(session, rules, period, scope)]
            kept = sorted(
                (s.points, s.tally.exceeded, s.tally.met, s.tally.missed)
                for s in shown
                if s.points or s.tally.total
            )
            if kept != [sums for sums in wanted if any(sums)]:
                yield f"standing of {period.name} by {scope}: shown {kept}, its rows say {wanted}"


def count_rows(session: Session, *tables: str) -> dict[str, int]:
    """How many rows there are."""
    return {table: session.scalar(text(f"SELECT count(*) FROM {table}")) or 0 for table in tables}

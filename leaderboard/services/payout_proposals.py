"""When a period is closed, what was won in it becomes proposals of payouts: bonuses by the sealed standing, and the
money of contests and tasks. Each period once; a second run finds nothing to do.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from leaderboard.domain.decisions import Decisions, bonus_withheld
from leaderboard.domain.instants import Instant
from leaderboard.domain.periods import Period, PeriodKind
from leaderboard.domain.recognition import wins
from leaderboard.domain.rulebook import SubjectKind
from leaderboard.domain.standings import Standing
from leaderboard.persistence.bulk import insert_into
from leaderboard.persistence.db import writer_lock, writing_session
from leaderboard.persistence.models import Payout, PayoutsProposed, Seal
from leaderboard.services import clock
from leaderboard.services.decision_store import load_decisions
from leaderboard.services.directory import Directory
from leaderboard.services.ended_months import steps_taken
from leaderboard.services.prizes import prizes_of
from leaderboard.services.rules import Rules
from leaderboard.services.seals import rules_of, sealed_standing


@dataclass(frozen=True, slots=True)
class Won:
    """Money that becomes a payout once the period is closed. `rank` is None where no standing decides."""

    source: str
    subject: SubjectKind
    subject_id: str
    name: str
    rank: int | None
    amount: Decimal


def propose_payouts(now: Instant | None = None) -> int:
    """For every closed period that was not looked at yet; how many payouts are new."""
    found = 0
    while (new := _propose_next(clock.now() if now is None else now)) is not None:
        found += new
    return found


def _propose_next(now: Instant) -> int | None:
    """The earliest such period, in one transaction; None where there is none."""
    session = writing_session()
    try:
        if _next_seal(session) is None:
            return None
        session.rollback()
        writer_lock(session)
        seal = _next_seal(session)
        if seal is None:
            return None
        session.add(PayoutsProposed(period=seal.period, at=now))
        rules = rules_of(session, seal)
        new = 0 if rules is None else _propose(session, rules, seal, now)
        session.commit()
        return new
    finally:
        session.rollback()


def _next_seal(session: Session) -> Seal | None:
    done = select(PayoutsProposed.period)
    return session.scalar(select(Seal).where(Seal.period.not_in(done)).order_by(Seal.position).limit(1))


def _propose(session: Session, rules: Rules, seal: Seal, now: Instant) -> int:
    period, directory = rules.book.calendar.parse(seal.period), Directory(session)
    version = rules.book.in_month(period.months[-1])
    if version is None:
        return 0
    new = 0
    standings = {scope: sealed_standing(session, rules, seal, scope) for scope in SubjectKind}
    bonuses = bonuses_of(session, rules, period, standings, directory)
    for won in (*bonuses, *prize_money_of(session, rules, period, seal.closing_at)):
        row = _row(won, rules, period, directory)
        row |= {"currency": version.rulebook.organization.currency, "proposed_at": now}
        insert = insert_into(session, Payout.__table__).values(**row).on_conflict_do_nothing()
        new += session.scalar(insert.returning(Payout.__table__.c.id)) is not None
    return new


def bonuses_of(
    session: Session,
    rules: Rules,
    period: Period,
    standings: Mapping[SubjectKind, Sequence[Standing]],
    directory: Directory,
) -> Iterator[Won]:
    """Every winner of a standing gets the bonus in full, but for whom a consequence of the quarter denies it."""
    version = rules.book.in_month(period.months[-1])
    if version is None or not any(one.bonus for one in version.rulebook.recognition.values()):
        return
    quarter = rules.book.calendar.quarter_of(period.months[-1])
    months = [month for month in quarter.months if month <= period.months[-1]]
    steps = [step for month in months for step in steps_taken(session, rules.book, month, directory)]
    withheld = bonus_withheld(steps, Decisions(load_decisions(session, directory)), rules.book)
    for scope in SubjectKind:
        without = {who for subject, who in withheld if subject is scope}
        for win in wins(version, period, scope, standings[scope], without):
            rule = version.rulebook.recognition[win.recognition]
            if win.bonus:
                source = f"recognition/{rule.id}/{period.name}"
                yield Won(source, scope, win.id, rule.name or rule.id, win.rank, win.bonus)


def prize_money_of(session: Session, rules: Rules, period: Period, closing_at: Instant) -> Iterator[Won]:
    """The money of contests and tasks, with the month in which they were won."""
    if period.kind is not PeriodKind.MONTH:
        return
    for prize in prizes_of(session, rules, period.first_month, closing_at):
        if prize.money and prize.undone_at is None:
            yield Won(prize.key, prize.subject, prize.subject_id, prize.name, prize.rank, prize.money)


def _row(won: Won, rules: Rules, period: Period, directory: Directory) -> dict[str, object]:
    is_rep = won.subject is SubjectKind.REP
    key = directory.person_id(won.subject_id) if is_rep else directory.team_key(won.subject_id)
    reps = (
        []
        if is_rep
        else [r for r in rules.roster.reps.values() if r.team_on(period.last_on) == won.subject_id]
    )
    directory.learn_people(rep.id for rep in reps)
    return {
        "source": won.source,
        "subject_key": f"{won.subject}:{key}",
        "subject": won.subject.value,
        "person_id": key if is_rep else None,
        "team_id": None if is_rep else key,
        "members": json.dumps(sorted(directory.person_id(rep.id) or 0 for rep in reps)),
        "period": period.name,
        "name": won.name,
        "rank": won.rank,
        "amount": format(won.amount, "f"),
        "state": "proposed",
    }

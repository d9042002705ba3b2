"""Tells people what happened to them: every measure to the one concerned, what waits to who decides, and good news.

What there is to tell stands in the tables already (steps of ladders, decisions, badges, prizes, payouts). A sweep of
each minute, and the end of each decision, notes what is not noted yet, once for each of those who are told: a unique
key sees to that. Notes are never taken away; what fell since is read as fallen.
"""

import json
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, aliased

from leaderboard.domain.decisions import Decisions, MeasureState, step_state
from leaderboard.domain.instants import DAY, Instant
from leaderboard.domain.periods import Month
from leaderboard.domain.rulebook import MeasureKind, SubjectKind
from leaderboard.persistence.bulk import insert_into
from leaderboard.persistence.db import writer_lock, writing_session
from leaderboard.persistence.models import Award, Decision, LedgerEntry, Note, Payout, Proposal, User
from leaderboard.persistence.models.proposals import POINTS, REFUSED, TASK, WAITING
from leaderboard.queries.note_page import Audience
from leaderboard.services import clock
from leaderboard.services.awards import MANUAL
from leaderboard.services.decision_store import load_decisions
from leaderboard.services.directory import Directory
from leaderboard.services.ladder_steps import Taken, taken_since
from leaderboard.services.prizes import given_in
from leaderboard.services.rules import Rules, current_rules

NEWS = 45 * DAY
"""What happened longer ago is no news: a year of events that is imported at once tells nobody anything."""
_SLACK = 3 * DAY


class Telling(NamedTuple):
    """Who is to be told of what; no person: any administrator."""

    audience: Audience
    person_id: int | None
    key: str


def announce(now: Instant | None = None) -> int:
    """Notes what is not noted yet, in one transaction; how much that was."""
    session = writing_session()
    try:
        writer_lock(session)
        rules = current_rules(session)
        new = 0 if rules is None else note_news(session, rules, clock.now() if now is None else now)
        session.commit()
        return new
    finally:
        session.rollback()


def note_news(session: Session, rules: Rules, now: Instant) -> int:
    """The same in the transaction of a decision that has the writers' lock."""
    since = now - NEWS
    rows = session.execute(
        select(Note.audience, Note.person_id, Note.key).where(Note.at >= since - _SLACK)
    ).all()
    known = {Telling(Audience(audience), person_id, key) for audience, person_id, key in rows}
    new = [one for one in dict.fromkeys(_News(session, rules, now).all()) if one not in known]
    if new:
        values = [{**one._asdict(), "audience": one.audience.value, "at": now} for one in new]
        session.execute(insert_into(session, Note.__table__).on_conflict_do_nothing(), values)
    return len(new)


class _News:
    """What happened of late, with who is to be told."""

    def __init__(self, session: Session, rules: Rules, now: Instant) -> None:
        self._session = session
        self._rules = rules
        self._now = now
        self._since = now - NEWS
        self._directory = Directory(session)

    def all(self) -> Iterator[Telling]:
        """In the order in which they are read on one day."""
        yield from self._steps()
        yield from self._awards()
        yield from self._prizes()
        yield from self._proposals()
        yield from self._decisions()
        yield from self._payouts()

    def _steps(self) -> Iterator[Telling]:
        book = self._rules.book
        first = book.calendar.month_at(self._since)
        steps = [
            one
            for one in taken_since(self._session, book, first, self._directory)
            if self._since < book.calendar.month(Month.parse(one.step.month)).end_at <= self._now
        ]
        if not steps:
            return
        decisions = Decisions(load_decisions(self._session, self._directory))
        for taken in steps:
            key = step_key(taken)
            month = Month.parse(taken.step.month)
            yield from self._concerned(taken.step.subject, taken.step.id, month.last_on, key)
            yield from self._step_to_managers(taken, decisions, key)

    def _step_to_managers(self, taken: Taken, decisions: Decisions, key: str) -> Iterator[Telling]:
        """Where a measure is a message to the manager, or waits for a manager's word."""
        step = taken.step
        states = [step_state(step, place, decisions, self._rules.book) for place in range(len(step.measures))]
        is_told = any(
            measure.do is MeasureKind.NOTIFY_MANAGER and state is MeasureState.IN_FORCE
            for measure, state in zip(step.measures, states, strict=True)
        )
        if not is_told and MeasureState.WAITING not in states:
            return
        told = list(self._deciders(step.subject, step.id, key))
        # A mere message is for the manager; administrators get it where there is none.
        is_for_all = MeasureState.WAITING in states or len(told) == 1
        yield from (one for one in told if is_for_all or one.audience is Audience.MANAGER)

    def _awards(self) -> Iterator[Telling]:
        row, calendar = Award, self._rules.book.calendar
        for one in self._session.scalars(
            select(row)
            .where(row.awarded_at >= self._since, row.withdrawn_at.is_(None), row.origin != MANUAL)
            .order_by(row.awarded_at, row.id)
        ):
            on, key = calendar.date_at(one.awarded_at), award_key(one)
            yield from self._concerned_by(one, on, key)

    def _prizes(self) -> Iterator[Telling]:
        """Points of contests, and of tasks that an event ticked off: a confirmed one is told as the decision it is."""
        calendar = self._rules.book.calendar
        month, months = calendar.month_at(self._since), []
        while month <= calendar.month_at(self._now):
            months.append(given_in(month))
            month = month.plus(1)
        row, taker = LedgerEntry, aliased(LedgerEntry)
        for one in self._session.scalars(
            select(row)
            .outerjoin(taker, taker.takes_back == row.id)
            .where(row.settles.in_(months), row.kind == "prize", row.booked_at >= self._since)
            .where(row.takes_back.is_(None), taker.id.is_(None), row.reason_key.not_like("decision/%"))
            .order_by(row.id)
        ):
            yield from self._concerned_by(one, calendar.date_at(one.booked_at), prize_key(one.reason_key))

    def _proposals(self) -> Iterator[Telling]:
        row = Proposal
        rows = self._session.scalars(
            select(row).where(or_(row.at >= self._since, row.settled_at >= self._since)).order_by(row.id)
        ).all()
        makers = self._people_of(one.proposed_by for one in rows)
        for one in rows:
            maker = makers.get(one.proposed_by)
            if one.state == REFUSED:
                told = one.person_id if one.kind == TASK else maker
                audience = Audience.SELF if one.kind == TASK else Audience.MANAGER
                if told is not None:
                    yield Telling(audience, told, f"proposal/{one.id}/refused")
            elif one.state == WAITING:
                subject, who = self._subject(one)
                told_all = self._deciders(subject, who, f"proposal/{one.id}")
                yield from (to for to in told_all if one.kind != POINTS or to.person_id != (maker or 0))

    def _decisions(self) -> Iterator[Telling]:
        made, undone, calendar = Decision, aliased(Decision), self._rules.book.calendar
        rows: list[Any] = list(
            self._session.execute(
                select(made, undone)
                .outerjoin(undone, undone.id == made.undoes)
                .where(made.at >= self._since)
                .order_by(made.id)
            )
        )
        for row, first in rows:
            about = row if first is None else first
            on = calendar.date_at(about.at) if about.month is None else Month.parse(about.month).last_on
            yield from self._concerned_by(about, on, f"decision/{row.id}")

    def _payouts(self) -> Iterator[Telling]:
        row = Payout
        late = or_(row.decided_at >= self._since, row.paid_at >= self._since)
        for one in self._session.scalars(select(row).where(late, row.state != "proposed").order_by(row.id)):
            told = [one.person_id] if one.person_id is not None else json.loads(one.members)
            for person_id in filter(None, told):
                yield Telling(Audience.SELF, person_id, f"payout/{one.id}/{one.state}")

    def _concerned_by(self, row: Any, on: Any, key: str) -> Iterator[Telling]:
        if row.subject == SubjectKind.REP:
            yield Telling(Audience.SELF, row.person_id, key)
        else:
            yield from self._concerned(SubjectKind.TEAM, self._directory.team_id(row.team_id), on, key)

    def _concerned(self, subject: SubjectKind, who: str, on: Any, key: str) -> Iterator[Telling]:
        """The rep; of a team each of its reps of that day."""
        reps = (
            [who]
            if subject is SubjectKind.REP
            else [rep.id for rep in self._rules.roster.reps.values() if rep.team_on(on) == who]
        )
        self._directory.learn_people(reps)
        for rep in reps:
            person_id = self._directory.person_id(rep)
            if person_id is not None:
                yield Telling(Audience.SELF, person_id, key)

    def _deciders(self, subject: SubjectKind, who: str, key: str) -> Iterator[Telling]:
        """Who may decide on somebody (services/powers.py): the manager of the team, and administrators."""
        placement = self._rules.placement
        team_id = placement.team_at(who, self._now) if subject is SubjectKind.REP else who
        team = placement.roster.teams.get(team_id or "")
        if team is not None and team.manager is not None and team.manager != who:
            yield Telling(Audience.MANAGER, self._directory.person_id(team.manager), key)
        yield Telling(Audience.ADMIN, None, key)

    def _subject(self, row: Any) -> tuple[SubjectKind, str]:
        is_rep = row.subject == SubjectKind.REP
        if is_rep:
            return SubjectKind.REP, self._directory.rep_id(row.person_id)
        return SubjectKind.TEAM, self._directory.team_id(row.team_id)

    def _people_of(self, actors: Iterable[str]) -> dict[str, int]:
        keys = {int(actor.removeprefix("user:")) for actor in actors if actor.startswith("user:")}
        rows = self._session.execute(select(User.id, User.person_id).where(User.id.in_(keys))) if keys else ()
        return {f"user:{key}": person for key, person in rows if person is not None}


def step_key(taken: Taken) -> str:
    """Names a step for good: should it fall and come again, it is the same."""
    step = taken.step
    return f"step/{step.month}/{step.consequence}/{step.subject}/{taken.key}"


def award_key(row: Award) -> str:
    """Names a badge given by its rule: a row that replaces another one is the same badge."""
    key = row.person_id if row.subject == SubjectKind.REP else row.team_id
    return f"award/{row.badge}/{row.awarded_at}/{row.subject}/{key}"


def prize_key(reason_key: str) -> str:
    """Names a prize as the ledger does."""
    return f"prize/{reason_key}"

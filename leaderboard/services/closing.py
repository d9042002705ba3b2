"""Closing seals a period's standings as they follow from all events received by the closing instant.

A month closes some days after its end, a quarter with its last month; or by command. One transaction does it all: who
dies in it has done nothing, and of two that try at once one finds it done.
"""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from leaderboard.domain.instants import Instant
from leaderboard.domain.periods import Period, PeriodKind
from leaderboard.domain.rulebook import SubjectKind
from leaderboard.job_queue import enqueue_after_commit
from leaderboard.persistence import models
from leaderboard.persistence.bulk import among, update_rows
from leaderboard.persistence.db import (
    current_session,
    intake_barrier,
    without_timeouts,
    writer_lock,
    writing_session,
)
from leaderboard.services import audit_log, clock
from leaderboard.services.carried import keep_for_good
from leaderboard.services.closing_order import (
    ClosingRefused,
    closes_with,
    next_due,
    refuse_unless_closable,
    scheduled_at,
)
from leaderboard.services.closing_outcome import digest_of, what_follows
from leaderboard.services.directory import Directory
from leaderboard.services.ended_months import rank_open_quarter
from leaderboard.services.evaluation import (
    LEADS_AT_ONCE,
    bring_up_to_date,
    fold_leads,
    pending_leads,
    touched_by,
)
from leaderboard.services.kept_standings import kept_standing
from leaderboard.services.kept_sums import mark_dirty
from leaderboard.services.rules import Rules, current_rules
from leaderboard.services.seals import FIRST, last_seal, seal_document, seal_hash
from leaderboard.services.settlement import settle_up_to
from leaderboard.services.timelines import Horizon

AUTOMATIC = "schedule"


@dataclass(frozen=True, slots=True)
class Closed:
    """What was sealed."""

    period: str
    closing_at: Instant
    sha256: str


def close_period(name: str, by: str, now: Instant | None = None) -> Closed:
    """Closes a period by command, at this instant. Raises ClosingRefused; ValueError where it is no period."""
    now = clock.now() if now is None else now
    bring_up_to_date(now)
    session = current_session()
    try:
        rules = _begin(session)
        period = rules.book.calendar.parse(name)
        refuse_unless_closable(session, rules, period, now)
        closed = _seal(session, rules, period, now, by)
        session.commit()
    finally:
        session.rollback()
    bring_up_to_date(now)
    return closed


def close_as_seen(name: str, seen: str, by: str, now: Instant | None = None) -> tuple[Closed, ...]:
    """Closes a period as its preview showed it, and with a quarter's last month the quarter, or nothing at all.

    `seen` is the preview's digest. Raises as `close_period`, and ClosingRefused where something else would be sealed
    by now than was shown.
    """
    now = clock.now() if now is None else now
    bring_up_to_date(now)
    session = writing_session()
    try:
        rules = _begin(session)
        period = rules.book.calendar.parse(name)
        refuse_unless_closable(session, rules, period, now)
        quarter = closes_with(session, rules.book, period)
        together = [period] if quarter is None else [period, quarter]
        closed = tuple(_seal(session, rules, one, now, by) for one in together)
        if digest_of(what_follows(session, rules, together, now), Directory(session)) != seen:
            raise ClosingRefused(f"{name} would be sealed otherwise by now than was shown", "changed")
        session.commit()
    finally:
        session.rollback()
    bring_up_to_date(now)
    return closed


def close_due(now: Instant | None = None) -> list[Closed]:
    """Closes every period whose scheduled instant has come, in order; months and quarters that are history stay."""
    now = clock.now() if now is None else now
    bring_up_to_date(now)
    closed: list[Closed] = []
    while (one := _close_next(now)) is not None:
        closed.append(one)
    if closed:
        bring_up_to_date(now)
    return closed


def _close_next(now: Instant) -> Closed | None:
    session = current_session()
    try:
        if current_rules(session) is None:
            return None
        session.rollback()
        rules = _begin(session)
        due = next_due(session, rules.book, now)
        if due is None:
            return None
        closed = _seal(session, rules, due, scheduled_at(rules.book, due), AUTOMATIC)
        session.commit()
        return closed
    finally:
        session.rollback()


def _begin(session: Session) -> Rules:
    """Alone among evaluations, and with no event on its way in that would be counted as received before."""
    writer_lock(session)
    intake_barrier(session)
    without_timeouts(session)
    rules = current_rules(session)
    if rules is None:
        raise ClosingRefused(
            "there is no rulebook yet: apply one with `flask rulebook apply FILE`", "no_rulebook"
        )
    return rules


def _seal(session: Session, rules: Rules, period: Period, closing_at: Instant, by: str) -> Closed:
    _fold_as_known(session, rules, closing_at)
    month = period.months[-1]
    if period.kind is PeriodKind.MONTH:
        mark_dirty(session, {str(month)})
        settle_up_to(session, rules, month, closing_at)
        keep_for_good(session, rules.book, month, Directory(session))
    else:
        settle_up_to(session, rules, month, closing_at)
        rank_open_quarter(session, rules, month, closing_at)
    standings = {scope: kept_standing(session, rules, period, scope) for scope in SubjectKind}
    document = seal_document(period, closing_at, standings, Directory(session))
    last = last_seal(session)
    previous = FIRST if last is None else last.sha256
    seal = models.Seal(
        period=period.name,
        kind=period.kind.value,
        position=1 if last is None else last.position + 1,
        closing_at=closing_at,
        sealed_at=clock.now(),
        sealed_by=by,
        document=document,
        sha256=seal_hash(previous, document),
        previous_sha256=previous,
        horizon_seq=session.scalar(select(func.max(models.Event.seq))) or 0,
        roster_version_id=rules.roster_version,
        rulebook_revision_ids=str(list(rules.revisions)),
    )
    session.add(seal)
    session.flush()
    told = {"closing_at": closing_at, "sha256": seal.sha256}
    audit_log.note(session, seal.sealed_at, by, "period.closed", f"period:{period.name}", after=dict(told))
    enqueue_after_commit(session, "propose_payouts")
    return Closed(period.name, closing_at, seal.sha256)


def _fold_as_known(session: Session, rules: Rules, closing_at: Instant) -> None:
    """Folds by what was known at the closing instant: the leads about which more is known now, and those that wait.

    The former are to be folded again, by all that is known, after the sealing.
    """
    later = _known_later(session, closing_at)
    waiting = set(session.scalars(pending_leads(closing_at)))
    ordered = sorted(later | waiting)
    horizon = Horizon(received_by=closing_at)
    lead = models.Lead
    for start in range(0, len(ordered), LEADS_AT_ONCE):
        part = among(session, lead.lead_key, ordered[start : start + LEADS_AT_ONCE])
        picked = session.execute(select(lead.lead_key, lead.touched_seq).where(part)).all()
        fold_leads(session, rules, touched_by(picked), closing_at, horizon)
        again = [(row.lead_key, row.touched_seq + 1) for row in picked if row.lead_key in later]
        update_rows(session, lead, "lead_key", ("touched_seq",), again)


def _known_later(session: Session, closing_at: Instant) -> set[str]:
    """The leads that events touch which were received, or happened, after the closing instant."""
    event = models.Event
    keys: set[str] = set()
    for later in (event.received_at > closing_at, event.time_at > closing_at):
        keys |= set(session.scalars(select(event.lead_key).where(later)))
        cancelled = select(event.source, event.voids).where(later, event.voids.is_not(None)).subquery()
        same = (event.source == cancelled.c.source) & (event.event_id == cancelled.c.voids)
        keys |= set(session.scalars(select(event.lead_key).join(cancelled, same)))
    return keys

"""Versions in trial: started, given more time, stopped, begun again with a newer saving, over when their time is up.

A trial runs one saving of a draft. It decides nothing and books nothing: what it gives is counted beside the real
points (trial_counting) and seen by nobody but those whose business the rules are.
"""

import datetime as dt
from collections.abc import Mapping

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from leaderboard.domain import trials as domain
from leaderboard.domain.instants import Instant
from leaderboard.domain.periods import Month, PeriodCalendar
from leaderboard.domain.versions import Book
from leaderboard.job_queue import enqueue_after_commit
from leaderboard.persistence.db import writing_session
from leaderboard.persistence.models import Draft, Trial
from leaderboard.services import audit_log
from leaderboard.services.draft_checks import check
from leaderboard.services.drafts import existing
from leaderboard.services.rules import current_rules

JOB = "count_trials"
MOST_AT_ONCE = 3
LONGEST_REASON = 500
TIMETABLE = "schedule"
"""As the audit log names who ended what ran out."""


class TrialRefused(Exception):
    """What was asked cannot be done; `code` says why, in a word."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class NoSuchTrial(Exception):
    """There is no such trial."""


def start(
    draft_id: int, sha256: str, counts_from: dt.date, last_on: dt.date, actor: str, now: Instant
) -> int:
    """Puts the text that was seen in trial, from the first day of a month, until a day; the trial's key.

    Raises TrialRefused, and NoSuchDraft.
    """
    session = writing_session()
    try:
        end_what_is_over(session, now)
        draft = existing(session, draft_id)
        book = _book(session, now)
        _check_draft(session, draft, sha256)
        _check_room(session, draft_id)
        if (
            Month.of_date(counts_from)
            not in domain.months_to_count_from(book.calendar, book.first_month, now)
            or counts_from.day != 1
        ):
            raise TrialRefused("counts_from")
        row = Trial(
            draft_id=draft_id,
            revision=draft.revision,
            counts_from=counts_from.isoformat(),
            started_at=now,
            started_by=actor,
            ends_at=_end(book.calendar, counts_from, last_on, now),
            asked_at=now,
            claims=0,
        )
        told = {"counts_from": row.counts_from, "ends_on": last_on.isoformat(), "revision": row.revision}
        _begin(session, row)
        _note(session, row, "trial.started", actor, now, after={**told, "sha256": draft.sha256})
        session.commit()
    except BaseException:
        session.rollback()
        raise
    return row.id


def extend(trial_id: int, seen: dt.date, last_on: dt.date, actor: str, now: Instant) -> None:
    """Another last day, a later one than the one that was seen. Raises TrialRefused and NoSuchTrial."""
    session = writing_session()
    try:
        row = _running(session, trial_id, now)
        calendar = _book(session, now).calendar
        was = domain.last_day(calendar, row.ends_at)
        if was != seen:
            raise TrialRefused("changed_meanwhile")
        if last_on <= was:
            raise TrialRefused("not_later")
        row.ends_at = _end(calendar, dt.date.fromisoformat(row.counts_from), last_on, now)
        before, after = ({"ends_on": day.isoformat()} for day in (was, last_on))
        _note(session, row, "trial.extended", actor, now, before, after)
        session.commit()
    except BaseException:
        session.rollback()
        raise


def stop(trial_id: int, reason: str, actor: str, now: Instant) -> None:
    """Ends it at once, for a reason. What was counted stays. Raises TrialRefused and NoSuchTrial."""
    session = writing_session()
    kept = " ".join(reason.split())
    try:
        if not kept:
            raise TrialRefused("no_reason")
        if len(kept) > LONGEST_REASON:
            raise TrialRefused("long_reason")
        row = _running(session, trial_id, now)
        _end_now(row, "stopped", actor, now, kept)
        _note(session, row, "trial.stopped", actor, now, after={"reason": kept, "revision": row.revision})
        enqueue_after_commit(session, JOB)
        session.commit()
    except BaseException:
        session.rollback()
        raise


def restart(trial_id: int, sha256: str, actor: str, now: Instant) -> int:
    """Ends it and begins another with the draft's text that was seen, from and until the same days; its key.

    Raises TrialRefused and NoSuchTrial.
    """
    session = writing_session()
    try:
        row = _running(session, trial_id, now)
        draft = existing(session, row.draft_id)
        _check_draft(session, draft, sha256)
        if draft.revision == row.revision:
            raise TrialRefused("same_text")
        _end_now(row, "restarted", actor, now)
        session.flush()
        other = Trial(
            draft_id=row.draft_id,
            revision=draft.revision,
            counts_from=row.counts_from,
            started_at=now,
            started_by=actor,
            ends_at=row.ends_at,
            asked_at=now,
            claims=0,
        )
        _begin(session, other)
        before, after = ({"revision": one.revision} for one in (row, other))
        _note(session, row, "trial.restarted", actor, now, before, after)
        session.commit()
    except BaseException:
        session.rollback()
        raise
    return other.id


def ask_to_count(trial_id: int, now: Instant) -> None:
    """Wants it counted now rather than at its next turn. Raises TrialRefused and NoSuchTrial."""
    session = writing_session()
    try:
        row = _running(session, trial_id, now)
        row.asked_at = now
        enqueue_after_commit(session, JOB)
        session.commit()
    except BaseException:
        session.rollback()
        raise


def end_over(now: Instant) -> int:
    """Notes those whose time is up; how many. Twice changes nothing."""
    session = writing_session()
    ended = end_what_is_over(session, now)
    session.commit()
    return ended


def end_what_is_over(session: Session, now: Instant) -> int:
    """As `end_over`, in the caller's transaction. They ended on their day, whenever somebody looks."""
    row = Trial
    ended = session.execute(
        update(row)
        .where(row.ended_at.is_(None), row.ends_at <= now)
        .values(ended_at=row.ends_at, ended_by=TIMETABLE, ending="over")
        .returning(row.draft_id, row.revision)
        .execution_options(synchronize_session=False)
    ).all()
    for draft_id, revision in ended:
        subject = f"draft:{draft_id}"
        audit_log.note(session, now, TIMETABLE, "trial.over", subject, after={"revision": revision})
    return len(ended)


def _book(session: Session, now: Instant) -> Book:
    """The rulebook's versions. Raises TrialRefused where none is in force, for nothing to run beside."""
    rules = current_rules(session)
    if rules is None or rules.book.at(now) is None:
        raise TrialRefused("no_rules")
    return rules.book


def _check_draft(session: Session, draft: Draft, sha256: str) -> None:
    if draft.withdrawn_at is not None:
        raise TrialRefused("withdrawn")
    if draft.scheduled_as is not None:
        raise TrialRefused("scheduled")
    if draft.sha256 != sha256:
        raise TrialRefused("draft_changed")
    if not check(session, draft.document).is_good:
        raise TrialRefused("problems")


def _check_room(session: Session, draft_id: int) -> None:
    running = session.scalars(select(Trial.draft_id).where(Trial.ended_at.is_(None))).all()
    if draft_id in running:
        raise TrialRefused("in_trial")
    if len(running) >= MOST_AT_ONCE:
        raise TrialRefused("too_many")


def _end(calendar: PeriodCalendar, counts_from: dt.date, last_on: dt.date, now: Instant) -> Instant:
    today = calendar.date_at(now)
    if last_on <= today:
        raise TrialRefused("ends_too_soon")
    if last_on < counts_from:
        raise TrialRefused("ends_before")
    if last_on - today > domain.LONGEST:
        raise TrialRefused("ends_too_late")
    return domain.ends_at(calendar, last_on)


def _begin(session: Session, row: Trial) -> None:
    """Raises TrialRefused where somebody put the draft in trial at the same instant."""
    session.add(row)
    try:
        session.flush()
    except IntegrityError as error:
        raise TrialRefused("in_trial") from error
    enqueue_after_commit(session, JOB)


def _running(session: Session, trial_id: int, now: Instant) -> Trial:
    """The trial, held until the transaction ends. Raises NoSuchTrial, and TrialRefused for one that is over."""
    held = select(Trial).where(Trial.id == trial_id).with_for_update()
    row = session.scalar(held.execution_options(populate_existing=True))
    if row is None:
        raise NoSuchTrial
    if row.ended_at is not None or row.ends_at <= now:
        raise TrialRefused("over")
    return row


def _end_now(row: Trial, ending: str, actor: str, now: Instant, reason: str | None = None) -> None:
    row.ended_at, row.ended_by, row.ending, row.reason = now, actor, ending, reason


def _note(
    session: Session,
    row: Trial,
    action: str,
    actor: str,
    now: Instant,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
) -> None:
    """In the audit log, which calls a trial by its draft."""
    audit_log.note(session, now, actor, action, f"draft:{row.draft_id}", before=before, after=after)

"""Versions of the rulebook are put in force (rulebook.md, Rulebook)."""

import hashlib
import json
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from leaderboard.domain.instants import Instant, midnight
from leaderboard.domain.replay import Replay
from leaderboard.domain.restated import books_otherwise
from leaderboard.domain.rulebook import Rulebook
from leaderboard.domain.simulation import Pair
from leaderboard.files.rulebook import read_rulebook, resolve_holidays, with_holidays
from leaderboard.persistence.db import current_session
from leaderboard.persistence.models import AuditEntry, RulebookRevision
from leaderboard.persistence.revisions import not_taken_back
from leaderboard.services.decision_store import load_decisions
from leaderboard.services.directory import Directory
from leaderboard.services.outbox import begin_change_of_all, touch_everything
from leaderboard.services.rules import book_of, current_revisions, current_rules
from leaderboard.services.timelines import stream_timelines


class RulebookRefused(Exception):
    """A rulebook that is good in itself cannot be put in force; the message is one line in English.

    `code` with `params` says the same for other languages.
    """

    def __init__(self, message: str, code: str, **params: str) -> None:
        super().__init__(message)
        self.code = code
        self.params = params


@dataclass(frozen=True, slots=True)
class Applied:
    """What was put in force. `is_new` is False where the version in use already said the same."""

    rulebook: Rulebook
    revision: int
    is_new: bool


def apply_rulebook(
    document: bytes, name: str, now: Instant, actor: str, restatement: str | None = None
) -> Applied:
    """Makes the file's rulebook the version in force from its `effective_from`, and commits.

    `restatement` is the reason for changing what is booked already. Raises FileProblems for what is wrong with
    the file, RulebookRefused for a version that cuts time differently or, without a reason, changes what is booked.
    """
    rulebook = read_with_holidays(document, name)
    session = current_session()
    begin_change_of_all(session)
    try:
        check_agrees(rulebook, load_book(session))
        restates = changes_booked(session, rulebook, now)
        if restates and restatement is None:
            raise RulebookRefused(
                "this would change points that are booked already; apply it with --restate --reason TEXT",
                "would_restate",
            )
    except RulebookRefused:
        session.rollback()
        raise
    before = current_revisions(session)
    text = document.decode("utf-8-sig")
    revision = store_revision(session, text, rulebook, now, actor, restatement, restates)
    session.commit()
    return Applied(rulebook, revision, revision not in before)


def read_with_holidays(document: bytes, name: str) -> Rulebook:
    """The file's rulebook with the holidays of its calendars' regions. Raises FileProblems."""
    rulebook = read_rulebook(document, name)
    return with_holidays(rulebook, resolve_holidays(rulebook))


def load_book(session: Session) -> tuple[Rulebook, ...]:
    """The versions in use, in the order in which they come into force: of each, its latest revision."""
    revisions = current_revisions(session)
    if not revisions:
        return ()
    return tuple(version.rulebook for version in book_of(session, revisions).versions)


def changes_booked(session: Session, draft: Rulebook, now: Instant) -> bool:
    """Whether any points or badges booked by now would be others, had the draft been in force from its first day."""
    rules = current_rules(session)
    part_at = midnight(draft.effective_from, draft.organization.zone)
    if rules is None or part_at > now or draft in (one.rulebook for one in rules.book.versions):
        return False
    drafted = book_of(session, rules.revisions, draft)
    replays = Pair(Replay(rules.book, rules.roster, now), Replay(drafted, rules.roster, now))
    decisions = load_decisions(session, Directory(session), now)
    with closing(stream_timelines(session, now)) as timelines:
        return books_otherwise(replays, part_at, (one.events for one in timelines), decisions)


def check_agrees(rulebook: Rulebook, others: Iterable[Rulebook]) -> None:
    """Raises RulebookRefused where another version cuts months and quarters differently."""
    for other in others:
        if other.effective_from == rulebook.effective_from:
            continue
        ours, theirs = rulebook.organization, other.organization
        for key, mine, given in (
            ("timezone", ours.zone.key, theirs.zone.key),
            ("fiscal_year_start", ours.fiscal_year_start, theirs.fiscal_year_start),
        ):
            if mine != given:
                raise RulebookRefused(
                    f"organization.{key} is {mine}, but {given} in the version of {other.effective_from};"
                    " all versions have the same",
                    "cuts_time_otherwise",
                    key=f"organization.{key}",
                    mine=str(mine),
                    given=str(given),
                    other=other.effective_from.isoformat(),
                )


def store_revision(
    session: Session,
    document: str,
    rulebook: Rulebook,
    applied_at: Instant,
    applied_by: str,
    reason: str | None = None,
    restates: bool = False,
) -> int:
    """Stores the document as the latest of its `effective_from`, with the holidays of `rulebook`; its number.

    The caller has checked it, and commits. Nothing is stored again where the version in use already says the same.
    """
    holidays = _holidays(rulebook)
    digest = hashlib.sha256(f"{document}\0{holidays}".encode()).hexdigest()
    latest = _latest(session, rulebook)
    if latest is not None and latest.sha256 == digest:
        return latest.id
    row = RulebookRevision(
        effective_from=rulebook.effective_from.isoformat(),
        document=document,
        holidays=holidays,
        sha256=digest,
        applied_at=applied_at,
        applied_by=applied_by,
        reason=reason,
        restates=restates,
    )
    session.add(row)
    session.flush()
    _note(session, row, latest)
    touch_everything(session, row.id if restates else None)
    return row.id


def _holidays(rulebook: Rulebook) -> str:
    dates = {
        calendar.id: {day.isoformat(): name for day, name in calendar.holidays.items()}
        for calendar in rulebook.calendars.values()
        if calendar.region is not None
    }
    return json.dumps(dates, ensure_ascii=False, sort_keys=True)


def _latest(session: Session, rulebook: Rulebook) -> RulebookRevision | None:
    """The revision in use of the version that starts on the same day."""
    revision = RulebookRevision
    of_that_day = revision.effective_from == rulebook.effective_from.isoformat()
    latest = select(revision).where(of_that_day, not_taken_back()).order_by(revision.id.desc()).limit(1)
    return session.scalars(latest).first()


def _note(session: Session, new: RulebookRevision, before: RulebookRevision | None) -> None:
    after = {"revision": new.id, "restates": new.restates, "reason": new.reason}
    session.add(
        AuditEntry(
            at=new.applied_at,
            actor=new.applied_by,
            action="rulebook.applied",
            subject=f"rulebook:{new.effective_from}",
            before=None if before is None else json.dumps({"revision": before.id}),
            after=json.dumps(after),
        )
    )

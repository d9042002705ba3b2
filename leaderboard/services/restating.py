"""A version in force is restated on screen: first what would be booked is shown, then exactly that is confirmed.

The preview is of an instant. Whoever confirms has it computed again as of that instant, so that what has happened since
does not matter, but what came in late, was decided or was closed does; then nothing is changed, and it is shown anew.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from leaderboard.domain.comparison import TwoReplays, compare
from leaderboard.domain.instants import Instant, midnight
from leaderboard.domain.periods import Month, Period
from leaderboard.domain.points import Entry, EntryKind
from leaderboard.domain.replay import NO_PAST, Replay, World
from leaderboard.domain.restated import Corrected, adjustments_between, entries_changed
from leaderboard.domain.roster import Roster
from leaderboard.domain.rulebook import Rulebook, SubjectKind
from leaderboard.domain.simulation import Pair
from leaderboard.domain.standings import name_of
from leaderboard.persistence.db import db, reading_engine, writing_session
from leaderboard.persistence.models import Draft, Lead
from leaderboard.services import clock
from leaderboard.services.decision_store import load_decisions
from leaderboard.services.directory import Directory
from leaderboard.services.draft_checks import check
from leaderboard.services.drafts import DraftRefused, NoSuchDraft, audit, existing
from leaderboard.services.ground_moved import Footing, footing_of, has_moved
from leaderboard.services.outbox import begin_change_of_all
from leaderboard.services.replaying import Progress, untold
from leaderboard.services.rulebook_apply import store_revision
from leaderboard.services.rules import Rules, book_of, current_rules
from leaderboard.services.sealed_past import sealed_past
from leaderboard.services.signing import Hindered, Hindrance, hindrances
from leaderboard.services.simulation import Simulated
from leaderboard.services.simulation_document import document_of
from leaderboard.services.simulation_names import with_names, without_names
from leaderboard.services.timelines import first_event_at, stream_timelines

Document = dict[str, Any]

LONGEST_REASON = 1_000
_MOST_PERIODS = 6
_TRIES = 3
_CHANGED = ("ratings", "badges", "winners", "prizes", "steps")


class RestatingRefused(Exception):
    """It is not restated; `code` says why: `changed`, `busy`, `reason`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Seen:
    """What the one who confirms has seen: the draft's text, and what of the instant would be booked."""

    sha256: str
    as_of: Instant
    digest: str


def restatable(session: Session, draft: Draft, now: Instant) -> Rulebook:
    """The draft's rulebook, where it has begun and nothing else is in the way. Raises Hindered, DraftRefused."""
    checked = check(session, draft.document)
    rulebook = checked.rulebook if checked.is_good else None
    found = hindrances(session, draft, rulebook, now)
    others = tuple(one for one in found if one is not Hindrance.BEGUN)
    if others:
        raise Hindered(others)
    if rulebook is None or Hindrance.BEGUN not in found:
        raise DraftRefused("not_begun")
    return rulebook


def preview(draft_id: int, progress: Progress = untold, as_of: Instant | None = None) -> Document:
    """What restating by the draft would book, as of now; people by the keys of their rows. It changes nothing.

    Raises Hindered and DraftRefused for a draft by which nothing can be restated.
    """
    as_of = clock.now() if as_of is None else as_of
    with Session(reading_engine(db.engine)) as session:
        draft = session.get(Draft, draft_id)  # reading only: nobody's saving waits for it
        if draft is None:
            raise NoSuchDraft
        rulebook = restatable(session, draft, as_of)
        rules = current_rules(session)
        assert rules is not None
        found = _Restatement(session, rules, rulebook, as_of, progress).document()
        return {**found, "sha256": draft.sha256, "as_of": as_of, "digest": _digest(draft.sha256, found)}


def _digest(sha256: str, found: Document) -> str:
    """Of what would change, and not of what is there: what happens meanwhile does not matter."""
    changed = [
        sha256,
        found["entries"],
        found["adjustments"],
        [[one["period"], *(one[name] for name in _CHANGED)] for one in found["periods"]],
    ]
    return hashlib.sha256(json.dumps(changed, sort_keys=True).encode()).hexdigest()


def restate(draft_id: int, seen: Seen, reason: str, actor: str, progress: Progress = untold) -> int:
    """Puts the draft in force in place of what was, from its first day on; the revision's number. Commits.

    Raises RestatingRefused where something else would be booked than was seen; Hindered, DraftRefused.
    """
    why = " ".join(reason.split())
    if not why or len(why) > LONGEST_REASON:
        raise RestatingRefused("reason")
    for _ in range(_TRIES):
        before = footing_of(seen.as_of)
        found = preview(draft_id, progress, seen.as_of)
        if (found["sha256"], found["digest"]) != (seen.sha256, seen.digest):
            raise RestatingRefused("changed")
        revision = _store(draft_id, seen, before, _changes(found), why, actor)
        if revision is not None:
            return revision
    raise RestatingRefused("busy")


def _changes(found: Document) -> bool:
    return bool(found["entries"] or found["adjustments"] or any(one["badges"] for one in found["periods"]))


def _store(draft_id: int, seen: Seen, before: Footing, restates: bool, reason: str, actor: str) -> int | None:
    """None where anything that it rests on has changed since it was computed."""
    session = writing_session()
    begin_change_of_all(session)
    try:
        now = clock.now()
        draft = existing(session, draft_id)
        if has_moved(session, before):
            return None
        if draft.sha256 != seen.sha256:
            raise RestatingRefused("changed")
        rulebook = restatable(session, draft, now)
        revision = store_revision(session, draft.document, rulebook, now, actor, reason, restates)
        put = update(Draft).where(Draft.id == draft_id, Draft.scheduled_as.is_(None))
        session.execute(put.values(scheduled_as=revision))
        told = {
            "revision": revision,
            "effective_from": draft.effective_from,
            "sha256": draft.sha256,
            "reason": reason,
        }
        audit(session, draft_id, "draft.restated", actor, now, after=dict(told))
        session.commit()
        return revision
    finally:
        session.rollback()


class _Restatement:
    """One pass over all leads by both books, and what comes of it."""

    def __init__(
        self, session: Session, rules: Rules, draft: Rulebook, as_of: Instant, progress: Progress
    ) -> None:
        self._session = session
        self._rules = rules
        self._draft = draft
        self._as_of = as_of
        self._directory = Directory(session)
        self._part_at = midnight(draft.effective_from, draft.organization.zone)
        books = Pair(rules.book, book_of(session, rules.revisions, draft))
        self._replays = Pair(*(Replay(book, rules.roster, as_of) for book in books))
        self._pasts = Pair(*(sealed_past(session, book, as_of) for book in books))
        self._decisions = load_decisions(session, self._directory, as_of)
        self._read(progress)

    def _read(self, progress: Progress) -> None:
        count = self._session.scalar(select(func.count()).select_from(Lead)) or 0
        both = TwoReplays(*self._replays, self._part_at)
        with closing(stream_timelines(self._session, self._as_of)) as timelines:
            for number, timeline in enumerate(timelines, start=1):
                both.take(timeline.events)
                progress(min(number, count), count)

    def document(self) -> Document:
        """All of it, with people as keys."""
        closed = frozenset(self._pasts.as_is.months)
        adjustments = self._adjustments(closed)
        worlds = Pair(
            *(
                replay.world(past, self._decisions)
                for replay, past in zip(self._replays, self._pasts, strict=True)
            )
        )
        entries = entries_changed(worlds, closed)
        worlds.would_be.book_entries(self._entry(key, points) for key, points in adjustments.items())
        periods = [self._compared(period, worlds) for period in self._open_periods(closed)]
        subjects = [(one.subject, one.id) for one in entries] + [(one.subject, one.id) for one in adjustments]
        self._directory.learn_people(one for subject, one in subjects if subject is SubjectKind.REP)
        return {
            "effective_from": self._draft.effective_from.isoformat(),
            "currency": self._draft.organization.currency,
            "entries": [
                {
                    "period": who.month,
                    **self._who(who.subject, who.id),
                    "taken": list(pair.as_is),
                    "booked": list(pair.would_be),
                }
                for who, pair in sorted(entries.items())
            ],
            "adjustments": [
                {
                    "period": key.month,
                    **self._who(key.subject, key.id),
                    "service_level": key.service_level,
                    "points": points,
                }
                for key, points in sorted(
                    adjustments.items(), key=lambda one: (*one[0][:3], *map(str, one[0][3:]))
                )
            ],
            "periods": periods,
        }

    def _who(self, subject: SubjectKind, subject_id: str) -> Document:
        key = (
            self._directory.person_id(subject_id)
            if subject is SubjectKind.REP
            else self._directory.team_key(subject_id)
        )
        return {"subject": subject.value, "id": key}

    def _adjustments(self, closed: frozenset[Month]) -> Mapping[Corrected, int]:
        if not any(month >= Month.of_date(self._draft.effective_from) for month in closed):
            return {}
        worlds = Pair(*(replay.world(NO_PAST, self._decisions) for replay in self._replays))
        return adjustments_between(worlds, closed)

    def _entry(self, key: Corrected, points: int) -> Entry:
        """An adjustment as it would be booked."""
        return Entry(
            f"adjustment/{key.month}/{key.service_level}/{key.subject}/{key.id}/{key.team}", self._as_of,
            key.subject, key.id, key.team, points, EntryKind.ADJUSTMENT, self._draft.effective_from,
            key.service_level, corrects=key.month,
        )  # fmt: skip

    def _open_periods(self, closed: frozenset[Month]) -> Sequence[Period]:
        """Open quarters and months on which it can bear, the newest first."""
        calendar = self._rules.book.calendar
        present = calendar.month_at(self._as_of)
        first_at = first_event_at(self._session)
        begun = present if first_at is None else calendar.month_at(first_at)
        first = min(max(Month.of_date(self._draft.effective_from), begun), present)
        months = [Month.from_ordinal(one) for one in range(present.ordinal, first.ordinal - 1, -1)]
        found = []
        for month in months:
            quarter = calendar.quarter_of(month)
            if quarter.name not in self._pasts.as_is.quarters:
                found.append(quarter)
            if month not in closed:
                found.append(calendar.month(month))
        return list(dict.fromkeys(found))[:_MOST_PERIODS]

    def _compared(self, period: Period, worlds: Pair[World]) -> Document:
        simulation = compare(period, *worlds)
        replaced = (self._draft.effective_from,)
        found = document_of(Simulated(simulation, self._draft, self._draft.effective_from, replaced, False))
        return without_names(found, self._directory)


def with_names_of_today(found: Document, directory: Directory, roster: Roster) -> Document:
    """A kept preview with the ids and names that people have today; changed in place."""
    rows = [*found["entries"], *found["adjustments"]]
    directory.learn_keys(row["id"] for row in rows if row["subject"] == SubjectKind.REP.value)
    for row in rows:
        is_rep = row["subject"] == SubjectKind.REP.value
        subject_id = directory.rep_id(row["id"]) if is_rep else directory.team_id(row["id"])
        row["name"] = name_of(roster, SubjectKind(row["subject"]), subject_id)
    found["periods"] = [with_names(one, directory, roster) for one in found["periods"]]
    return found

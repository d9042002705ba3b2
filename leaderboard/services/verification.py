"""Proof: what is stored is compared with what follows from the events, by nothing but the rules.

Every line that comes out is one difference, in words, with the row it is about.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from leaderboard.domain.instants import format_instant
from leaderboard.domain.periods import Month
from leaderboard.domain.points import Entry, EntryKind, ledger_order
from leaderboard.domain.replay import World
from leaderboard.domain.rulebook import SubjectKind
from leaderboard.persistence import models
from leaderboard.persistence.db import current_session
from leaderboard.services.adjustments import booked_points, wanted_points
from leaderboard.services.answers import Question
from leaderboard.services.awards import award_of, standing_awards
from leaderboard.services.closed_periods import closed_months
from leaderboard.services.directory import Directory
from leaderboard.services.lead_checks import compare_leads
from leaderboard.services.ledger import Booking, Standing, standing_where
from leaderboard.services.ledger_listing import entry_name
from leaderboard.services.replaying import world_as_known, world_as_of
from leaderboard.services.rows import subject_id
from leaderboard.services.rules import Rules
from leaderboard.services.sealed_past import sealed_past
from leaderboard.services.seals import broken_links, rules_of, seal_of, seal_row, sealed_rows
from leaderboard.services.sum_checks import compare_sums
from leaderboard.services.timelines import Horizon

_Key = tuple[Any, ...]


def verify_ledger(question: Question) -> list[str]:
    """Recomputes every entry and every kept sum; the differences, none where all is equal."""
    session, rules, now = question.session, question.rules, question.now
    world = world_as_of(session, rules, now)
    directory = Directory(session)
    differences = [
        *_compare_entries(session, world, directory),
        *compare_leads(session, rules, now, directory),
        *compare_sums(session, rules.book.calendar),
        *_compare_awards(session, world, directory),
        *_compare_adjustments(session, rules),
        *(f"seal of {period}: its hash does not fit" for period in broken_links(_seals(session))),
    ]
    session.rollback()
    return differences


def _seals(session: Session) -> list[models.Seal]:
    return list(session.scalars(select(models.Seal).order_by(models.Seal.position)))


def _compare_entries(session: Session, world: World, directory: Directory) -> Iterable[str]:
    """Entries of open and closed months against the replay; adjustments are weighed by their sums."""
    stored: dict[_Key, list[Standing]] = defaultdict(list)
    for row in standing_where(session):
        if row.booking.kind not in (EntryKind.ADJUSTMENT.value, EntryKind.PRIZE.value):
            stored[_stored_key(row.booking, directory)].append(row)
    for entry in sorted(world.entries, key=ledger_order):
        if entry.kind in (EntryKind.ADJUSTMENT, EntryKind.PRIZE):
            continue
        rows = stored.get(_entry_key(entry))
        if rows:
            rows.pop()
        else:
            yield f"missing: {_told(_entry_key(entry))}"
    for key, rows in stored.items():
        for row in rows:
            yield f"{entry_name(row.id)} does not follow from the events: {_told(key)}"


def _entry_key(entry: Entry) -> _Key:
    return (
        entry.booked_at, entry.kind.value, entry.subject.value, entry.id, entry.team, entry.points,
        entry.service_level, None if entry.rating is None else entry.rating.value, entry.lead, entry.badge,
        entry.rulebook_on.isoformat(),
    )  # fmt: skip


def _stored_key(booking: Booking, directory: Directory) -> _Key:
    lead = booking.lead_key
    return (
        booking.booked_at, booking.kind, booking.subject,
        subject_id(directory, booking.subject, booking.person_id, booking.team_id),
        None if booking.team_id is None else directory.team_id(booking.team_id), booking.points,
        booking.service_level, booking.rating, None if lead is None or lead.startswith(" ") else lead,
        booking.badge, booking.rulebook_on,
    )  # fmt: skip


def _told(key: _Key) -> str:
    at, kind, subject, who, team, points, *rest = key
    about = " ".join(str(part) for part in rest if part is not None)
    return f"{format_instant(at)} {kind} {points:+d} for {subject} {who} (team {team or 'none'}) {about}"


def _compare_awards(session: Session, world: World, directory: Directory) -> Iterable[str]:
    """The badges that stand against those that were earned."""
    stored = {award_of(row, directory).key for row in standing_awards(session)}
    for key in sorted(stored ^ world.awards.keys()):
        yield f"award {key} {'does not follow from the events' if key in stored else 'is missing'}"


def _compare_adjustments(session: Session, rules: Rules) -> Iterable[str]:
    """What closed months come to by now, against what was sealed and adjusted."""
    for name in sorted(closed_months(session)):
        month = Month.parse(name)
        wanted, booked = wanted_points(session, rules, month), booked_points(session, month)
        for key in sorted(wanted.keys() | booked.keys()):
            right, stored = wanted.get(key, 0), booked.get(key, 0)
            if right != stored:
                yield f"adjustments of {name} for {key}: booked to {stored}, should be {right}"


def verify_period(name: str) -> list[str]:
    """Recomputes a sealed period from the events known at its sealing. Raises ValueError where it is not closed."""
    session = current_session()
    seal = seal_of(session, name)
    if seal is None:
        raise ValueError(f"{name} is not closed")
    differences = [f"seal of {broken}: its hash does not fit" for broken in broken_links(_seals(session))]
    rules = rules_of(session, seal)
    if rules is None:
        return [*differences, "the rulebook that it was sealed by is gone"]
    past = sealed_past(session, rules.book, seal.closing_at, before_position=seal.position)
    horizon = Horizon(seal.closing_at, seal.horizon_seq)
    world = world_as_known(session, rules, seal.closing_at, horizon, past)
    period = rules.book.calendar.parse(name)
    directory = Directory(session)
    for scope in SubjectKind:
        wanted = [seal_row(row, scope, directory) for row in world.standing(period, scope)]
        differences.extend(_differing_rows(scope, sealed_rows(seal, scope), wanted))
    session.rollback()
    return differences


def _differing_rows(
    scope: SubjectKind, sealed: list[dict[str, Any]], wanted: list[dict[str, Any]]
) -> Iterable[str]:
    have, want = ({row["key"]: row for row in rows} for rows in (sealed, wanted))
    for key in sorted(have.keys() | want.keys()):
        if have.get(key) != want.get(key):
            yield f"{scope} {key}: sealed {have.get(key)}, recomputed {want.get(key)}"


def list_seals() -> list[dict[str, Any]]:
    """The chain of seals, for a person to read."""
    session = current_session()
    rows = [
        {
            "period": seal.period,
            "closing_at": format_instant(seal.closing_at),
            "sealed_at": format_instant(seal.sealed_at),
            "sealed_by": seal.sealed_by,
            "sha256": seal.sha256,
        }
        for seal in _seals(session)
    ]
    session.rollback()
    return rows

"""Entries and awards as they stand, against those that follow: one line a difference, with the row it is about."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

from leaderboard.domain.instants import format_instant
from leaderboard.domain.points import Entry, ledger_order
from leaderboard.persistence.models import Award
from leaderboard.services.awards import award_of
from leaderboard.services.directory import Directory
from leaderboard.services.ledger import Booking, Standing
from leaderboard.services.ledger_listing import entry_name
from leaderboard.services.rows import subject_id

_Key = tuple[Any, ...]


def compare_entries(
    stored: Iterable[Standing], wanted: Iterable[Entry], directory: Directory
) -> Iterable[str]:
    """Entries against those of a replay, but for adjustments of closed months, which are weighed by their sums."""
    rows: dict[_Key, list[Standing]] = defaultdict(list)
    for row in stored:
        rows[_stored_key(row.booking, directory)].append(row)
    for entry in sorted(wanted, key=ledger_order):
        if entry.corrects is not None:
            continue
        key = _entry_key(entry)
        if rows.get(key):
            rows[key].pop()
        else:
            yield f"missing: {_told(key)}"
    for key, left in rows.items():
        for row in left:
            yield f"{entry_name(row.id)} does not follow from the events: {_told(key)}"


def compare_awards(stored: Iterable[Award], wanted: Collection[str], directory: Directory) -> Iterable[str]:
    """The badges that stand against the keys of those that were earned."""
    have = {award_of(row, directory).key for row in stored}
    for key in sorted(have ^ set(wanted)):
        yield f"award {key} {'does not follow from the events' if key in have else 'is missing'}"


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

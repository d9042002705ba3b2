"""Ledger entries and awards as they are listed (interfaces.md)."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from leaderboard.domain.instants import format_instant
from leaderboard.domain.periods import Period
from leaderboard.domain.points import EntryKind
from leaderboard.persistence.lead_keys import lead_of
from leaderboard.persistence.models import Award, LedgerEntry
from leaderboard.persistence.planner import usually
from leaderboard.services.awards import standing_awards
from leaderboard.services.directory import Directory
from leaderboard.services.rows import subject_id

_KIND_ORDER = {kind.value: place for place, kind in enumerate(EntryKind)}


def listed_entries(
    session: Session, period: Period | None, rep: str | None, team: str | None, everything: bool
) -> list[dict[str, Any]]:
    """The entries that stand, or with `everything` all of them, in the ledger's order."""
    directory = Directory(session)
    statement = select(LedgerEntry)
    if not everything:
        taker = aliased(LedgerEntry)
        statement = statement.outerjoin(taker, taker.takes_back == LedgerEntry.id).where(
            usually(LedgerEntry.takes_back.is_(None)), taker.id.is_(None)
        )
    if period is not None:
        statement = statement.where(
            LedgerEntry.booked_at >= period.start_at, LedgerEntry.booked_at < period.end_at
        )
    try:
        if rep is not None:
            statement = statement.where(LedgerEntry.person_id == directory.person_id(rep))
        if team is not None:
            statement = statement.where(LedgerEntry.team_id == directory.team_key(team))
    except KeyError:
        return []  # a rep or team that nothing was ever heard of has no entries
    entries = session.scalars(statement).all()
    directory.learn_keys(entry.person_id for entry in entries if entry.person_id is not None)
    return [row for _, row in sorted(_keyed(entries, directory), key=lambda keyed: keyed[0])]


def _keyed(entries: Iterable[LedgerEntry], directory: Directory) -> Iterable[tuple[Any, dict[str, Any]]]:
    for entry in entries:
        row = _entry_row(entry, directory)
        key = (
            entry.booked_at, _KIND_ORDER[entry.kind], entry.service_level or "", entry.subject, row["id"],
            row["lead"] or "", entry.badge or "", entry.reason_key, entry.id,
        )  # fmt: skip
        yield key, row


def _entry_row(entry: LedgerEntry, directory: Directory) -> dict[str, Any]:
    return {
        "booked_at": format_instant(entry.booked_at),
        "subject": entry.subject,
        "id": subject_id(directory, entry.subject, entry.person_id, entry.team_id),
        "team": None if entry.team_id is None else directory.team_id(entry.team_id),
        "points": entry.points,
        "kind": entry.kind,
        "service_level": entry.service_level,
        "rating": entry.rating,
        "lead": None if entry.lead_key is None else lead_of(entry.lead_key),
        "rulebook": entry.rulebook_on,
        "badge": entry.badge,
        "entry": entry_name(entry.id),
        "takes_back": None if entry.takes_back is None else entry_name(entry.takes_back),
        "corrects": entry.corrects,
        "reason": entry.reason,
    }


def entry_name(entry_id: int) -> str:
    """How an entry is called: `e-1842`."""
    return f"e-{entry_id}"


def listed_awards(session: Session, period: Period | None) -> list[dict[str, Any]]:
    """The awards that stand, in the order in which they were given."""
    directory = Directory(session)
    within = [] if period is None else [Award.awarded_at >= period.start_at, Award.awarded_at < period.end_at]
    found = standing_awards(session, *within)
    directory.learn_keys(award.person_id for award in found if award.person_id is not None)
    rows = [
        (award.awarded_at, award.subject, subject_id(directory, award.subject, award.person_id, award.team_id),
         award.badge)
        for award in found
    ]  # fmt: skip
    return [
        {"badge": badge, "subject": subject, "id": who, "awarded_at": format_instant(at)}
        for at, subject, who, badge in sorted(rows)
    ]

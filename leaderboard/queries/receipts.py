"""The receipts of a rep's points: entries of the ledger, by index and a page at a time, with what they rest on."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any, TypeAlias

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import aliased

from leaderboard.domain.periods import Period
from leaderboard.domain.points import EntryKind
from leaderboard.domain.rulebook import Rating, Response
from leaderboard.persistence.models import Event, LedgerEntry, Outcome
from leaderboard.persistence.planner import usually
from leaderboard.queries.ground import Reading
from leaderboard.queries.marks import badge_name
from leaderboard.queries.rep_page import Changed, Clockwork, Happening, Receipt, ReceiptDay
from leaderboard.queries.wordings import wording_at

PAGE_SIZE = 60

_Corrected: TypeAlias = tuple[str, str, int | None]
"""A month, a service level and a team."""


class Cursor:
    """Where a page of receipts begins: `1842@1790000000000000`, the entry before it and its instant."""

    @staticmethod
    def write(entry: Any) -> str:
        return f"{entry.id}@{entry.booked_at}"

    @staticmethod
    def read(text: str | None) -> tuple[int, int] | None:
        """None for none, and for one that is not ours."""
        entry, _, booked_at = (text or "").partition("@")
        if entry.isascii() and entry.isdigit() and booked_at.isascii() and booked_at.isdigit():
            return (int(booked_at), int(entry)) if len(text or "") < 40 else None
        return None


def receipts(
    reading: Reading, period: Period, person_key: int, before: str | None = None, most: int = PAGE_SIZE
) -> tuple[tuple[ReceiptDay, ...], str | None]:
    """Newest first, by day; and where the next page begins. Two statements, and a third for corrections."""
    entries = _entries(reading, period, person_key, Cursor.read(before), most + 1)
    more = Cursor.write(entries[most - 1]) if len(entries) > most else None
    shown = entries[:most]
    works, changed = _works(reading, shown), _changed(reading, shown, person_key)
    made = [(dt.date.fromisoformat(row.day), _receipt(reading, row, works, changed)) for row in shown]
    days = [
        ReceiptDay(
            day, sum(_standing(receipt) for _, receipt in group), tuple(receipt for _, receipt in group)
        )
        for day, group in ((day, list(found)) for day, found in groupby(made, key=lambda pair: pair[0]))
    ]
    return tuple(days), more


def _standing(receipt: Receipt) -> int:
    return 0 if receipt.taken_back_at is not None else receipt.points


def _entries(
    reading: Reading, period: Period, person_key: int, before: tuple[int, int] | None, most: int
) -> Sequence[Any]:
    taker = aliased(LedgerEntry)
    statement = (
        select(
            LedgerEntry.id, LedgerEntry.kind, LedgerEntry.points, LedgerEntry.booked_at, LedgerEntry.recorded_at,
            LedgerEntry.day, LedgerEntry.service_level, LedgerEntry.rating, LedgerEntry.lead_key, LedgerEntry.badge,
            LedgerEntry.rulebook_on, LedgerEntry.corrects, LedgerEntry.reason, LedgerEntry.reason_key,
            LedgerEntry.team_id,
            taker.recorded_at.label("taken_at"), taker.reason.label("taken_because"),
        )
        .outerjoin(taker, taker.takes_back == LedgerEntry.id)
        .where(
            LedgerEntry.person_id == person_key,
            usually(LedgerEntry.takes_back.is_(None)),
            LedgerEntry.booked_at >= period.start_at,
            LedgerEntry.booked_at < period.end_at,
        )
        .order_by(LedgerEntry.booked_at.desc(), LedgerEntry.id.desc())
        .limit(most)
    )  # fmt: skip
    if before is not None:
        booked_at, entry = before
        statement = statement.where(
            or_(
                LedgerEntry.booked_at < booked_at,
                and_(LedgerEntry.booked_at == booked_at, LedgerEntry.id < entry),
            )
        )
    return reading.session.execute(statement).all()


def _works(reading: Reading, entries: Iterable[Any]) -> Mapping[str, list[Any]]:
    """The outcomes of the entries' leads, with the events that opened and closed them, by outcome key."""
    leads = sorted({entry.lead_key for entry in entries if entry.lead_key is not None})
    found: dict[str, list[Any]] = defaultdict(list)
    if not leads:
        return found
    opening, closing = aliased(Event), aliased(Event)
    rows = reading.session.execute(
        select(
            Outcome.outcome_key, Outcome.rating, Outcome.at, Outcome.due_at, Outcome.elapsed_us, Outcome.within_us,
            Outcome.exceed_within_us, Outcome.rulebook_on, Outcome.service_level,
            opening.type.label("opened_by"), opening.time_at.label("opened_at"),
            opening.source.label("opened_source"), opening.event_id.label("opened_id"),
            closing.type.label("closed_by"), closing.time_at.label("closed_at"),
            closing.source.label("closed_source"), closing.event_id.label("closed_id"),
        )
        .join(opening, opening.seq == Outcome.opening_seq)
        .outerjoin(closing, closing.seq == Outcome.closing_seq)
        .where(Outcome.lead_key.in_(leads))
    )  # fmt: skip
    for row in rows:
        found[row.outcome_key].append(row)
    return found


def _changed(reading: Reading, entries: Iterable[Any], person_key: int) -> Mapping[_Corrected, list[Changed]]:
    """What counts since the months were sealed that corrections name, and what no longer."""
    found: dict[_Corrected, list[Changed]] = defaultdict(list)
    months = sorted({entry.corrects for entry in entries if entry.corrects is not None})
    if not months:
        return found
    outcome = Outcome
    rows = reading.session.execute(
        select(
            outcome.month, outcome.service_level, outcome.team_id, outcome.lead_key, outcome.rating,
            outcome.points, outcome.current,
        )
        .where(outcome.person_id == person_key, outcome.month.in_(months), outcome.counted != outcome.current)
        .order_by(outcome.at, outcome.lead_key, outcome.id)
    )  # fmt: skip
    for row in rows:
        lead = None if row.lead_key.startswith(" ") else row.lead_key
        change = Changed(lead, Rating(row.rating), row.points, bool(row.current))
        found[row.month, row.service_level, row.team_id].append(change)
    return found


def _receipt(
    reading: Reading, entry: Any, works: Mapping[str, list[Any]], changed: Mapping[_Corrected, list[Changed]]
) -> Receipt:
    outcome = _outcome_of(entry, works)
    lead = entry.lead_key
    return Receipt(
        entry=entry.id,
        kind=EntryKind(entry.kind),
        points=entry.points,
        booked_at=entry.booked_at,
        recorded_at=entry.recorded_at,
        service_level=_level_name(reading, entry),
        rating=Rating(entry.rating) if entry.rating else None,
        lead=None if lead is None or lead.startswith(" ") else lead,
        badge=badge_name(reading.ground.book, entry.badge, entry.rulebook_on) if entry.badge else None,
        rulebook_on=dt.date.fromisoformat(entry.rulebook_on),
        wording=wording_at(reading, entry.rulebook_on, entry.recorded_at),
        clock=_clock(reading, outcome) if outcome is not None and outcome.within_us is not None else None,
        recorded_by=_opened(outcome) if outcome is not None and outcome.within_us is None else None,
        corrects=entry.corrects,
        changed=tuple(changed.get((entry.corrects, entry.service_level, entry.team_id), ())),
        reason=entry.reason,
        taken_back_at=entry.taken_at,
        taken_back_because=entry.taken_because,
    )


def _outcome_of(entry: Any, works: Mapping[str, list[Any]]) -> Any:
    """The outcome that an entry was booked for: `each/MONTH/OUTCOME KEY` of that rating, at that instant."""
    parts = entry.reason_key.split("/", 2)
    if parts[0] != "each" or len(parts) < 3:
        return None
    same = [row for row in works.get(parts[2], ()) if row.rating == entry.rating]
    return next((row for row in same if row.at == entry.booked_at), None)


def _clock(reading: Reading, outcome: Any) -> Clockwork:
    closed = None
    if outcome.closed_id is not None:
        closed = Happening(outcome.closed_by, outcome.closed_at, outcome.closed_source, outcome.closed_id)
    return Clockwork(
        opened=_opened(outcome),
        closed=closed,
        due_at=outcome.due_at,
        elapsed_us=outcome.elapsed_us,
        within_us=outcome.within_us,
        exceed_within_us=outcome.exceed_within_us,
        in_working_time=in_working_time(reading, outcome.service_level, outcome.rulebook_on),
    )


def _opened(outcome: Any) -> Happening:
    return Happening(outcome.opened_by, outcome.opened_at, outcome.opened_source, outcome.opened_id)


def in_working_time(reading: Reading, service_level: str, rulebook_on: str) -> bool:
    """Whether the service level counts the open time of a calendar, and not every second."""
    level = _level(reading, service_level, rulebook_on)
    return isinstance(level, Response) and level.calendar is not None


def _level_name(reading: Reading, entry: Any) -> str | None:
    if entry.service_level is None:
        return None
    return level_name(reading, entry.service_level, entry.rulebook_on)


def level_name(reading: Reading, service_level: str, rulebook_on: str) -> str:
    """What the version in force then calls it; its id where that version is gone."""
    level = _level(reading, service_level, rulebook_on)
    return level.name if level is not None else service_level


def _level(reading: Reading, service_level: str, rulebook_on: str) -> Any:
    try:
        version = reading.ground.book.on(dt.date.fromisoformat(rulebook_on))
    except KeyError:
        return None
    return version.service_levels.get(service_level)

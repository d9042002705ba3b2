"""The periods there are, with their seals and the last proof of each; and which closes by itself soon."""

import json
from collections.abc import Mapping

from sqlalchemy import func, select

from leaderboard.domain.instants import DAY
from leaderboard.domain.periods import Period, PeriodKind
from leaderboard.persistence.models import Seal, WorkOrder
from leaderboard.queries.actors import names_of
from leaderboard.queries.board_page import PeriodFacts, PeriodState
from leaderboard.queries.ground import Reading
from leaderboard.queries.period_page import Notice, PeriodRow, Proof, SealDetails
from leaderboard.queries.periods import choices, kept_periods
from leaderboard.services.closing_order import (
    after_days,
    closes_with,
    next_to_close,
    scheduled_at,
)
from leaderboard.services.seals import broken_links

_LEAST_DAYS, _MOST_DAYS = 3, 7


def period_rows(reading: Reading) -> tuple[PeriodRow, ...]:
    """Quarters and months, the newest first; a fixed number of statements."""
    session, calendar, kept = reading.session, reading.ground.book.calendar, kept_periods(reading)
    coming = next_to_close(session, reading.ground.book, reading.now)
    seals, proofs = _seals(reading), _proofs(reading)
    facts = [
        one
        for kind in (PeriodKind.QUARTER, PeriodKind.MONTH)
        for one in choices(reading, kept, kind, calendar.at(kind, reading.now))
        if one.state is not PeriodState.BEFORE
    ]
    return tuple(_row(reading, one, coming, seals, proofs) for one in facts)


def _row(
    reading: Reading,
    facts: PeriodFacts,
    coming: Period | None,
    seals: Mapping[str, SealDetails],
    proofs: Mapping[str, Proof],
) -> PeriodRow:
    book = reading.ground.book
    period = book.calendar.parse(facts.name)
    version = book.in_month(period.months[-1])
    # What comes before the next to close by itself, and is open, is history that waits for a command.
    by_itself = coming is not None and period.end_at >= coming.end_at and facts.name not in seals
    return PeriodRow(
        facts,
        scheduled_at(book, period) if by_itself else None,
        after_days(book, period),
        None if version is None else version.effective_from,
        coming is not None and coming.name == facts.name,
        seals.get(facts.name),
        proofs.get(facts.name),
    )


def _seals(reading: Reading) -> dict[str, SealDetails]:
    """All of them, for a chain is proved from its first link on."""
    rows = reading.session.scalars(select(Seal).order_by(Seal.position)).all()
    broken = set(broken_links(rows))
    names = names_of(reading.session, (row.sealed_by for row in rows))
    return {
        row.period: SealDetails(
            row.sealed_at, row.closing_at, names[row.sealed_by], row.sha256, row.previous_sha256, row.position,
            row.period not in broken,
        )
        for row in rows
    }  # fmt: skip


def _proofs(reading: Reading) -> dict[str, Proof]:
    order = WorkOrder
    latest = select(func.max(order.id)).where(order.kind == "verify").group_by(order.subject)
    rows = reading.session.execute(
        select(order.id, order.subject, order.asked_at, order.state, order.result).where(order.id.in_(latest))
    )
    return {
        subject: Proof(number, at, state in ("done", "failed"), _differences(result))
        for number, subject, at, state, result in rows
    }


def _differences(result: str | None) -> int | None:
    return None if result is None else int(json.loads(result)["differences"])


def closing_notice(reading: Reading) -> Notice | None:
    """The period that closes by itself next, where that is near: between three days and a week ahead.

    As many days ahead as the rules leave between its end and its closing; but never fewer than three, so that who
    closes at once is told before the end, and never more than seven.
    """
    session, book = reading.session, reading.ground.book
    period = next_to_close(session, book, reading.now)
    if period is None:
        return None
    closes_at = scheduled_at(book, period)
    ahead = min(max(after_days(book, period), _LEAST_DAYS), _MOST_DAYS)
    if reading.now < closes_at - ahead * DAY:
        return None
    also = closes_with(session, book, period)
    return Notice(_facts(period), closes_at, None if also is None else _facts(also))


def _facts(period: Period) -> PeriodFacts:
    return PeriodFacts(period.name, period.kind, period.first_on, period.last_on, PeriodState.ENDED)

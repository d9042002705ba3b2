"""Made-up pages of a rep: clocks of every kind, promises in every state, receipts of every kind."""

import datetime as dt
from decimal import Decimal

from leaderboard.domain.instants import HOUR, MINUTE, Instant, from_datetime
from leaderboard.domain.points import EntryKind
from leaderboard.domain.rulebook import Rating
from leaderboard.queries.board_page import Freshness
from leaderboard.queries.rep_page import (
    Changed,
    Clockwork,
    Happening,
    Person,
    Promise,
    PromiseMeasure,
    Receipt,
    ReceiptDay,
    RepPage,
    RunningClock,
)
from tests.web.sample_pages import BADGES, CHOICES, NOVEMBER, NOW, TODAY, standing

RULES_ON = dt.date(2026, 7, 1)
CONTACT = "First contact within 30 working minutes"
DISPOSITION = "Disposition within 8 working hours"


def at(day: int, hour: int, minute: int) -> Instant:
    """An instant of November in São Paulo (three hours behind UTC)."""
    return from_datetime(dt.datetime(2026, 11, day, hour, minute, tzinfo=dt.UTC)) + 3 * HOUR


def running() -> tuple[RunningClock, ...]:
    """Nearly due, comfortable and still exceedable, standing still at lunch, paused."""
    return (
        RunningClock(
            "Nortec Engenharia",
            "First contact",
            "A",
            at(20, 13, 54),
            at(20, 15, 10),
            38 * MINUTE,
            HOUR,
            15 * MINUTE,
            3,
            2,
            True,
        ),
        RunningClock(
            "Padaria Lua",
            "First contact",
            "B",
            at(20, 14, 21),
            at(20, 16, 45),
            11 * MINUTE,
            4 * HOUR,
            HOUR,
            43,
            40,
            True,
        ),
        RunningClock(
            "Grupo Aurora",
            "Disposition",
            None,
            at(20, 10, 30),
            at(24, 11, 20),
            110 * MINUTE,
            8 * HOUR,
            None,
            2,
            2,
            True,
            is_shut=True,
        ),
        RunningClock(
            "Casa Verde",
            "Disposition",
            None,
            at(19, 10, 30),
            None,
            190 * MINUTE,
            8 * HOUR,
            None,
            2,
            2,
            True,
            is_paused=True,
        ),
    )


def promises() -> tuple[Promise, ...]:
    """Below the target, above it, and a volume."""
    in_time, volume = PromiseMeasure.IN_TIME, PromiseMeasure.VOLUME
    return (
        Promise(
            "first-contact",
            "First contact",
            in_time,
            Decimal(21),
            Decimal(24),
            Decimal("0.9"),
            Decimal("0.97"),
            5,
            100,
            150,
            -20,
        ),
        Promise(
            "disposition",
            "Disposition",
            in_time,
            Decimal(23),
            Decimal(24),
            Decimal("0.85"),
            Decimal("0.97"),
            5,
            100,
            150,
            -20,
        ),
        Promise(
            "meetings", "Meetings", volume, Decimal(9), Decimal(0), Decimal(12), Decimal(16), 1, 60, 90, 0
        ),
    )


def _clock(opened: Happening, closed: Happening | None, due: Instant, elapsed: int, within: int) -> Clockwork:
    return Clockwork(opened, closed, due, elapsed, within, 15 * MINUTE, True)


def days() -> tuple[ReceiptDay, ...]:
    """Receipts of every kind."""
    assigned, contacted, source = "lead.assigned", "lead.contacted", "salesforce"
    return (
        ReceiptDay(
            dt.date(2026, 11, 20),
            25,
            (
                Receipt(
                    1842,
                    EntryKind.EACH,
                    3,
                    at(20, 9, 8),
                    at(20, 9, 8),
                    CONTACT,
                    Rating.EXCEEDED,
                    "Moinho Azul",
                    rulebook_on=RULES_ON,
                    clock=_clock(
                        Happening(assigned, at(19, 17, 52), source, "00Q5e1/assigned"),
                        Happening(contacted, at(20, 9, 8), source, "00Q5e1/contacted"),
                        at(20, 9, 22),
                        16 * MINUTE,
                        30 * MINUTE,
                    ),
                ),
                Receipt(
                    1843,
                    EntryKind.BADGE,
                    20,
                    at(20, 9, 8),
                    at(20, 9, 8),
                    badge="Quick draw",
                    rulebook_on=RULES_ON,
                ),
                Receipt(
                    1838,
                    EntryKind.EACH,
                    2,
                    at(20, 8, 40),
                    at(20, 8, 40),
                    DISPOSITION,
                    Rating.MET,
                    "Oficina Três Irmãos",
                    rulebook_on=RULES_ON,
                    recorded_by=Happening("outcome.recorded", at(20, 8, 40), "helpdesk", "INC-2231"),
                ),
            ),
        ),
        ReceiptDay(
            dt.date(2026, 11, 19),
            -1,
            (
                Receipt(
                    1801,
                    EntryKind.EACH,
                    -1,
                    at(19, 11, 2),
                    at(19, 11, 3),
                    CONTACT,
                    Rating.MISSED,
                    "Livraria Sol",
                    rulebook_on=RULES_ON,
                    clock=_clock(
                        Happening(assigned, at(19, 10, 32), source, "00Q5a9/assigned"),
                        None,
                        at(19, 11, 2),
                        30 * MINUTE,
                        30 * MINUTE,
                    ),
                ),
                Receipt(
                    1790,
                    EntryKind.EACH,
                    2,
                    at(19, 10, 20),
                    at(19, 10, 20),
                    CONTACT,
                    Rating.MET,
                    "Livraria Sol",
                    rulebook_on=RULES_ON,
                    taken_back_at=at(19, 15, 0),
                    taken_back_because="the contact was voided",
                    clock=_clock(
                        Happening(assigned, at(19, 9, 58), source, "00Q5a9/assigned"),
                        Happening(contacted, at(19, 10, 20), source, "00Q5a9/contacted"),
                        at(19, 10, 28),
                        22 * MINUTE,
                        30 * MINUTE,
                    ),
                ),
            ),
        ),
        ReceiptDay(
            dt.date(2026, 11, 3),
            -97,
            (
                Receipt(
                    1699,
                    EntryKind.ADJUSTMENT,
                    3,
                    at(3, 9, 0),
                    at(3, 9, 0),
                    CONTACT,
                    rulebook_on=RULES_ON,
                    corrects="2026-09",
                    changed=(
                        Changed("Rosa Flores", Rating.MISSED, -2, counts=False),
                        Changed("Rosa Flores", Rating.MET, 1, counts=True),
                    ),
                ),
                Receipt(
                    1650,
                    EntryKind.DEDUCTION,
                    -100,
                    at(3, 8, 0),
                    at(3, 8, 0),
                    DISPOSITION,
                    rulebook_on=RULES_ON,
                ),
            ),
        ),
    )


def rep_page(is_own: bool = True) -> RepPage:
    """Gus Lima's November."""
    rows = standing()
    return RepPage(
        Person(4, "Gus Lima", "Inbound South"),
        is_own,
        NOVEMBER,
        CHOICES,
        TODAY,
        Freshness(NOW),
        rows[3],
        39,
        rows[2],
        rows[2:6],
        running(),
        promises(),
        BADGES[:3],
        days(),
        more_before="1650",
        clocks_running=7,
        money_per_point=Decimal("0.50"),
        currency="BRL",
    )


def new_rep_page() -> RepPage:
    """Somebody on the first day: nothing yet."""
    return RepPage(
        Person(4, "Gus Lima", None),
        True,
        NOVEMBER,
        CHOICES[:1],
        TODAY,
        Freshness(NOW),
        None,
        0,
        None,
        (),
        (),
        promises()[:0],
        (),
        (),
    )

"""Made-up pages for templates: every state a page can show, without a database."""

import datetime as dt
from decimal import Decimal
from random import Random

from leaderboard.domain.instants import HOUR, MINUTE, SECOND, from_datetime
from leaderboard.domain.periods import PeriodKind
from leaderboard.domain.rulebook import SubjectKind
from leaderboard.queries.board_page import (
    BadgeKind,
    BadgeMark,
    BoardPage,
    BoardRow,
    Freshness,
    PeriodFacts,
    PeriodState,
    Stake,
)

TODAY = dt.date(2026, 11, 20)
NOW = from_datetime(dt.datetime(2026, 11, 20, 17, 32, 5, tzinfo=dt.UTC))
SHA = "4f0c9a1be2d7705533aa1f9e0c6d4b8e21f7a9d3c5b6e8f0123456789abcdef0"

NAMES = [
    "Ana Souza",
    "Rui Faria",
    "Lia Prado",
    "Gus Lima",
    "Hana Cruz",
    "Ivo Melo",
    "Jana Rosa",
    "Kai Nunes",
    "Cleo Dias",
    "Silver Fox",
    "Bia Castro",
    "Tom Alves",
    "Nina Sá",
    "Otávio Brandão",
    "Iara Campos",
    "Maria da Conceição Albuquerque de Vasconcelos",
    "João Pedro Mendes",
    "Duda Reis",
    "Caio Prates",
    "Lu Teixeira",
    "Vera Lopes",
    "Raul Pinto",
    "Sofia Antunes",
    "Leo Couto",
    "Marta Vidal",
    "Davi Rocha",
    "Eva Moura",
    "Teo Serra",
    "Olga Braga",
    "Nuno Paiva",
    "Zoe Matos",
    "Igor Leal",
    "Alba Neto",
    "Enzo Maia",
    "Rita Viana",
    "Ugo Torres",
    "Flor Pires",
    "Beto Luz",
    "Cida Gama",
]
TEAMS = ["Inbound South", "Inbound South", "Outbound", "Inbound North", "Outbound", "Key accounts"]
BADGES = (
    BadgeMark("quick-draw", "Quick draw", BadgeKind.COUNT, 2),
    BadgeMark("clean-sheet", "Clean sheet", BadgeKind.CLEAN_MONTH),
    BadgeMark("unbroken", "Unbroken", BadgeKind.STREAK),
    BadgeMark("champions", "Champions", BadgeKind.RANK),
    BadgeMark("kind", "Helping hand", BadgeKind.GIVEN),
)


def month(name: str, state: PeriodState = PeriodState.SEALED) -> PeriodFacts:
    """A month as the picker shows it."""
    first = dt.date(int(name[:4]), int(name[5:]), 1)
    last = (first + dt.timedelta(days=32)).replace(day=1) - dt.timedelta(days=1)
    sealed_at = from_datetime(dt.datetime(last.year, last.month, last.day, 3, tzinfo=dt.UTC)) + 4 * 24 * HOUR
    sealed = state is PeriodState.SEALED
    return PeriodFacts(
        name,
        PeriodKind.MONTH,
        first,
        last,
        state,
        sealed_at if sealed else None,
        SHA if sealed else None,
        seals_at=None if sealed else sealed_at,
    )


NOVEMBER = month("2026-11", PeriodState.OPEN)
OCTOBER = month("2026-10", PeriodState.ENDED)
SEPTEMBER = month("2026-09")
Q4 = PeriodFacts(
    "2026-Q4", PeriodKind.QUARTER, dt.date(2026, 10, 1), dt.date(2026, 12, 31), PeriodState.OPEN, seals_at=NOW
)
CHOICES = (NOVEMBER, OCTOBER, SEPTEMBER, *(month(f"2026-{number:02d}") for number in range(8, 2, -1)))


def standing(count: int = 39) -> tuple[BoardRow, ...]:
    """Rows in their order, with ties and movements of every kind."""
    chance = Random(7)
    points = [655, 598, 571, 540, 522, 522, 498, 471, 466, 450]
    rows: list[BoardRow] = []
    for place in range(count):
        total = points[place] if place < len(points) else max(0, 450 - (place - 9) * 13)
        outcomes = chance.randint(18, 60)
        missed = chance.choice([0, 0, 1, 2, 3, 6])
        rank = rows[-1].rank if rows and rows[-1].points == total else place + 1
        name = (
            NAMES[place] if place < len(NAMES) else f"{NAMES[place % len(NAMES)]} {place // len(NAMES) + 1}"
        )
        rows.append(
            BoardRow(
                key=place + 1,
                name=name,
                team=TEAMS[place % len(TEAMS)],
                rank=rank,
                rank_before=None if place == 12 else rank + chance.choice([0, 0, 0, 1, 3, -1, -2, 5]),
                points=total,
                exceeded=outcomes // 3,
                met=outcomes - outcomes // 3 - missed,
                missed=missed,
                daily=_daily(chance, total),
                badges=_badges(chance, place),
            )
        )
    rows[-1] = _quiet(rows[-1])
    return tuple(rows)


def _quiet(row: BoardRow) -> BoardRow:
    return BoardRow(row.key, row.name, row.team, row.rank, None, 0)


def _daily(chance: Random, total: int) -> tuple[int, ...]:
    weights = [chance.random() ** 2 for _ in range(20)]
    whole, so_far, days = sum(weights), 0.0, []
    for weight in weights:
        so_far += weight / whole * total
        days.append(round(so_far))
    return tuple(days)


def _badges(chance: Random, place: int) -> tuple[BadgeMark, ...]:
    return (
        BADGES[: max(0, 4 - place)]
        if place < 4
        else tuple(chance.sample(BADGES, chance.choice([0, 0, 1, 2])))
    )


def reps(mine: int | None = 3, **changes: object) -> BoardPage:
    """November's reps; `mine` is the place of whoever looks."""
    rows = standing()
    own = rows[mine] if mine is not None else None
    values: dict[str, object] = {
        "scope": SubjectKind.REP,
        "period": NOVEMBER,
        "choices": CHOICES,
        "this_month": "2026-11",
        "this_quarter": "2026-Q4",
        "today": TODAY,
        "freshness": Freshness(NOW, 3, NOW - 12 * SECOND),
        "leaders": rows[:3],
        "rows": rows,
        "total": len(rows),
        "mine": own,
        "ahead": rows[mine - 1] if mine else None,
        "stakes": (Stake("Rep of the month", 1, Decimal(300), "BRL"),),
    }
    return BoardPage(**(values | changes))  # type: ignore[arg-type]


def many_reps() -> BoardPage:
    """300 reps, of which the page shows 50 and mine is far below."""
    rows = standing(300)
    return BoardPage(
        SubjectKind.REP,
        NOVEMBER,
        CHOICES,
        "2026-11",
        "2026-Q4",
        TODAY,
        Freshness(NOW),
        rows[:3],
        rows[:50],
        300,
        mine=rows[141],
        ahead=rows[40],
        around=rows[139:144],
    )


def teams() -> BoardPage:
    """The quarter's teams."""
    names = [
        "Inbound South",
        "Demand generation",
        "Outbound",
        "Inbound North",
        "Content & search",
        "Key accounts",
    ]
    points = [4812, 4455, 3790, 3466, 3052, 2610]
    before = [2, 1, 3, 6, 5, 4]
    chance = Random(3)
    rows = tuple(
        BoardRow(
            i + 1,
            name,
            None,
            i + 1,
            before[i],
            points[i],
            120 - i * 9,
            240,
            9 + i * 4,
            _daily(chance, points[i]),
            (BADGES[3],) if i == 0 else (),
            members=9 - i,
        )
        for i, name in enumerate(names)
    )
    return BoardPage(
        SubjectKind.TEAM,
        Q4,
        (Q4,),
        "2026-11",
        "2026-Q4",
        TODAY,
        Freshness(NOW - MINUTE),
        rows[:3],
        rows,
        len(rows),
        mine=rows[3],
        ahead=rows[2],
        stakes=(Stake("Best team", 1, Decimal(1500), "BRL"),),
    )


def sealed() -> BoardPage:
    """September, sealed."""
    rows = tuple(
        BoardRow(
            r.key, r.name, r.team, r.rank, None, r.points, r.exceeded, r.met, r.missed, r.daily, r.badges
        )
        for r in standing()
    )
    return BoardPage(
        SubjectKind.REP,
        SEPTEMBER,
        CHOICES,
        "2026-11",
        "2026-Q4",
        TODAY,
        Freshness(NOW),
        rows[:3],
        rows,
        len(rows),
        mine=rows[3],
        ahead=rows[2],
    )


def empty() -> BoardPage:
    """An instance that has seen nothing yet."""
    return BoardPage(
        SubjectKind.REP, NOVEMBER, (NOVEMBER,), "2026-11", "2026-Q4", TODAY, Freshness(NOW), (), (), 0
    )

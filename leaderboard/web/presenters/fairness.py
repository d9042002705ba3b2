"""What a look at fairness found, for its page: what stands out first, then pictures, each with its table."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from leaderboard.web.charts import permille
from leaderboard.web.dots import Dot, dot, scale_of
from leaderboard.web.formats import number, percent
from leaderboard.web.languages import gettext, ngettext
from leaderboard.web.presenters.fairness_findings import Document, findings, rounded
from leaderboard.web.presenters.fairness_words import (
    GROUPINGS,
    STANDS,
    STANDS_BRIEFLY,
    group_name,
)
from leaderboard.web.slopes import Slope, SlopeChart, slope_chart

Way: TypeAlias = Callable[[str], tuple[str, str] | None]
"""Where a part of the rules is edited: the words of the link, and its address; None where a draft is to be begun."""
_WHOLE = Decimal(1)
_NEARLY, _MUCH, _PLACES = Decimal("0.9"), Decimal("0.7"), Decimal("0.4")
_MOST_MOVES = 12


@dataclass(frozen=True, slots=True)
class FindingView:
    """What stands out, what can be done, and where: the words and the address of a link, where there is one."""

    words: str
    advice: str
    sign: str
    way: tuple[str, str] | None


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A group: its dot, its figures, and how it stands. `dot` is None where too little is known to say anything."""

    name: str
    figure: str
    share: str
    interval: str
    expected: str
    lost: str
    reps: str
    stand: str
    stand_words: str
    stand_briefly: str
    dot: Dot | None


@dataclass(frozen=True, slots=True)
class GroupChart:
    """The groups of one way to tell people apart; `mark` is the share of all together."""

    title: str
    rows: tuple[GroupRow, ...]
    too_few: tuple[GroupRow, ...]
    mark: float
    edges: tuple[str, str]
    """The shares at the left and the right."""


@dataclass(frozen=True, slots=True)
class ChancesView:
    """How often something came about, and for whom. `notes` say what is not in the figures."""

    id: str
    title: str
    words: str
    notes: tuple[str, ...]
    charts: tuple[GroupChart, ...]


@dataclass(frozen=True, slots=True)
class LostBar:
    """How much was out of reach by the middle."""

    name: str
    text: str
    percent: float


@dataclass(frozen=True, slots=True)
class MoveRow:
    """Who would stand elsewhere."""

    name: str
    before: str
    after: str
    change: str
    way: str


@dataclass(frozen=True, slots=True)
class LeftOutView:
    """What a service level decides; the bar is of the pairs of reps that stay, swap and share a rank."""

    id: str
    name: str
    verdict: str
    words: str
    same: float
    swapped: float
    bar_words: str
    chart: SlopeChart | None
    summary: str
    moves: tuple[MoveRow, ...]
    more: int


@dataclass(frozen=True, slots=True)
class FairnessView:
    """All of it."""

    headline: str
    findings: tuple[FindingView, ...]
    winning: ChancesView | None
    levels: tuple[ChancesView, ...]
    lost: tuple[LostBar, ...]
    left_out: tuple[LeftOutView, ...]


def present_fairness(document: Document, way: Way) -> FairnessView:
    """Everything on the page, in the reader's language."""
    found = findings(document)
    return FairnessView(
        headline=_headline(len(found)),
        findings=tuple(FindingView(one.words, one.advice, one.sign, way(one.part)) for one in found),
        winning=_winning(document),
        levels=tuple(_level(one, document["leads"]) for one in document["service_levels"]),
        lost=tuple(_lost(document)),
        left_out=tuple(_left_out(one, document) for one in document["left_out"]),
    )


def _headline(count: int) -> str:
    if not count:
        return gettext("Nothing stands out")
    return ngettext("%(num)s thing stands out", "%(num)s things stand out", count)


def _winning(document: Document) -> ChancesView | None:
    winning, chances = document["winning"], document["winning"]["chances"]
    if chances is None or not chances["cases"]:
        return None
    by_month = winning["period"] == "month"
    places = winning["places"]
    if not winning["named"]:
        words = gettext(
            "The rules recognize no rep; looked at are the first %(places)s of each month.", places=places
        )
    elif by_month:
        words = ngettext("Whoever comes first in a month wins.", "The first %(num)s of a month win.", places)
    else:
        words = ngettext(
            "Whoever comes first in a quarter wins.", "The first %(num)s of a quarter win.", places
        )
    bands = document["leads"] if by_month else None
    return ChancesView("winning", gettext("Who wins"), words, (), _charts(chances, bands, wins=True))


def _level(level: Document, bands: Document | None) -> ChancesView:
    chances, notes = level["chances"], []
    if level["by"] == "outcome":
        words = gettext(
            "Kept %(hits)s times out of %(cases)s. It has no target for the month, so each outcome counts by itself.",
            hits=number(chances["hits"]),
            cases=number(chances["cases"]),
        )
    elif level["subject"] == "team":
        words = gettext(
            "Met in %(hits)s of %(cases)s months of teams.",
            hits=number(chances["hits"]),
            cases=number(chances["cases"]),
        )
    else:
        words = gettext(
            "Met in %(hits)s of %(cases)s months of reps.",
            hits=number(chances["hits"]),
            cases=number(chances["cases"]),
        )
    if not chances["cases"]:
        words = gettext("No month was rated by it, so there is nothing to compare.")
    if level["unrated"]:
        notes.append(
            ngettext(
                "%(num)s month had too little to be rated, and is in none of these figures.",
                "%(num)s months had too little to be rated, and are in none of these figures.",
                level["unrated"],
            )
        )
    return ChancesView(f"level-{level['id']}", level["name"], words, tuple(notes), _charts(chances, bands))


def _charts(chances: Document, bands: Document | None, wins: bool = False) -> tuple[GroupChart, ...]:
    if not chances["cases"]:
        return ()
    said = [group for groups in chances["groups"].values() for group in groups if group["stand"] is not None]
    scale = scale_of(Decimal(group["high"]) for group in said) if wins else _WHOLE
    overall = Decimal(chances["hits"]) / chances["cases"]
    charts = []
    for grouping, groups in chances["groups"].items():
        title = GROUPINGS[grouping]
        rows = [_row(group, group_name(grouping, group, bands), scale) for group in groups]
        charts.append(
            GroupChart(
                gettext(title),
                tuple(row for row in rows if row.dot is not None),
                tuple(row for row in rows if row.dot is None),
                permille(float(overall), float(scale)),
                (percent(0, 1), percent(scale, 1)),
            )
        )
    return tuple(charts)


def _row(group: Document, name: str, scale: Decimal) -> GroupRow:
    hits, cases, stand = group["hits"], group["cases"], group["stand"]
    low, high = Decimal(group["low"]), Decimal(group["high"])
    words = gettext(STANDS[stand]) if stand else gettext("too few to say")
    brief = STANDS_BRIEFLY[stand] if stand else ""
    return GroupRow(
        name,
        gettext("%(kept)s of %(all)s", kept=number(hits), all=number(cases)),
        percent(hits, cases),
        gettext("%(low)s to %(high)s", low=percent(low, 1), high=percent(high, 1)),
        rounded(group["expected"]),
        gettext("%(kept)s of %(all)s", kept=number(group["lost"]), all=number(cases)),
        number(group["subjects"]),
        stand or "unsaid",
        words,
        gettext(brief) if brief else "",
        dot(low, high, Decimal(hits) / cases, scale) if stand else None,
    )


def _lost(document: Document) -> list[LostBar]:
    found = [
        (level["name"], level["chances"])
        for level in document["service_levels"]
        if level["by"] == "month" and level["chances"]["cases"]
    ]
    winning = document["winning"]["chances"]
    if winning is not None and winning["cases"]:
        found.append((gettext("A winning place"), winning))
    return [
        LostBar(
            name,
            gettext("%(kept)s of %(all)s", kept=number(chances["lost"]), all=number(chances["cases"])),
            permille(chances["lost"], chances["cases"]),
        )
        for name, chances in found
    ]


def _left_out(one: Document, document: Document) -> LeftOutView:
    rows = [move for move in document["moves"] if move["service_level"] == one["service_level"]]
    moved = [row for row in rows if _by(row)]
    moved.sort(key=lambda row: (-abs(_by(row)), row["as_is"]["rank"], row["name"]))
    pairs, whole = one["pairs"], sum(one["pairs"].values())
    return LeftOutView(
        id=one["service_level"],
        name=one["name"],
        verdict=_verdict(one),
        words=_decides(one),
        same=permille(pairs["same"], whole),
        swapped=permille(pairs["swapped"], whole),
        bar_words=gettext(
            "Of %(all)s pairs of reps, %(same)s stay in the same order, %(swapped)s swap, %(tied)s share a place on one"
            " side.",
            all=number(whole),
            same=number(pairs["same"]),
            swapped=number(pairs["swapped"]),
            tied=number(pairs["tied"]),
        ),
        chart=slope_chart(
            [Slope(row["id"], row["name"], row["as_is"]["rank"], row["without"]["rank"]) for row in rows]
        )
        if moved
        else None,
        summary=ngettext(
            "%(num)s of %(all)s moves", "%(num)s of %(all)s move", len(moved), all=number(len(rows))
        ),
        moves=tuple(map(_move, moved[:_MOST_MOVES])),
        more=max(0, len(moved) - _MOST_MOVES),
    )


def _by(row: Document) -> int:
    return int(row["as_is"]["rank"] - row["without"]["rank"])


def _move(row: Document) -> MoveRow:
    by = _by(row)
    way = "up" if by > 0 else "down"
    return MoveRow(
        row["name"], number(row["as_is"]["rank"]), number(row["without"]["rank"]), number(abs(by)), way
    )


def _verdict(one: Document) -> str:
    tau = Decimal(one["tau"])
    if not one["moved"] and not one["wins"]["lost"]:
        return gettext("Nothing would be otherwise for reps")
    if tau >= _NEARLY:
        return gettext("Nearly the same standing")
    if tau >= _MUCH:
        return gettext("Much the same standing")
    if tau >= _PLACES:
        return gettext("Another standing in many places")
    return gettext("Quite another standing")


def _decides(one: Document) -> str:
    wins, points = one["wins"], one["points"]
    told = [
        gettext(
            "%(lost)s of %(wins)s wins would be somebody else’s.",
            lost=number(wins["lost"]),
            wins=number(wins["as_is"]),
        )
        if wins["lost"]
        else gettext("The same would win.")
    ]
    if points["without"] != points["as_is"]:
        told.append(
            gettext(
                "All reps together would have %(without)s points instead of %(points)s.",
                without=number(points["without"]),
                points=number(points["as_is"]),
            )
        )
    return " ".join(told)

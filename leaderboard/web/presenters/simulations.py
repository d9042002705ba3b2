"""What a simulation came to, for its page: one that says first what would be otherwise."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeAlias

from leaderboard.domain.rulebook import MeasureKind, StepMeasure
from leaderboard.web.charts import permille
from leaderboard.web.formats import money, number, signed
from leaderboard.web.languages import N_, gettext, ngettext
from leaderboard.web.presenters import rule_terms as terms
from leaderboard.web.slopes import Slope, SlopeChart, slope_chart

Document = dict[str, Any]
Title: TypeAlias = Callable[[str], str]

_RATINGS = {
    "exceeded": N_("exceeded"),
    "met": N_("met"),
    "missed": N_("missed"),
    "not_rated": N_("not rated"),
}
_KINDS = {
    "each": N_("For each outcome"),
    "month": N_("For monthly ratings"),
    "deduction": N_("Taken by consequences"),
    "badge": N_("With badges"),
    "prize": N_("Prizes"),
    "adjustment": N_("Adjustments"),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """Something as it is and as it would be, in words; `way` is up, down or same."""

    before: str
    after: str
    change: str = ""
    way: str = "same"


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table."""

    name: str
    note: str
    cells: tuple[Cell, ...]
    way: str = "same"


@dataclass(frozen=True, slots=True)
class Board:
    """A standing: its chart and its table."""

    title: str
    summary: str
    chart: SlopeChart | None
    rows: tuple[Row, ...]
    key: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of what something costs: what it comes to, and at worst."""

    label: str
    text: str
    worst: str
    percent: float
    worst_percent: float
    tone: str


@dataclass(frozen=True, slots=True)
class Tile:
    """A figure with what it counts."""

    figure: str
    words: str
    is_quiet: bool


@dataclass(frozen=True, slots=True)
class ResultView:
    """The result."""

    headline: str
    tiles: tuple[Tile, ...]
    boards: tuple[Board, ...]
    bars: tuple[Bar, ...]
    has_ended: bool
    winners: tuple[Row, ...]
    prizes: tuple[Row, ...]
    steps: tuple[Row, ...]
    steps_left_out: int
    ratings: tuple[Row, ...]
    badges: tuple[Row, ...]
    levels: tuple[Row, ...]
    points: tuple[Row, ...]


def present_result(document: Document, title: Title) -> ResultView:
    """Everything on the page, in the reader's language; `title` is how a period is called there."""
    reps, teams = (document["standings"][scope] for scope in ("rep", "team"))
    steps = [one for one in document["steps"] if one["as_is"] != one["would_be"]]
    return ResultView(
        headline=_headline(document),
        tiles=_tiles(document, len(steps)),
        boards=(_board("reps", gettext("Reps"), reps), _board("teams", gettext("Teams"), teams)),
        bars=_bars(document),
        has_ended=document["ended"],
        winners=tuple(_winner(one, document["currency"], title) for one in document["winners"]),
        prizes=tuple(_prize(one, document["currency"]) for one in document["prizes"]),
        steps=tuple(_step(one, title) for one in steps),
        steps_left_out=len(document["steps"]) - len(steps),
        ratings=tuple(_rating(one, _level_names(document), title) for one in document["ratings"]),
        badges=tuple(_badge(one) for one in document["badges"]),
        levels=tuple(_level(one) for one in document["service_levels"]),
        points=tuple(_points(one) for one in document["points"]),
    )


def _moved(rows: list[Document]) -> int:
    return sum(1 for row in rows if row["moves"])


def _headline(document: Document) -> str:
    moved = _moved(document["standings"]["rep"])
    if not moved and not _moved(document["standings"]["team"]):
        return gettext("Everybody would stay where they are")
    return ngettext("%(num)s rep would stand elsewhere", "%(num)s reps would stand elsewhere", moved)


def _tiles(document: Document, steps: int) -> tuple[Tile, ...]:
    cost, currency = document["bonus"]["cost"], document["currency"]
    before, after = Decimal(cost["as_is"]), Decimal(cost["would_be"])
    change = money(abs(after - before), currency)
    ratings, badges = len(document["ratings"]), len(document["badges"])
    counted = (
        (ratings, ngettext("rating would change", "ratings would change", ratings)),
        (badges, ngettext("badge gained or lost", "badges gained or lost", badges)),
        (steps, ngettext("step of a consequence would change", "steps of consequences would change", steps)),
    )  # fmt: skip
    tiles = [Tile(number(count), words, not count) for count, words in counted]
    if not document["ended"]:
        return (Tile("–", gettext("bonuses are won at the period’s end"), True), *tiles)
    words = (
        gettext("more in bonuses")
        if after > before
        else gettext("less in bonuses")
        if after < before
        else gettext("in bonuses, as now")
    )
    figure = money(after, currency) if after == before else change
    return (Tile(figure, words, after == before), *tiles)


def _board(key: str, title: str, rows: list[Document]) -> Board:
    both = [row for row in rows if row["as_is"] and row["would_be"]]
    slopes = [Slope(row["id"], row["name"], row["as_is"]["rank"], row["would_be"]["rank"]) for row in both]
    moved = _moved(rows)
    summary = (
        gettext("All keep their place")
        if not moved
        else ngettext("%(num)s of %(all)s moves", "%(num)s of %(all)s move", moved, all=number(len(rows)))
    )
    return Board(title, summary, slope_chart(slopes), tuple(_standing(row) for row in rows), key)


def _standing(row: Document) -> Row:
    before, after = row["as_is"] or {}, row["would_be"] or {}
    moves = row["moves"] or 0
    change = after.get("points", 0) - before.get("points", 0)
    return Row(
        row["name"],
        "",
        (
            Cell(_or_dash(before.get("rank")), _or_dash(after.get("rank")), number(abs(moves)), _way(moves)),
            Cell(_or_dash(before.get("points")), _or_dash(after.get("points")), signed(change), _way(change)),
            Cell(in_time(before), in_time(after)),
        ),
        _way(moves),
    )


def _way(change: int | Decimal) -> str:
    return "up" if change > 0 else "down" if change < 0 else "same"


def _or_dash(value: int | None) -> str:
    return "–" if value is None else number(value)


def in_time(side: Document) -> str:
    """`12 of 14`: what was met or exceeded, of all; a dash for one who is not listed, or had nothing."""
    if not side or side["compliance"] is None:
        return "–"
    kept = side["exceeded"] + side["met"]
    return gettext("%(kept)s of %(all)s", kept=number(kept), all=number(kept + side["missed"]))


def _bars(document: Document) -> tuple[Bar, ...]:
    bonus, currency = document["bonus"], document["currency"]
    most = max(Decimal(bonus[key][side]) for key in ("cost", "worst") for side in ("as_is", "would_be"))
    sides = (("as_is", gettext("As it is"), "was"), ("would_be", gettext("As it would be"), "new"))
    return tuple(
        Bar(
            label,
            money(Decimal(bonus["cost"][side]), currency),
            money(Decimal(bonus["worst"][side]), currency),
            permille(float(bonus["cost"][side]), float(most)),
            permille(float(bonus["worst"][side]), float(most)),
            tone,
        )
        for side, label, tone in sides
        if most
    )


def _winner(one: Document, currency: str, title: Title) -> Row:
    before, after = (_won(one[side], currency) for side in ("as_is", "would_be"))
    way = "same" if bool(one["as_is"]) == bool(one["would_be"]) else "up" if one["would_be"] else "down"
    return Row(
        one["name"],
        f"{one['recognition_name']} · {title(one['period'])}",
        (Cell(before, after, way=way),),
        way,
    )


def _won(win: Document | None, currency: str) -> str:
    if win is None:
        return gettext("does not win")
    return gettext("wins without a bonus") if win["bonus"] is None else money(Decimal(win["bonus"]), currency)


def _prize(one: Document, currency: str) -> Row:
    before, after = (_given(one[side], currency) for side in ("as_is", "would_be"))
    way = "same" if bool(one["as_is"]) == bool(one["would_be"]) else "up" if one["would_be"] else "down"
    return Row(one["name"], one["prize_name"], (Cell(before, after, way=way),), way)


def _given(prize: Document | None, currency: str) -> str:
    if prize is None:
        return gettext("nothing")
    points = [] if not prize["points"] else [_in_points(prize["points"])]
    return " + ".join(
        [*points, *([] if prize["money"] is None else [money(Decimal(prize["money"]), currency)])]
    )


def _in_points(points: int) -> str:
    return ngettext("%(points)s point", "%(points)s points", points, points=number(points))


def _step(one: Document, title: Title) -> Row:
    before, after = (_step_words(one[side]) for side in ("as_is", "would_be"))
    way = "up" if one["as_is"] is None else "down" if one["would_be"] is None else "same"
    return Row(
        one["name"],
        f"{one['consequence_name']} · {title(one['month'])}",
        (Cell(before, after, way=way),),
        way,
    )


def _step_words(step: Document | None) -> str:
    if step is None:
        return gettext("no step")
    measures = [
        StepMeasure(MeasureKind(one["do"]), one["points"], one["approval"]) for one in step["measures"]
    ]
    return gettext("step %(number)s: %(measures)s", number=step["step"], measures=terms.step(measures))


def _level_names(document: Document) -> dict[str, str]:
    return {level["id"]: level["name"] for level in document["service_levels"]}


def _rating(one: Document, names: dict[str, str], title: Title) -> Row:
    before, after = (one[side] or {"rating": "not_rated", "value": None} for side in ("as_is", "would_be"))
    order = list(_RATINGS)
    way = _way(order.index(before["rating"]) - order.index(after["rating"]))
    level = names.get(one["service_level"], one["service_level"])
    return Row(
        one["name"], f"{level} · {title(one['month'])}", (Cell(_rated(before), _rated(after), way=way),), way
    )


def _rated(rating: Document) -> str:
    words = _RATINGS[rating["rating"]]
    return gettext(words)


def _badge(one: Document) -> Row:
    way = _way(one["would_be"] - one["as_is"])
    cell = Cell(number(one["as_is"]), number(one["would_be"]), way=way)
    return Row(one["name"], one["badge_name"], (cell,), way)


def _level(one: Document) -> Row:
    cells = []
    for what, missing in (("outcomes", 0), ("ratings", 1)):
        sides = [one[side][what] for side in ("as_is", "would_be")]
        kept = [side["exceeded"] + side["met"] for side in sides]
        whole = [kept[place] + side["missed"] for place, side in enumerate(sides)]
        words = [
            gettext("%(kept)s of %(all)s", kept=number(kept[place]), all=number(whole[place])) if whole[place] else "–"
            for place in (0, 1)
        ]  # fmt: skip
        cells.append(
            Cell(words[0], words[1], way=_way(kept[1] - kept[0]) if missing or any(whole) else "same")
        )
    return Row(one["name"], "", tuple(cells), "same" if one["as_is"] == one["would_be"] else "other")


def _points(one: Document) -> Row:
    change = one["would_be"] - one["as_is"]
    cell = Cell(number(one["as_is"]), number(one["would_be"]), signed(change), _way(change))
    kind = _KINDS[one["kind"]]
    return Row(gettext(kind), "", (cell,), _way(change))

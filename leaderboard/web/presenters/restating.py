"""What restating a version would book, in words: per person and month, and with what it does to ranks and money."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from leaderboard.web.formats import number, signed
from leaderboard.web.languages import gettext, ngettext
from leaderboard.web.presenters.simulations import ResultView, Tile, present_result

Document: TypeAlias = dict[str, Any]
Title: TypeAlias = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class BookedRow:
    """What is booked for somebody in an open month, or for a closed one."""

    name: str
    period: str
    taken: str
    booked: str
    net: str
    way: str
    """`up`, `down`, `same`: of the net."""


@dataclass(frozen=True, slots=True)
class PeriodChange:
    """An open period as it is and as it would be."""

    title: str
    result: ResultView


@dataclass(frozen=True, slots=True)
class RestatementView:
    """All of a preview."""

    headline: str
    tiles: tuple[Tile, ...]
    entries: tuple[BookedRow, ...]
    adjustments: tuple[BookedRow, ...]
    periods: tuple[PeriodChange, ...]
    is_empty: bool


def present_restatement(found: Document, title: Title) -> RestatementView:
    """The view of a preview with names; `title` is how a period is called."""
    entries, adjustments = tuple(_entries(found, title)), tuple(_adjustments(found, title))
    people = {(one["subject"], one["id"]) for one in (*found["entries"], *found["adjustments"])}
    periods = tuple(
        PeriodChange(title(one["period"]), present_result(one, title)) for one in found["periods"]
    )
    changed = any(one[name] for one in found["periods"] for name in ("badges", "winners", "ratings", "steps"))
    return RestatementView(
        headline=_headline(len(people)),
        tiles=tuple(_tiles(found)),
        entries=entries,
        adjustments=adjustments,
        periods=periods,
        is_empty=not people and not changed,
    )


def _headline(people: int) -> str:
    if not people:
        return gettext("Nobody’s points would change")
    return ngettext(
        "The points of %(num)s person or team would change",
        "The points of %(num)s people and teams would change",
        people,
    )


def _tiles(found: Document) -> Iterator[Tile]:
    taken = sum(one["taken"][0] for one in found["entries"])
    booked = sum(one["booked"][0] for one in found["entries"])
    yield Tile(number(taken), ngettext("entry taken back", "entries taken back", taken), not taken)
    words = ngettext("entry booked in its place", "entries booked in their place", booked)
    yield Tile(number(booked), words, not booked)
    adjusted = len(found["adjustments"])
    yield Tile(
        number(adjusted),
        ngettext("adjustment for a closed month", "adjustments for closed months", adjusted),
        not adjusted,
    )


def _entries(found: Document, title: Title) -> Iterator[BookedRow]:
    for one in found["entries"]:
        taken, booked = one["taken"][1], one["booked"][1]
        net = booked - taken
        yield BookedRow(
            one["name"], title(one["period"]), number(taken), number(booked), signed(net), _way(net)
        )


def _adjustments(found: Document, title: Title) -> Iterator[BookedRow]:
    added: dict[tuple[str, str, str], int] = {}
    for one in found["adjustments"]:
        key = (one["name"], one["subject"], one["period"])
        added[key] = added.get(key, 0) + one["points"]
    for (name, _, period), points in added.items():
        yield BookedRow(name, title(period), "", "", signed(points), _way(points))


def _way(net: int) -> str:
    return "up" if net > 0 else "down" if net < 0 else "same"

"""What interrupts a line-up: moments to celebrate, and what a manager has the screen do; each sent once."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from flask import render_template

from leaderboard.domain.instants import MINUTE, SECOND, Instant
from leaderboard.queries.ground import Reading
from leaderboard.queries.wall_moments import moments_after, newest_moment
from leaderboard.queries.wall_reveal import reveal_facts
from leaderboard.services import clock, screen_orders
from leaderboard.services.page_session import let_go
from leaderboard.services.reading import open_reading
from leaderboard.services.screen_orders import Order, OrderKind
from leaderboard.services.screens import KnownScreen, Look
from leaderboard.services.wall import wall_of
from leaderboard.web.languages import LANGUAGES, speak
from leaderboard.web.presenters.wall import paragraphs_of
from leaderboard.web.presenters.wall_moments import present_moment, present_reveal
from leaderboard.web.tv.frames import asked_for
from leaderboard.web.tv.marks import Mark

_FRESH = 2 * MINUTE
"""A moment that a screen missed for longer is no moment any more."""


@dataclass(frozen=True, slots=True)
class Call:
    """One interruption as it is sent, and how far a screen has heard that has got it."""

    told: dict[str, Any]
    mark: Mark


@dataclass(frozen=True, slots=True)
class Calls:
    """What a screen has not heard yet, in its order, and how far it has heard with all of that."""

    calls: tuple[Call, ...]
    mark: Mark


def calls_for(screen: KnownScreen, mark: Mark | None) -> Calls:
    """What has come for a screen since its mark. One that has heard nothing is told what stands.

    So is one whose mark names what has not been yet: it comes from another life of the database.
    """
    now = clock.now()
    speak(LANGUAGES[screen.look.language])
    reading = open_reading(now)
    try:
        newest = Mark(0 if reading is None else newest_moment(reading), screen_orders.latest())
        if mark is None or mark.moment > newest.moment or mark.order > newest.order:
            standing = screen_orders.standing_orders(screen.screen_id, now)
            told = _ordered(screen.look, reading, standing, newest)
            return Calls(tuple(Call(one.told, newest) for one in told), newest)
        orders = screen_orders.orders_after(screen.screen_id, mark.order, now)
        calls = [*_ordered(screen.look, reading, orders, mark)]
        if reading is not None:
            calls.extend(_moments(reading, screen.look, Mark(mark.moment, newest.order), now))
        return Calls(tuple(calls), newest)
    finally:
        let_go()


def _moments(reading: Reading, look: Look, mark: Mark, now: Instant) -> Iterator[Call]:
    """Those after the mark; with each a screen has heard as far as it."""
    for one in moments_after(wall_of(reading, look), mark.moment, now - _FRESH):
        html = render_template("tv/moment.html", view=present_moment(one))
        told = {"call": "moment", "id": f"m{one.number}", "kind": one.kind, "html": html}
        yield Call(told, Mark(one.number, mark.order))


def _ordered(look: Look, reading: Reading | None, orders: Iterable[Order], mark: Mark) -> Iterator[Call]:
    """Orders first: the moments of the mark are still to come when the last of them is heard."""
    for order in orders:
        told = _order(look, reading, order)
        if told is not None:
            yield Call(told, Mark(mark.moment, order.number))


def _order(look: Look, reading: Reading | None, order: Order) -> dict[str, Any] | None:
    """As the screen takes it. Lengths are in milliseconds from now: a television's own clock may be wrong."""
    left = (order.until_at - clock.now()) // (SECOND // 1000)
    told: dict[str, Any] = {"call": order.kind.value, "id": f"o{order.number}", "left": left}
    if order.kind is OrderKind.MESSAGE:
        html = render_template("tv/message.html", paragraphs=paragraphs_of(order.payload.get("text", "")))
        return told | {"html": html}
    if order.kind is OrderKind.SLIDE:
        return _slide(look, reading, order, told)
    if order.kind is OrderKind.REVEAL:
        return _reveal(look, reading, order, told)
    return told


def _slide(look: Look, reading: Reading | None, order: Order, told: dict[str, Any]) -> dict[str, Any] | None:
    if reading is None:
        return None
    kind, *words = (order.payload.get(name, "") for name in ("slide", "headline", "text"))
    asked = asked_for(reading, look, kind, *words)
    if asked is None:
        return None
    return told | {"key": asked.key, "pages": [[one.key, one.seconds, one.html] for one in asked.parts]}


def _reveal(look: Look, reading: Reading | None, order: Order, told: dict[str, Any]) -> dict[str, Any] | None:
    if reading is None:
        return None
    period = reading.ground.book.calendar.parse(order.payload["period"])
    facts = reveal_facts(wall_of(reading, look), period)
    if facts is None:
        return None
    gone = (reading.now - order.at) // (SECOND // 1000)
    return told | {
        "html": render_template("tv/reveal.html", view=present_reveal(facts)),
        "gone": max(0, gone),
    }

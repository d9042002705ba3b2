"""What interrupts a line-up: moments to celebrate, and what a manager has the screen do; each sent once."""

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

_FRESH = 2 * MINUTE
"""A moment that a screen missed for longer is no moment any more."""


@dataclass(frozen=True, slots=True)
class Mark:
    """How far a screen has heard: the numbers of the last moment and of the last order."""

    moment: int
    order: int

    def __str__(self) -> str:
        return f"{self.moment}.{self.order}"

    @staticmethod
    def read(text: str) -> "Mark | None":
        """The mark that a screen names; None for anything else."""
        first, _, second = text.partition(".")
        if (
            not (first.isascii() and first.isdigit() and second.isascii() and second.isdigit())
            or len(text) > 40
        ):
            return None
        return Mark(int(first), int(second))


def begin(screen: KnownScreen) -> tuple[Mark, list[dict[str, Any]]]:
    """Where a screen begins that has heard nothing yet, and what it is still to show."""
    reading = open_reading()
    try:
        moment = 0 if reading is None else newest_moment(reading)
        order = screen_orders.latest()
        standing = screen_orders.standing_orders(screen.screen_id, clock.now())
        return Mark(moment, order), _told(screen.look, reading, standing)
    finally:
        let_go()


def calls_after(screen: KnownScreen, mark: Mark) -> tuple[Mark, list[dict[str, Any]]]:
    """What has come for a screen since, and how far it has heard then."""
    now = clock.now()
    speak(LANGUAGES[screen.look.language])
    reading = open_reading(now)
    try:
        orders = screen_orders.orders_after(screen.screen_id, mark.order, now)
        calls = _told(screen.look, reading, orders)
        last = mark.moment
        if reading is not None:
            last = max(last, newest_moment(reading))
            calls.extend(_moments(reading, screen.look, mark.moment, now))
        return Mark(last, max([mark.order, *(one.number for one in orders)])), calls
    finally:
        let_go()


def _moments(reading: Reading, look: Look, number: int, now: Instant) -> list[dict[str, Any]]:
    found = moments_after(wall_of(reading, look), number, now - _FRESH)
    return [
        {
            "call": "moment",
            "id": f"m{one.number}",
            "kind": one.kind,
            "html": render_template("tv/moment.html", view=present_moment(one)),
        }
        for one in found
    ]


def _told(look: Look, reading: Reading | None, orders: tuple[Order, ...]) -> list[dict[str, Any]]:
    speak(LANGUAGES[look.language])
    told = [_order(look, reading, one) for one in orders]
    return [one for one in told if one is not None]


def _order(look: Look, reading: Reading | None, order: Order) -> dict[str, Any] | None:
    """As the screen takes it. Lengths are in milliseconds from now: a television's own clock may be wrong."""
    left = (order.until_at - clock.now()) // (SECOND // 1000)
    told: dict[str, Any] = {"call": order.kind.value, "id": f"o{order.number}", "left": left}
    if order.kind is OrderKind.MESSAGE:
        html = render_template("tv/message.html", paragraphs=paragraphs_of(order.payload.get("text", "")))
        return told | {"html": html}
    if order.kind is OrderKind.SLIDE:
        return told | {"slide": order.payload.get("slide", "")}
    if order.kind is OrderKind.REVEAL:
        return _reveal(look, reading, order, told)
    return told


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

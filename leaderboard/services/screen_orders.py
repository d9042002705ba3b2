"""What a manager has a screen do now: load itself anew, say something, show a slide, play the reveal, or stop."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import func, not_, or_, select

from leaderboard.domain.instants import MINUTE, Instant
from leaderboard.persistence.bulk import insert_into
from leaderboard.persistence.db import writing_session
from leaderboard.persistence.models import Screen, ScreenOrder, Seal
from leaderboard.services.audit_log import note
from leaderboard.services.page_session import page_session
from leaderboard.services.screens import ScreenProblem
from leaderboard.services.wall_turns import take_turn

LONGEST_MESSAGE = 200
_RELOADS_WITHIN = 2 * MINUTE
MOST_MINUTES = 240


class OrderKind(StrEnum):
    """What it is to do."""

    RELOAD = "reload"
    MESSAGE = "message"
    SLIDE = "slide"
    REVEAL = "reveal"
    STOP = "stop"
    """End a message or a reveal that is on."""


LASTING = (OrderKind.MESSAGE, OrderKind.REVEAL)
"""What is still to be seen by a screen that comes later, until it is over, stopped, or replaced by another one."""


@dataclass(frozen=True, slots=True)
class Order:
    """An order as a screen takes it. `payload` has `text`, `period`, or `slide`: its kind, and of an announcement
    `headline` and `text`.
    """

    number: int
    kind: OrderKind
    payload: Mapping[str, str]
    at: Instant
    until_at: Instant


def give(
    kind: OrderKind,
    payload: Mapping[str, str],
    minutes: int,
    *,
    screen_id: int | None,
    actor: str,
    now: Instant,
) -> int:
    """Tells a screen, or (None) all of them; the order's number. Raises ScreenProblem: gone, or not sealed."""
    session = writing_session()
    if screen_id is not None:
        shown = select(Screen.id).where(Screen.id == screen_id, Screen.revoked_at.is_(None))
        if session.scalar(shown) is None:
            session.rollback()
            raise ScreenProblem("gone")
    if (
        kind is OrderKind.REVEAL
        and session.scalar(select(Seal.period).where(Seal.period == payload["period"])) is None
    ):
        session.rollback()
        raise ScreenProblem("unsealed")
    take_turn(session)
    length = _length(kind, minutes)
    row = {
        "screen_id": screen_id, "kind": kind.value, "payload": json.dumps(dict(payload), ensure_ascii=False),
        "at": now, "until_at": now + length, "ordered_by": actor,
    }  # fmt: skip
    made: int = session.execute(
        insert_into(session, ScreenOrder.__table__).values(row).returning(ScreenOrder.id)
    ).scalar_one()
    subject = "screens" if screen_id is None else f"screen:{screen_id}"
    note(session, now, actor, f"screen.{kind.value}", subject, after=dict(payload) or None)
    session.commit()
    return made


def _length(kind: OrderKind, minutes: int) -> int:
    """A stop outlives whatever it stops."""
    if kind is OrderKind.STOP:
        return MOST_MINUTES * MINUTE
    return minutes * MINUTE if kind in LASTING else _RELOADS_WITHIN


def latest() -> int:
    """The number of the newest order; 0 before the first."""
    return page_session().scalar(select(func.max(ScreenOrder.id))) or 0


def orders_after(screen_id: int, number: int, now: Instant) -> tuple[Order, ...]:
    """What the screen was told after that order, and is still to begin."""
    return tuple(one for one in _open(screen_id, now) if one.number > number)


def addressed(now: Instant) -> frozenset[int]:
    """The screens that were told something by themselves which is still to be seen."""
    order = ScreenOrder
    statement = select(order.screen_id).where(order.until_at > now, order.screen_id.is_not(None)).distinct()
    return frozenset(found for found in page_session().scalars(statement) if found is not None)


def standing_orders(screen_id: int, now: Instant) -> tuple[Order, ...]:
    """What a screen that comes only now is still to show: the last message or reveal, if it was not stopped since."""
    return tuple(one for one in _open(screen_id, now) if one.kind in LASTING)


def _open(screen_id: int, now: Instant) -> list[Order]:
    """What is not over. Of messages, reveals and stops only the newest: a message that another one replaced is over,
    whichever of them was to stay longer.
    """
    order = ScreenOrder
    is_heard = or_(order.screen_id.is_(None), order.screen_id == screen_id)
    replacing = order.kind.in_([*LASTING, OrderKind.STOP])
    newest = select(func.max(order.id)).where(is_heard, replacing).correlate(None).scalar_subquery()
    statement = (
        select(order.id, order.kind, order.payload, order.at, order.until_at)
        .where(order.until_at > now, is_heard, or_(not_(replacing), order.id == newest))
        .order_by(order.id)
    )
    rows = page_session().execute(statement)
    return [Order(row.id, OrderKind(row.kind), json.loads(row.payload), row.at, row.until_at) for row in rows]

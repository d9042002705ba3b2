"""Orders become seen in the order of their numbers, whoever gives them at once."""

import threading

from flask import Flask
from sqlalchemy.orm import Session

from leaderboard.domain.instants import MINUTE
from leaderboard.persistence.db import db
from leaderboard.services import clock, screen_orders
from leaderboard.services.screen_orders import OrderKind
from leaderboard.services.wall_turns import take_turn


def test_an_order_that_is_about_to_be_given_is_waited_for(app: Flask) -> None:
    given: list[int] = []

    def give() -> None:
        with app.app_context():
            given.append(
                screen_orders.give(
                    OrderKind.MESSAGE, {"text": "second"}, 10, screen_id=None, actor="test", now=clock.now()
                )
            )

    other = threading.Thread(target=give)
    with app.app_context(), Session(db.engine) as session:
        take_turn(session)
        other.start()
        other.join(timeout=0.5)
        assert given == [], "its number would be higher than the one that is given here"
        assert screen_orders.latest() == 0
        session.rollback()
    other.join(timeout=30)
    with app.app_context():
        assert given == [screen_orders.latest()]
        (order,) = screen_orders.standing_orders(1, clock.now() + MINUTE)
        assert order.payload == {"text": "second"}

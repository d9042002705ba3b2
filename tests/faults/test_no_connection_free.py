"""All connections are taken for too long: whoever asks is told to come again, and is answered when one is free."""

import contextlib
from typing import Any

from flask import Flask

from leaderboard.persistence.db import db
from leaderboard.services import api_tokens
from tests.cast import MANAGER, Cast, cast_of
from tests.web.test_api import event, is_problem, post


def test_without_a_free_connection_it_is_said_when_to_come_again(acme: Flask) -> None:
    cast = cast_of(acme)
    token, browser = cast.token(api_tokens.EVENTS_WRITE), cast.logged_in(MANAGER)
    with acme.app_context():
        pool: Any = db.engine.pool
    pool._timeout = 0.1
    with contextlib.ExitStack() as taken:
        for _ in range(pool.size() + pool._max_overflow):
            taken.enter_context(contextlib.closing(pool.connect()))
        check_refused(cast, token)
        page = browser.get("/")
        assert page.status_code == 503
        assert "Not available for a moment" in page.text
    assert post(cast, token, event(1)).status_code == 202
    assert browser.get("/").status_code == 200


def check_refused(cast: Cast, token: str) -> None:
    answer = post(cast, token, event(1))
    is_problem(answer, 503)
    assert int(answer.headers["Retry-After"]) > 0

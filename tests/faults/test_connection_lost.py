"""The server goes away between an answer and its end: the answer is given, and the next request finds the way back."""

import pytest
from flask import Flask, Response
from sqlalchemy import func, select

from leaderboard.persistence.db import current_session, db
from leaderboard.services import api_tokens
from tests.cast import MANAGER, Cast, cast_of
from tests.databases import Database, PostgresqlServer
from tests.web.test_api import bearer, event, post

OTHERS = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'leaderboard'"


@pytest.fixture(params=["postgresql_server"])
def database_server(request: pytest.FixtureRequest) -> PostgresqlServer:
    """SQLite is in the process itself and cannot go away."""
    server: PostgresqlServer = request.getfixturevalue(request.param)
    return server


@pytest.fixture
def cast(acme: Flask, database_server: PostgresqlServer, database: Database) -> Cast:
    """Whose every answer is followed by the end of all connections, while it still holds one."""
    cast = cast_of(acme)

    def cut_off(answer: Response) -> Response:
        current_session().scalar(select(func.now()))
        database_server.execute(OTHERS)
        return answer

    acme.after_request(cut_off)
    return cast


def test_an_answer_that_is_made_is_given_though_the_connection_dies(cast: Cast) -> None:
    token, reader = cast.token(api_tokens.EVENTS_WRITE), cast.token(api_tokens.READ)
    browser = cast.logged_in(MANAGER)
    for number in range(3):
        assert browser.get("/").status_code == 200
        assert post(cast, token, event(number)).status_code == 202
        address = "/api/v1/standings/2026-08"
        assert cast.browser().get(address, headers=bearer(reader)).status_code == 200


def test_no_session_that_lost_its_connection_is_kept(cast: Cast) -> None:
    for _ in range(5):
        assert cast.logged_in(MANAGER).get("/").status_code == 200
    assert db.session.registry.registry == {}

"""Standings for programs: the document of `flask standings --json`, by HTTP."""

import datetime as dt
import json

import pytest
from werkzeug.test import TestResponse

from leaderboard.domain.instants import parse_rfc3339
from leaderboard.domain.roster import Rep, Roster, Team, TeamSpan
from leaderboard.persistence.db import current_session
from leaderboard.services import api_tokens
from leaderboard.services.roster_import import replace_roster
from leaderboard.services.rulebook_apply import apply_rulebook
from tests.cast import Cast
from tests.services.test_visibility import RULEBOOK
from tests.web.test_api import bearer, event, is_problem, post

URL = "/api/v1/standings/2026-08"
START = parse_rfc3339("2026-01-01T00:00:00Z")


@pytest.fixture
def reader(cast: Cast) -> str:
    """A reader's token; two events are in, of which the first was answered in time."""
    team, span = Team("inbound", "Inbound", "sales"), TeamSpan("inbound", dt.date(2026, 1, 1))
    with cast.app.app_context():
        session = current_session()
        apply_rulebook(RULEBOOK, "rulebook.yaml", START, "test", None)
        replace_roster(
            session, Roster({"inbound": team}, {"ana": Rep("ana", "Ana Souza", teams=(span,))}), START, "test"
        )
        session.commit()
    contacted = event(2, lead="L1", type="lead.contacted", time="2026-08-03T10:20:00Z")
    assert post(cast, cast.token(api_tokens.EVENTS_WRITE), [event(1), contacted]).status_code == 202
    return cast.token(api_tokens.READ)


def ask(cast: Cast, reader: str, url: str = URL, **headers: str) -> TestResponse:
    return cast.browser().get(url, headers=bearer(reader, **headers))


@pytest.mark.parametrize("period", ["2019-12", "2019-Q4", "2399-01"])
def test_a_period_with_nothing_in_it_is_answered_as_the_rules_say(
    cast: Cast, reader: str, period: str
) -> None:
    """The spec lists whom the roster has then, with 0 points; it is the pages that speak of no place."""
    answer = ask(cast, reader, f"/api/v1/standings/{period}")
    assert answer.status_code == 200
    rows = answer.get_json()["standings"]
    assert [(row["id"], row["rank"], row["points"]) for row in rows] == (
        [("ana", 1, 0)] if period > "2020" else []
    )


def test_what_was_just_sent_stands_in_it_and_is_what_the_command_prints(cast: Cast, reader: str) -> None:
    document = ask(cast, reader).get_json()
    assert document["standings"] == [
        {
            "rank": 1,
            "id": "ana",
            "name": "Ana Souza",
            "points": 2,
            "exceeded": 0,
            "met": 1,
            "missed": 0,
            "compliance": 1.0,
        }
    ]
    printed = cast.app.test_cli_runner().invoke(args=["standings", "2026-08", "--json"])
    assert printed.exit_code == 0
    assert json.loads(printed.stdout) | {"as_of": ""} == document | {"as_of": ""}


def test_teams_and_an_instant_of_the_past(cast: Cast, reader: str) -> None:
    teams = ask(cast, reader, f"{URL}?scope=team").get_json()
    assert [row["id"] for row in teams["standings"]] == ["inbound"]
    for as_of in ("2026-08-03T10:10:00Z", "2026-08-03T12:10:00%2B02:00", "2026-08-03T12:10:00+02:00"):
        before = ask(cast, reader, f"{URL}?as_of={as_of}").get_json()
        assert before["as_of"] == "2026-08-03T10:10:00Z"
        assert [row["points"] for row in before["standings"]] == [0]


def test_what_has_not_changed_is_not_sent_again(cast: Cast, reader: str) -> None:
    first = ask(cast, reader)
    tag = first.headers["ETag"]
    again = ask(cast, reader, **{"If-None-Match": tag})
    assert again.status_code == 304
    assert not again.data
    assert ask(cast, reader, f"{URL}?scope=team", **{"If-None-Match": tag}).status_code == 200
    assert first.headers["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize(
    "period", ["2026-13", "august", "2026-Q5", "9998-Q4", "0000-01", "2026-08-01", "x" * 500]
)
def test_what_is_no_period_is_not_found(cast: Cast, reader: str, period: str) -> None:
    assert "2026-Q3" in is_problem(ask(cast, reader, f"/api/v1/standings/{period}"), 404)


def test_a_nul_is_in_no_address(cast: Cast, reader: str) -> None:
    is_problem(ask(cast, reader, "/api/v1/standings/%00"), 404)


@pytest.mark.parametrize(
    "query",
    [
        "scope=",
        "scope=reps",
        "scope=REP",
        "as_of=",
        "as_of=now",
        "as_of=2026-08-03",
        "as_of=2026-08-03T10:00:00",
    ],
)
def test_a_question_that_cannot_be_understood_is_a_400(cast: Cast, reader: str, query: str) -> None:
    is_problem(ask(cast, reader, f"{URL}?{query}"), 400)


def test_before_the_first_rulebook_there_is_nothing_to_find(cast: Cast) -> None:
    assert "no rulebook" in is_problem(ask(cast, cast.token(api_tokens.READ)), 404)

"""How the slides of a wall say it: in signs and words beside the colours, on as many pages as are needed."""

import datetime as dt
from decimal import Decimal

import pytest
from flask import Flask

from leaderboard.domain.instants import MINUTE, SECOND
from leaderboard.domain.rulebook import SubjectKind
from leaderboard.queries.wall_page import ContestsFacts, Pace, PaceFacts, TodayFacts, WallContest
from leaderboard.web.presenters.wall import paragraphs_of
from leaderboard.web.presenters.wall_pages import evenly
from leaderboard.web.presenters.wall_praise import present_ticker, present_today
from leaderboard.web.presenters.wall_promises import present_contests, present_pace
from tests.browser import glass
from tests.web.sample_app import create_sample_app


@pytest.fixture(scope="module")
def app() -> Flask:
    return create_sample_app()


def pace(team: int, level: str, value: str, expected: str | None = None) -> Pace:
    target = Decimal("0.85") if expected is None else Decimal(100)
    wanted = None if expected is None else Decimal(expected)
    return Pace(team, f"Team {team}", level, Decimal(value), target, wanted, expected is None)


def views(app: Flask, *paces: Pace) -> list[tuple[bool, list[str]]]:
    """Of each page whether it is a tall one, and its teams."""
    with app.test_request_context("/tv", headers={"Accept-Language": "en"}):
        pages = present_pace(PaceFacts(glass.MONTH, glass.TODAY, paces))
        return [(page.is_tall, [team.name for team in page.teams]) for page in pages]


def test_how_a_target_stands_is_told_by_a_sign_of_its_own_and_by_words(app: Flask) -> None:
    paces = (
        pace(1, "reached", "120", "60"), pace(1, "ahead", "70", "60"), pace(1, "behind", "50", "60"),
        pace(1, "kept", "0.9"), pace(1, "below", "0.8"),
    )  # fmt: skip
    with app.test_request_context("/tv", headers={"Accept-Language": "en"}):
        (page,) = present_pace(PaceFacts(glass.MONTH, glass.TODAY, paces))
    told = {bar.level: (bar.tone, bar.sign, bar.told) for bar in page.teams[0].bars}
    assert told == {
        "reached": ("gold", "star", "reached"),
        "ahead": ("met", "check", "as promised so far"),
        "behind": ("way", "clock", "below the mark"),
        "kept": ("met", "check", "as promised so far"),
        "below": ("way", "clock", "below the mark"),
    }


def test_teams_with_many_targets_have_pages_of_their_own_with_room_for_all_of_them(app: Flask) -> None:
    few = [pace(team, "one", "0.9") for team in range(2)]
    many = [pace(team, f"level {level}", "0.9") for team in range(2, 6) for level in range(5)]
    assert views(app, *few, *many) == [
        (False, ["Team 0", "Team 1"]),
        (True, ["Team 2", "Team 3"]),
        (True, ["Team 4", "Team 5"]),
    ]
    assert views(app) == [(False, [])]


@pytest.mark.parametrize(
    ("elapsed", "words"),
    [(SECOND // 2, "outside working hours"), (6 * MINUTE, "6\N{NO-BREAK SPACE}min of working time")],
)
def test_what_took_no_working_time_was_done_outside_of_it(app: Flask, elapsed: int, words: str) -> None:
    done = glass.done(0, elapsed)
    with app.test_request_context("/tv", headers={"Accept-Language": "en"}):
        (page,) = present_today(TodayFacts(glass.TODAY, (done,), 1, 0))
        (tick,) = present_ticker(TodayFacts(glass.TODAY, (done,), 1, 0))
    assert page.rows[0].took == words
    assert (tick.how, tick.sign, tick.is_gold) == ("exceeded", "star", True)


@pytest.mark.parametrize(
    ("tag", "until"),
    [
        ("en", "Monday, 30 November"),
        ("pt-BR", "segunda-feira, 30 de novembro"),
        ("pt-PT", "segunda-feira, 30 de novembro"),
    ],
)
def test_the_day_until_which_a_contest_runs_is_written_as_inside_a_sentence(
    app: Flask, tag: str, until: str
) -> None:
    contest = WallContest(
        "c", "Sprint", SubjectKind.REP, MINUTE, dt.date(2026, 11, 30), ("First contact",), 1, 50, None, "EUR", (), False
    )  # fmt: skip
    with app.test_request_context("/tv", headers={"Accept-Language": tag}):
        (page,) = present_contests(ContestsFacts((contest,), 0))
    assert page.contests[0].until == until


def test_lines_for_which_there_is_no_room_below_each_other_go_on_in_the_last() -> None:
    assert paragraphs_of("one\n\n  two  ") == ("one", "two")
    assert paragraphs_of("\n".join("abcdefg")) == ("a", "b", "c", "d", "e f g")
    assert paragraphs_of(" \n ") == ()


def test_pages_are_filled_evenly() -> None:
    assert [len(page) for page in evenly(range(26), 8)] == [6, 7, 6, 7]
    assert list(evenly((), 8)) == []

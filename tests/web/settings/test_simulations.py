"""Trying a draft on screen: who may, what is asked, how far it is, what came out."""

import io
import json
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from leaderboard.domain.instants import to_datetime
from leaderboard.persistence.db import current_session
from leaderboard.persistence.models import SimulationRun
from leaderboard.services import clock, drafts, simulation_runs
from leaderboard.services.audit_log import actor_of
from leaderboard.services.simulation_runs import Asked
from tests.cast import csrf
from tests.web.house import RULEBOOK
from tests.web.settings.conftest import ADA, ANA, BIA, RIGHTS, RUI, People

DRAFT = RULEBOOK.replace("within: 30m", "within: 10m").replace("exceed_within: 10m", "exceed_within: 3m") + (
    "recognition:\n  best: {name: Best of the month, period: month, scope: rep, places: 1, bonus: 250}\n"
)
HOME = "/settings/simulations"
STRANGER = None


def this_month() -> str:
    """In which the house has its leads."""
    return to_datetime(clock.now()).strftime("%Y-%m")


def ask(people: People, browser: FlaskClient, **fields: object) -> TestResponse:
    given = {"csrf_token": csrf(browser, HOME), "period": this_month(), "source": "text", "text": DRAFT}
    return browser.post(HOME, data={**given, **fields})


def asked(people: People, actor: str = "user:1") -> int:
    with people.cast.app.app_context():
        return simulation_runs.ask_for_simulation(Asked(DRAFT, "draft.yaml", this_month(), actor))


def run(people: People, run_id: int) -> None:
    with people.cast.app.app_context():
        assert simulation_runs.run(run_id)


def count(people: People) -> int:
    with people.cast.app.app_context():
        return current_session().scalar(select(func.count()).select_from(SimulationRun)) or 0


@pytest.mark.parametrize(
    ("email", "code"), [(ADA, 200), (RIGHTS, 200), (RUI, 404), (ANA, 404), (BIA, 404), (STRANGER, 302)]
)
def test_who_may_edit_rules_may_try_them(people: People, email: str | None, code: int) -> None:
    run_id = asked(people)
    browser = people.browser(email)
    assert browser.get(HOME).status_code == code
    assert browser.get(f"{HOME}/{run_id}").status_code == code


@pytest.mark.parametrize("email", [RUI, ANA])
def test_nobody_else_asks(people: People, email: str) -> None:
    browser = people.browser(email)
    token = csrf(browser, "/me" if email == ANA else "/settings")
    answer = browser.post(
        HOME, data={"csrf_token": token, "period": this_month(), "source": "text", "text": DRAFT}
    )
    assert answer.status_code == 404
    assert count(people) == 0


def test_there_is_no_other(people: People) -> None:
    browser = people.browser(ADA)
    assert browser.get(f"{HOME}/1").status_code == 404
    assert browser.get(f"{HOME}/99999999999999999999").status_code == 404


def test_asked_waited_for_and_seen(people: People) -> None:
    browser = people.browser(RIGHTS)
    answer = ask(people, browser)
    assert answer.status_code == 302
    page = browser.get(answer.location)
    assert "Waits for its turn" in page.text
    assert '<noscript><meta http-equiv="refresh" content="3">' in page.text
    assert 'hx-trigger="every 1s"' in page.text
    run(people, int(answer.location.rsplit("/", 1)[1]))
    part = browser.get(answer.location, headers={"HX-Request": "true"})
    assert "hx-trigger" not in part.text
    assert "<html" not in part.text
    for told in (
        "stand elsewhere",
        "Ana Souza",
        "=Bia Castro",
        "The period goes on",
        "slope-lines",
        "As a table",
    ):
        assert told in part.text or told in ("stand elsewhere",)
    assert "A text" in browser.get(HOME).text


def test_a_draft_is_tried_as_it_stands(people: People) -> None:
    browser = people.browser(RIGHTS)
    with people.cast.app.app_context():
        draft = drafts.create(DRAFT, "Stricter in autumn", actor_of(people.ids[RIGHTS]), clock.now())
    assert f'href="{HOME}?draft={draft}"' in browser.get(f"/settings/rules/drafts/{draft}").text
    page = browser.get(f"{HOME}?draft={draft}")
    assert f'<option value="{draft}" selected>Stricter in autumn</option>' in page.text
    answer = ask(people, browser, source="draft", draft=draft)
    assert "Stricter in autumn" in browser.get(answer.location).text


def test_a_file_is_tried(people: People) -> None:
    browser = people.browser(RIGHTS)
    answer = ask(people, browser, source="file", file=(io.BytesIO(DRAFT.encode()), "autumn.yaml"))
    assert "autumn.yaml" in browser.get(answer.location).text


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"text": "rulebook: 1\n"}, "Line 1, organization: is required."),
        ({"text": " "}, "Please paste the rulebook here."),
        ({"text": "# " + "x" * 400_000}, "This is longer than 400,000 characters."),
        ({"text": DRAFT.replace("UTC", "Asia/Tokyo")}, "The draft cuts months and quarters otherwise"),
        ({"source": "file"}, "Please choose a file."),
        ({"source": "file", "file": b""}, "This file is empty."),
        ({"source": "file", "file": b"\xff\xfe\x00"}, "This is no text in UTF-8."),
        ({"source": "draft", "draft": "7"}, "Please choose one of these."),
        ({"period": "2031-01"}, "Please choose one of these."),
        ({"period": "nonsense"}, "Please choose one of these."),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    people: People, fields: dict[str, Any], told: str
) -> None:
    browser = people.browser(ADA)
    with people.cast.app.app_context():
        drafts.create(DRAFT, "A draft of ours", "user:1", clock.now())
    if isinstance(fields.get("file"), bytes):
        fields = {**fields, "file": (io.BytesIO(fields["file"]), "x.yaml")}
    answer = ask(people, browser, **fields)
    assert answer.status_code == 422
    assert told in answer.text
    assert count(people) == 0
    typed = str(fields.get("text", DRAFT)).strip().splitlines()
    assert not typed or typed[0][:40] in answer.text


def test_too_many_at_once(people: People) -> None:
    browser = people.browser(ADA)
    for _ in range(3):
        asked(people, actor_of(people.ids[ADA]))
    assert "You have 3 simulations under way." in ask(people, browser).text


def test_what_failed_says_why(people: People) -> None:
    browser = people.browser(ADA)
    run_id = asked(people)
    with people.cast.app.app_context():
        session = current_session()
        row = session.get_one(SimulationRun, run_id)
        row.document = "rulebook: 1\n"
        session.commit()
    run(people, run_id)
    page = browser.get(f"{HOME}/{run_id}").text
    assert "This could not be tried" in page
    assert "organization: is required" in page


@pytest.mark.parametrize("language", ["pt_BR", "pt_PT"])
def test_it_speaks_portuguese(people: People, language: str) -> None:
    browser = people.browser(ADA)
    run_id = asked(people)
    run(people, run_id)
    token = csrf(browser, HOME)
    browser.post("/preferences", data={"csrf_token": token, "language": language})
    assert "O que teria feito?" in browser.get(HOME).text
    assert "Como seria" in browser.get(f"{HOME}/{run_id}").text


def test_a_step_is_told_in_the_words_of_the_ladder(people: People) -> None:
    browser = people.browser(ADA)
    run_id = asked(people)
    run(people, run_id)
    measures = [
        {"do": "notify_rep", "points": 0, "approval": False},
        {"do": "deduct", "points": 40, "approval": True},
    ]
    with people.cast.app.app_context():
        session = current_session()
        row = session.get_one(SimulationRun, run_id)
        document = json.loads(row.result or "")
        document["steps"] = [
            {"month": this_month(), "consequence": "slow", "consequence_name": "Slow answers", "subject": "rep",
             "id": people.persons[ANA], "name": "Ana", "as_is": None,
             "would_be": {"service_level": "first", "step": 2, "measures": measures}},
        ]  # fmt: skip
        row.result = json.dumps(document)
        session.commit()
    page = browser.get(f"{HOME}/{run_id}").text
    assert "step 2: a message about it; 40 points off, if a manager approves it" in page


def test_the_overview_says_what_was_tried_last(people: People) -> None:
    browser = people.browser(ADA)
    assert "No draft was tried yet." in browser.get("/settings").text
    asked(people)
    assert "Last tried: draft.yaml" in browser.get("/settings").text

"""Whether rules are fair, on screen: who may look, what is asked, how far it is, what stands out."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from leaderboard.persistence.db import current_session, db
from leaderboard.persistence.models import SimulationRun
from leaderboard.services import clock, drafts, simulation_runs
from leaderboard.services.audit_log import actor_of
from leaderboard.services.fairness import ended_months, span_name
from leaderboard.services.rules import current_rules
from leaderboard.services.simulation_runs import FAIRNESS, Asked
from tests.cast import csrf
from tests.databases import count_statements
from tests.web.house import RULEBOOK, months_behind
from tests.web.settings.conftest import ADA, ANA, BIA, RIGHTS, RUI, People

HOME = "/settings/simulations/fairness"
MOST_STATEMENTS = {"home": 12, "look": 14}


@pytest.fixture
def past(people: People) -> People:
    """Eight months have ended."""
    months_behind(people.cast.app)
    return people


def span(people: People) -> str:
    session = current_session()
    rules = current_rules(session)
    assert rules is not None
    name = span_name(ended_months(session, rules.book.calendar, clock.now(), 12))
    session.rollback()
    return name


def asked(people: People, document: str = RULEBOOK, draft: int | None = None, actor: str = "user:1") -> int:
    with people.cast.app.app_context():
        named = "2020-01-01" if draft is None else "A draft"
        return simulation_runs.ask_for_simulation(
            Asked(document, named, span(people), actor, draft, FAIRNESS)
        )


def run(people: People, run_id: int) -> None:
    with people.cast.app.app_context():
        assert simulation_runs.run(run_id)


def count(people: People) -> int:
    with people.cast.app.app_context():
        return current_session().scalar(select(func.count()).select_from(SimulationRun)) or 0


def ask(browser: FlaskClient, **fields: object) -> TestResponse:
    given = {"csrf_token": csrf(browser, HOME), "rules": "in-force", "months": "8"}
    return browser.post(HOME, data={**given, **fields})


@pytest.mark.parametrize(
    ("email", "code"), [(ADA, 200), (RIGHTS, 200), (RUI, 404), (ANA, 404), (BIA, 404), (None, 302)]
)
def test_who_may_edit_rules_may_look_whether_they_are_fair(
    past: People, email: str | None, code: int
) -> None:
    run_id = asked(past)
    browser = past.browser(email)
    assert browser.get(HOME).status_code == code
    assert browser.get(f"{HOME}/{run_id}").status_code == code


@pytest.mark.parametrize("email", [RUI, ANA])
def test_nobody_else_asks(past: People, email: str) -> None:
    browser = past.browser(email)
    token = csrf(browser, "/me" if email == ANA else "/settings")
    answer = browser.post(HOME, data={"csrf_token": token, "rules": "in-force", "months": "8"})
    assert answer.status_code == 404
    assert count(past) == 0


def test_there_is_no_other_and_a_simulation_is_none(past: People) -> None:
    browser = past.browser(ADA)
    with past.cast.app.app_context():
        tried = simulation_runs.ask_for_simulation(
            Asked(RULEBOOK, "x", span(past).partition("/")[0], "user:1")
        )
    assert browser.get(f"{HOME}/{tried}").status_code == 404
    assert browser.get(f"{HOME}/99999999999999999999").status_code == 404
    assert browser.get(f"/settings/simulations/{asked(past)}").status_code == 404


def test_asked_waited_for_and_seen(past: People) -> None:
    browser = past.browser(RIGHTS)
    assert "the last 8 months" in browser.get(HOME).text
    answer = ask(browser)
    assert answer.status_code == 302
    page = browser.get(answer.location)
    assert "Waits for its turn" in page.text
    assert '<noscript><meta http-equiv="refresh" content="3">' in page.text
    assert 'hx-trigger="every 1s"' in page.text
    run(past, int(answer.location.rsplit("/", 1)[1]))
    part = browser.get(answer.location, headers={"HX-Request": "true"}).text
    assert "hx-trigger" not in part
    assert "<html" not in part
    for told in (
        "Reps with over a year meet First contact in 8 of 24 months, the others in 16 of 16.",
        "Without First contact, 24 of 24 wins would be somebody else’s",
        "Too few to say", "In no team", "Who wins", "16 of 40", "dot-line", "As a table", "Ana Souza", "=Bia Castro",
        "Begin a draft to change something", "Quite another standing",
    ):  # fmt: skip
        assert told in part, told
    assert "In force since 1 Jan 2020" in browser.get(HOME).text


def test_fewer_months_are_asked_about(past: People) -> None:
    browser = past.browser(ADA)
    answer = ask(browser, months="3")
    run(past, int(answer.location.rsplit("/", 1)[1]))
    assert "Met in 9 of 15 months of reps." in browser.get(answer.location).text


def test_a_draft_is_looked_at_as_it_stands_and_its_forms_are_linked(past: People) -> None:
    browser = past.browser(RIGHTS)
    with past.cast.app.app_context():
        draft = drafts.create(RULEBOOK, "Stricter in autumn", actor_of(past.ids[RIGHTS]), clock.now())
        broken = drafts.create("rulebook: 1\n", "Broken", actor_of(past.ids[RIGHTS]), clock.now())
    assert f'href="{HOME}?draft={draft}"' in browser.get(f"/settings/rules/drafts/{draft}").text
    page = browser.get(f"{HOME}?draft={draft}").text
    assert f'<option value="{draft}" selected>The draft “Stricter in autumn”</option>' in page
    assert "Broken" not in page
    answer = ask(browser, rules=draft)
    run(past, int(answer.location.rsplit("/", 1)[1]))
    found = browser.get(answer.location).text
    assert f'href="/settings/rules/drafts/{draft}/ladders"' in found
    assert "Begin a draft to change something" not in found
    with past.cast.app.app_context():
        drafts.withdraw(draft, actor_of(past.ids[RIGHTS]), clock.now())
    assert "Begin a draft to change something" in browser.get(answer.location).text
    assert ask(browser, rules=broken).status_code == 422


@pytest.mark.parametrize(
    ("places", "told"),
    [
        (1, ("Whoever comes first in a month wins.", "Ganha quem fica em primeiro no mês.")),
        (2, ("The first 2 of a month win.", "Ganham os 2 primeiros do mês.")),
    ],
)
def test_who_wins_is_said_plainly(past: People, places: int, told: tuple[str, str]) -> None:
    best = f"recognition:\n  best: {{period: month, scope: rep, places: {places}, bonus: 250}}\n"
    run_id = asked(past, RULEBOOK + best)
    run(past, run_id)
    for language, words in zip(("en", "pt_BR"), told, strict=True):
        browser = past.browser(ADA)
        browser.set_cookie("language", language)
        assert words in browser.get(f"{HOME}/{run_id}").text


@pytest.mark.parametrize(
    "fields",
    [
        {"rules": "7"},
        {"rules": "nonsense"},
        {"months": "2"},
        {"months": "x"},
        {"rules": "99999999999999999999"},
    ],
)
def test_what_was_not_offered_is_refused_beside_the_field(past: People, fields: dict[str, str]) -> None:
    answer = ask(past.browser(ADA), **fields)
    assert answer.status_code == 422
    assert "Please choose one of these." in answer.text
    assert count(past) == 0


def test_what_cuts_time_otherwise_is_refused(past: People) -> None:
    with past.cast.app.app_context():
        text = RULEBOOK.replace("UTC", "Asia/Tokyo")
        draft = drafts.create(text, "Tokyo", "user:1", clock.now())
        current_session().rollback()
    answer = ask(past.browser(ADA), rules=draft)
    assert answer.status_code == 422
    assert count(past) == 0


def test_too_many_at_once(past: People) -> None:
    browser = past.browser(ADA)
    for _ in range(3):
        asked(past, actor=actor_of(past.ids[ADA]))
    assert "You have 3 simulations under way." in ask(browser).text


def test_what_failed_says_why(past: People) -> None:
    run_id = asked(past)
    with past.cast.app.app_context():
        session = current_session()
        session.get_one(SimulationRun, run_id).document = "rulebook: 1\n"
        session.commit()
    run(past, run_id)
    page = past.browser(ADA).get(f"{HOME}/{run_id}").text
    assert "This could not be looked at" in page
    assert "organization: is required" in page


def test_before_a_month_has_ended_it_says_from_when_on(people: People) -> None:
    browser = people.browser(ADA)
    page = browser.get(HOME).text
    assert "No month has ended yet" in page
    assert "csrf_token" not in page.partition("<main")[2].partition("</main>")[0]


@pytest.mark.parametrize(("language", "told"), [("pt_BR", "Por equipe"), ("pt_PT", "Por equipa")])
def test_it_speaks_portuguese(past: People, language: str, told: str) -> None:
    browser = past.browser(ADA)
    run_id = asked(past)
    run(past, run_id)
    browser.post("/preferences", data={"csrf_token": csrf(browser, HOME), "language": language})
    assert "As regras são justas?" in browser.get(HOME).text
    assert told in browser.get(f"{HOME}/{run_id}").text


def test_what_the_pages_ask_of_the_database(past: People) -> None:
    browser = past.browser(ADA)
    run_id = asked(past)
    run(past, run_id)
    for path, most in ((HOME, MOST_STATEMENTS["home"]), (f"{HOME}/{run_id}", MOST_STATEMENTS["look"])):
        browser.get(path)
        with past.cast.app.app_context(), count_statements(db.engine) as seen:
            assert browser.get(path).status_code == 200
        assert len(seen) <= most, "\n".join(seen)


def test_the_rules_in_force_lead_to_it_for_who_may(past: People) -> None:
    for email, is_there in ((ADA, True), (RIGHTS, True), (RUI, False), (ANA, False)):
        assert (f'href="{HOME}"' in past.browser(email).get("/rules").text) is is_there
    assert f'href="{HOME}"' in past.browser(ADA).get("/settings/simulations").text
    assert f'href="{HOME}"' in past.browser(ADA).get("/settings/rules/versions/2020-01-01").text

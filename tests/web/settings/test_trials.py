"""Trials on screen: begun from a draft, seen beside the real board by those whose business it is, ended, decided on."""

import datetime as dt
import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from leaderboard.domain.instants import DAY, local_date, to_datetime
from leaderboard.persistence.db import current_session, db
from leaderboard.persistence.models import Draft, Trial
from leaderboard.services import clock, drafts, trial_counting
from leaderboard.services.audit_log import actor_of
from tests.cast import csrf
from tests.databases import count_statements
from tests.web.house import RULEBOOK
from tests.web.settings.conftest import ADA, ANA, BIA, RIGHTS, RUI, People

SECRET = "Quintuple first contact"
"""What no page but those of rules may ever say: a badge and a draft of this name are in trial only."""
DRAFT = RULEBOOK.replace("within: 30m", "within: 10m").replace("exceed_within: 10m", "exceed_within: 3m") + (
    f"badges:\n  secret: {{name: {SECRET}, for: {{count: 1, service_level: first-contact}}, points: 555}}\n"
)
TRIALS = "/settings/rules/trials"


def today() -> dt.date:
    return to_datetime(clock.now()).date()


def draft_of(people: People, text: str = DRAFT, name: str = SECRET) -> int:
    with people.cast.app.app_context():
        return drafts.create(text, name, actor_of(people.ids[RIGHTS]), clock.now())


def start_path(draft: int) -> str:
    return f"/settings/rules/drafts/{draft}/trial"


def begin(browser: FlaskClient, draft: int, **fields: str) -> TestResponse:
    page = browser.get(start_path(draft)).text
    seen = re.search(r'name="sha256"[^>]*value="([^"]*)"', page)
    given = {
        "csrf_token": csrf(browser, start_path(draft)),
        "sha256": "" if seen is None else seen[1],
        "counts_from": today().replace(day=1).isoformat(),
        "last_on": (today() + dt.timedelta(weeks=4)).isoformat(),
    }
    return browser.post(start_path(draft), data={**given, **fields})


def begun(people: People) -> tuple[int, int]:
    """The keys of a draft and its trial, counted once."""
    draft = draft_of(people)
    answer = begin(people.browser(RIGHTS), draft)
    assert answer.status_code == 302
    count(people)
    return draft, int(answer.location.rsplit("/", 1)[1])


def count(people: People) -> None:
    with people.cast.app.app_context():
        trial_counting.count_due()


def act(browser: FlaskClient, trial: int, name: str, **fields: str) -> TestResponse:
    token = csrf(browser, f"{TRIALS}/{trial}")
    return browser.post(f"{TRIALS}/{trial}/{name}", data={"csrf_token": token, **fields})


def kept(people: People, trial: int) -> Trial:
    with people.cast.app.app_context():
        return current_session().scalars(select(Trial).where(Trial.id == trial)).one()


def end(people: People, trial: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock goes on to a minute after its last day."""
    over = kept(people, trial).ends_at + 60_000_000
    monkeypatch.setattr(clock, "now", lambda: over)
    count(people)


@pytest.mark.parametrize(
    ("email", "code"), [(ADA, 200), (RIGHTS, 200), (RUI, 404), (ANA, 404), (BIA, 404), (None, 302)]
)
def test_only_those_whose_business_the_rules_are_find_it(
    people: People, email: str | None, code: int
) -> None:
    draft, trial = begun(people)
    browser = people.browser(email)
    assert browser.get(TRIALS).status_code == code
    assert browser.get(f"{TRIALS}/{trial}").status_code == code
    assert browser.get(start_path(draft)).status_code == code


def test_who_only_signs_reads_it_and_changes_nothing(people: People) -> None:
    draft, trial = begun(people)
    people.cast.app.test_cli_runner().invoke(args=["users", "rights", RUI, "--signs-for", "sales"])
    browser = people.browser(RUI)
    page = browser.get(f"{TRIALS}/{trial}")
    assert page.status_code == 200
    assert "Stop it" not in page.text
    for name in ("more-time", "stop", "restart", "count"):
        data = {"csrf_token": csrf(browser, f"/settings/rules/drafts/{draft}"), "reason": "x"}
        assert browser.post(f"{TRIALS}/{trial}/{name}", data=data).status_code == 404
    assert browser.get(start_path(draft)).status_code == 404
    assert kept(people, trial).ended_at is None


def test_there_is_no_other(people: People) -> None:
    browser = people.browser(ADA)
    for path in (f"{TRIALS}/1", f"{TRIALS}/99999999999999999999", start_path(7)):
        assert browser.get(path).status_code == 404
    token = csrf(browser, "/settings/rules")
    for name in ("more-time", "stop", "restart", "count"):
        assert browser.post(f"{TRIALS}/1/{name}", data={"csrf_token": token}).status_code == 404


def test_begun_waited_for_and_seen_beside_the_real_board(people: People) -> None:
    browser, draft = people.browser(RIGHTS), draft_of(people)
    assert f'href="{start_path(draft)}"' in browser.get(f"/settings/rules/drafts/{draft}").text
    answer = begin(browser, draft)
    page = browser.get(answer.location).text
    assert "It is being counted for the first time" in page
    assert 'hx-trigger="every 3s"' in page
    assert '<noscript><meta http-equiv="refresh" content="10"></noscript>' in page
    count(people)
    part = browser.get(answer.location, headers={"HX-Request": "true"}).text
    assert "<html" not in part
    assert 'hx-trigger="every 30s"' in part
    for told in ("In force", "In trial", "Ana Souza", "=Bia Castro", "As of", SECRET):
        assert told in part
    seen = re.search(r"seen=([^\"]+)\"", part)
    assert seen is not None
    again = f"{answer.location}?seen={seen[1]}"
    assert browser.get(again, headers={"HX-Request": "true"}).status_code == 204


def test_both_boards_say_what_each_side_gives(people: People) -> None:
    _, trial = begun(people)
    page = people.browser(ADA).get(f"{TRIALS}/{trial}").text
    rows = re.findall(r'twin-name">([^<]+)</span>.*?twin-points">([^<]+)<', page, re.DOTALL)
    half = len(rows) // 2
    real, tried = dict(rows[:half]), dict(rows[half:])
    # Five minutes exceed by ten and meet by ten only; twenty meet by thirty and miss by ten.
    assert (real["Ana Souza"], real["=Bia Castro"]) == ("5", "2")
    assert (tried["Ana Souza"], tried["=Bia Castro"]) == ("555", "−1")
    teams = people.browser(ADA).get(f"{TRIALS}/{trial}?scope=team").text
    assert ">South</span>" in teams


def test_teams_and_each_period_can_be_chosen(people: People) -> None:
    _, trial = begun(people)
    browser = people.browser(ADA)
    links = re.findall(r'href="([^"]*[?&;]scope=[^"]*)"', browser.get(f"{TRIALS}/{trial}").text)
    assert len(links) >= 4
    for link in links:
        assert browser.get(link.replace("&amp;", "&")).status_code == 200
    assert browser.get(f"{TRIALS}/{trial}?scope=nonsense&period=2031-13").status_code == 200


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"counts_from": "2020-01-01"}, "Please choose one of these."),
        ({"counts_from": ""}, "Please choose one of these."),
        ({"last_on": "soon"}, "This is no date."),
        ({"last_on": ""}, "This is no date."),
        ({"last_on": "2020-01-01"}, "Please choose a day after today."),
        ({"last_on": "2999-01-01"}, "Please choose a day within half a year"),
        ({"sha256": "other"}, "The text was changed since you opened it."),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    people: People, fields: dict[str, str], told: str
) -> None:
    browser, draft = people.browser(RIGHTS), draft_of(people)
    answer = begin(browser, draft, **fields)
    assert answer.status_code == 422
    assert told in answer.text
    if fields.get("last_on"):
        assert f'value="{fields["last_on"]}"' in answer.text
    with people.cast.app.app_context():
        assert current_session().scalar(select(Trial.id)) is None


def test_what_cannot_be_tried_says_so_before_the_form(people: People) -> None:
    browser = people.browser(RIGHTS)
    bad = draft_of(people, DRAFT.replace("within: 10m", "within: never"))
    assert "A draft with problems cannot be put in trial." in browser.get(start_path(bad)).text
    assert start_path(bad) not in browser.get(f"/settings/rules/drafts/{bad}").text
    draft, trial = begun(people)
    assert "This draft is in trial already." in browser.get(start_path(draft)).text
    assert f'href="{TRIALS}/{trial}"' in browser.get(f"/settings/rules/drafts/{draft}").text
    for number in range(2):
        begin(browser, draft_of(people, name=f"Draft {number}"))
    assert "3 drafts are in trial already" in browser.get(start_path(draft_of(people, name="A fourth"))).text


def test_it_has_more_time(people: People) -> None:
    _, trial = begun(people)
    browser, last = people.browser(RIGHTS), today() + dt.timedelta(weeks=4)
    for until, told in (
        (last.isoformat(), "Please choose a later day."),
        ("tomorrow", "This is no date."),
        ("2999-01-01", "within half a year"),
    ):
        answer = act(browser, trial, "more-time", until=until, seen=last.isoformat())
        assert answer.status_code == 422
        assert told in answer.text
        assert f'value="{until}"' in answer.text
    later = last + dt.timedelta(weeks=2)
    stale = act(browser, trial, "more-time", until=later.isoformat(), seen="2020-01-01")
    assert "Somebody changed the last day meanwhile." in stale.text
    assert act(browser, trial, "more-time", until=later.isoformat(), seen=last.isoformat()).status_code == 302
    assert local_date(kept(people, trial).ends_at - 1, dt.UTC) == later  # type: ignore[arg-type]


def test_it_is_stopped_with_a_reason_and_stays_to_be_read(people: People) -> None:
    draft, trial = begun(people)
    browser = people.browser(RIGHTS)
    answer = act(browser, trial, "stop", reason="  ")
    assert answer.status_code == 422
    assert "Please say why" in answer.text
    long = "We have seen enough. " * 30
    answer = act(browser, trial, "stop", reason=long)
    assert answer.status_code == 422
    assert long.strip() in answer.text
    assert act(browser, trial, "stop", reason="Nobody gains <b>").status_code == 302
    count(people)
    page = browser.get(f"{TRIALS}/{trial}").text
    for told in (
        "Trial ended",
        "Nobody gains &lt;b&gt;",
        "The last result, as of",
        "twin-points",
        "What comes next?",
    ):
        assert told in page
    assert "Stop it now" not in page
    assert "hx-trigger" not in page
    assert "Trial ended" in browser.get(f"/settings/rules/drafts/{draft}").text
    assert "This trial is over." in act_twice(browser, trial)


def act_twice(browser: FlaskClient, trial: int) -> str:
    token = csrf(browser, f"{TRIALS}/{trial}")
    data = {"csrf_token": token, "reason": "again"}
    return browser.post(f"{TRIALS}/{trial}/stop", data=data, follow_redirects=True).text


def test_an_edit_of_the_draft_is_told_and_taken_in_on_request(people: People) -> None:
    draft, trial = begun(people)
    browser = people.browser(RIGHTS)
    assert "Begin again with saving" not in browser.get(f"{TRIALS}/{trial}").text
    with people.cast.app.app_context():
        drafts.save(draft, 1, DRAFT.replace("points: 555", "points: 444"), "", "user:1", clock.now())
        newest = current_session().scalar(select(Draft.sha256).where(Draft.id == draft)) or ""
    page = browser.get(f"{TRIALS}/{trial}").text
    assert "saving 2 is its newest, and this trial goes on with saving 1" in page
    assert "It runs saving 1." in browser.get(f"/settings/rules/drafts/{draft}").text
    stale = act(browser, trial, "restart", sha256="another")
    assert stale.location.endswith(f"/{trial}")
    answer = act(browser, trial, "restart", sha256=newest)
    other = int(answer.location.rsplit("/", 1)[1])
    assert other != trial
    count(people)
    assert ">444<" in browser.get(answer.location).text
    assert "Begun again with a newer saving" in browser.get(f"{TRIALS}/{trial}").text


def test_the_overview_says_what_runs_and_what_ended(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    draft, trial = begun(people)
    page = people.browser(ADA).get("/settings").text
    assert re.search(rf'In trial: <a href="{TRIALS}/{trial}">{SECRET}</a> · Until .*, 28 days left', page)
    assert "In trial" in people.browser(ADA).get("/settings/rules").text
    end(people, trial, monkeypatch)
    browser = people.browser(ADA)
    page = browser.get("/settings").text
    assert f"The trial of “{SECRET}” has ended: sign, edit or discard it" in page
    assert "In trial:" not in page
    ended = browser.get(f"{TRIALS}/{trial}").text
    assert all(told in ended for told in ("Sign it", "Edit it", "Discard it", "Over since the end of"))
    with people.cast.app.app_context():
        drafts.save(draft, 1, RULEBOOK, "", "user:1", clock.now())
    assert "has ended: sign" not in browser.get("/settings").text


def test_it_is_over_by_the_clock_though_nobody_noted_it(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft, trial = begun(people)
    over = kept(people, trial).ends_at
    monkeypatch.setattr(clock, "now", lambda: over)
    browser = people.browser(ADA)
    assert "Trial ended" in browser.get(f"{TRIALS}/{trial}").text
    assert "Trial ended" in browser.get(f"/settings/rules/drafts/{draft}").text
    assert kept(people, trial).ended_at is None


def test_one_that_counts_from_next_month_waits_for_it(people: People) -> None:
    browser, draft = people.browser(RIGHTS), draft_of(people)
    first = (today().replace(day=1) + dt.timedelta(days=32)).replace(day=1)
    last = first + dt.timedelta(days=20)
    answer = begin(browser, draft, counts_from=first.isoformat(), last_on=last.isoformat())
    count(people)
    page = browser.get(answer.location).text
    assert "It has not begun to count" in page
    assert "Count it now" not in page


def test_on_its_first_day_there_is_nothing_to_compare(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser, draft = people.browser(RIGHTS), draft_of(people)
    first = (today().replace(day=1) + dt.timedelta(days=32)).replace(day=1)
    last = first + dt.timedelta(days=20)
    answer = begin(browser, draft, counts_from=first.isoformat(), last_on=last.isoformat())
    then = kept(people, int(answer.location.rsplit("/", 1)[1])).ends_at - 20 * DAY
    monkeypatch.setattr(clock, "now", lambda: then)
    count(people)
    page = people.browser(RIGHTS).get(answer.location).text
    assert "Nothing has counted yet" in page


def test_what_could_not_be_counted_is_said(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    _, trial = begun(people)
    with people.cast.app.app_context():
        current_session().get_one(Trial, trial).fault = "unexpected"
        current_session().commit()
    assert "The last try to count it failed." in people.browser(ADA).get(f"{TRIALS}/{trial}").text


def test_it_is_counted_on_request(people: People) -> None:
    _, trial = begun(people)
    browser = people.browser(RIGHTS)
    assert "Count it now" in browser.get(f"{TRIALS}/{trial}").text
    assert act(browser, trial, "count").status_code == 302
    assert "being counted anew" in browser.get(f"{TRIALS}/{trial}").text
    count(people)
    assert "being counted anew" not in browser.get(f"{TRIALS}/{trial}").text


def test_the_audit_log_tells_it_in_words(people: People) -> None:
    _, trial = begun(people)
    act(people.browser(RIGHTS), trial, "stop", reason="Nobody gains")
    page = people.browser(ADA).get("/settings/audit?kind=rules").text
    for told in (
        f"Put the draft {SECRET} in trial",
        "Counts from",
        "Last day",
        f"Stopped the trial of {SECRET}",
    ):
        assert told in page


def test_a_draft_in_trial_is_not_withdrawn(people: People) -> None:
    draft, _ = begun(people)
    browser = people.browser(RIGHTS)
    path = f"/settings/rules/drafts/{draft}"
    data = {"csrf_token": csrf(browser, path)}
    answer = browser.post(f"{path}/withdraw", data=data, follow_redirects=True)
    assert "It is in trial: stop the trial first." in answer.text


@pytest.mark.parametrize("language", ["pt_BR", "pt_PT"])
def test_it_speaks_portuguese(people: People, language: str) -> None:
    _, trial = begun(people)
    browser = people.browser(ADA)
    data = {"csrf_token": csrf(browser, TRIALS), "language": language}
    browser.post("/preferences", data=data)
    assert "Em ensaio" in browser.get(f"{TRIALS}/{trial}").text
    assert "em ensaio" in browser.get(TRIALS).text


def test_what_a_page_costs(people: People) -> None:
    _, trial = begun(people)
    browser = people.browser(ADA)
    browser.get(f"{TRIALS}/{trial}")
    with people.cast.app.app_context(), count_statements(db.engine) as seen:
        browser.get(f"{TRIALS}/{trial}")
    assert len(seen) <= 20, seen


def test_a_draft_that_has_no_trial_and_can_have_none_says_nothing_of_trials(people: People) -> None:
    browser, draft = people.browser(RIGHTS), draft_of(people)
    page = f"/settings/rules/drafts/{draft}"
    assert 'id="trial-title"' in browser.get(page).text
    browser.post(f"{page}/withdraw", data={"csrf_token": csrf(browser, page)})
    assert 'id="trial-title"' not in browser.get(page).text
    unreadable = draft_of(people, "rulebook: 1\n", "A stub")
    assert 'id="trial-title"' not in browser.get(f"/settings/rules/drafts/{unreadable}").text

"""Teams and reps on screen: who may, what is asked before it is saved, files, and names that wait."""

import datetime as dt
import io
import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from leaderboard.domain.roster import Rep, Roster, TeamSpan, TimeOff
from leaderboard.files.roster import read_roster
from leaderboard.files.roster_csv import read_roster_csv, write_roster_csv
from leaderboard.persistence.db import current_session, db
from leaderboard.services import clock, roster_saving
from leaderboard.services.roster_import import replace_roster
from tests.cast import csrf
from tests.databases import count_statements
from tests.web.settings.conftest import ADA, ANA, BIA, RIGHTS, RUI, People

ROOT = "/settings/roster"
_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')
MOST_STATEMENTS = 12


def roster(people: People) -> Roster:
    with people.cast.app.app_context():
        return roster_saving.roster_in_use().roster


def version(people: People) -> int:
    with people.cast.app.app_context():
        return roster_saving.roster_in_use().version


def key(people: People, rep_id: str) -> int:
    with people.cast.app.app_context():
        return roster_saving.roster_in_use().keys[rep_id]


def waiting(people: People) -> int:
    """The key of the name that waits: zoe's."""
    with people.cast.app.app_context():
        return roster_saving.names_to_place(0, 1)[0].key


def send(browser: FlaskClient, path: str, **typed: object) -> TestResponse:
    """Fills in a form; it is not saved before it was confirmed."""
    return browser.post(path, data={"csrf_token": csrf(browser, "/account/password"), **typed})


def confirm(browser: FlaskClient, asked: TestResponse, **more: str) -> TestResponse:
    """Presses Save on the page that tells what changes."""
    assert "Is this what you mean?" in asked.text, asked.text
    form = asked.text[asked.text.index("What it means") :]
    return browser.post(asked.request.path, data=dict(_HIDDEN.findall(form)) | more)


def save(browser: FlaskClient, path: str, **typed: object) -> TestResponse:
    done = confirm(browser, send(browser, path, **typed))
    assert done.status_code == 303, done.text
    return done


@pytest.mark.parametrize(
    "path", ["", "/reps", "/reps/new", "/teams/new", "/teams/south", "/unplaced", "/file", "/history",
             "/roster.csv", "/roster.yaml", "/reps/{ana}", "/reps/{bia}"]
)  # fmt: skip
def test_who_may_open_what(people: People, path: str) -> None:
    path = ROOT + path.format(ana=key(people, "ana"), bia=key(people, "bia"))
    of_managers = ("", "/reps", "/teams/south", "/unplaced", f"/reps/{key(people, 'ana')}")
    assert people.browser(None).get(path).location.startswith("/login")
    assert people.browser(ADA).get(path).status_code == 200
    assert people.browser(RUI).get(path).status_code == (200 if path[len(ROOT) :] in of_managers else 404)
    for email in (RIGHTS, ANA, BIA):
        assert people.browser(email).get(path).status_code == 404


@pytest.mark.parametrize(
    ("path", "typed", "status"),
    [
        ("/reps/{ana}/off", {"off-from_on": "2026-03-01", "off-until_on": "2026-03-02"}, 200),
        ("/reps/{ana}/move", {"move-team": "north", "move-from_on": "2026-03-01"}, 200),
        ("/reps/{ana}/leave", {"leave-last_on": "2026-03-01"}, 200),
        ("/reps/{bia}/off", {"off-from_on": "2026-03-01", "off-until_on": "2026-03-02"}, 404),
        ("/reps/{bia}/move", {"move-team": "south", "move-from_on": "2026-03-01"}, 404),
        ("/reps/{ana}/name", {"name-name": "X"}, 404),
        ("/reps/{ana}/alias", {"alias-alias": "x"}, 404),
        ("/reps/{ana}/unalias", {"unalias-alias": "x"}, 404),
        ("/reps/4711/off", {}, 404),
        ("/teams/south", {"name": "X", "department": "sales"}, 404),
        ("/teams/north", {"name": "X", "department": "sales"}, 404),
        ("/teams/new", {"name": "X", "id": "x", "department": "sales"}, 404),
        ("/file", {}, 404),
    ],
)  # fmt: skip
def test_a_manager_changes_what_is_theirs(
    people: People, path: str, typed: dict[str, str], status: int
) -> None:
    path = ROOT + path.format(ana=key(people, "ana"), bia=key(people, "bia"))
    assert send(people.browser(RUI), path, **typed).status_code == status
    assert send(people.browser(ANA), path, **typed).status_code == 404
    assert send(people.browser(RIGHTS), path, **typed).status_code == 404


def test_the_teams_and_who_is_in_them(people: People) -> None:
    page = people.browser(ADA).get(ROOT).text
    for wanted in (
        "2 teams",
        "South",
        "Managed by Rui Faria",
        "Nobody manages it",
        "Ana Souza",
        "=Bia Castro",
    ):
        assert wanted in page
    mine = people.browser(RUI).get(ROOT).text
    assert "Your team" in mine
    assert "Bia Castro" not in mine
    assert "New team" not in mine


def test_a_move_is_told_confirmed_and_told_in_the_history(people: People) -> None:
    browser, before = people.browser(ADA), version(people)
    path = f"{ROOT}/reps/{key(people, 'ana')}/move"
    asked = send(browser, path, **{"move-team": "north", "move-from_on": "2020-06-01"})
    assert "Moves from South to North on 1 Jun 2020." in asked.text
    assert "2 outcomes of the open months go to another team or person" in asked.text
    assert version(people) == before, "nothing is saved before it is confirmed"
    done = confirm(browser, asked)
    assert done.location.endswith(f"/reps/{key(people, 'ana')}")
    assert roster(people).reps["ana"].team_on(dt.date(2020, 6, 1)) == "north"
    page = browser.get(f"{ROOT}/history").text
    assert ADA in page
    assert "Moves from South to North on 1 Jun 2020." in page


def test_what_was_typed_can_be_changed_and_says_what_is_wrong(people: People) -> None:
    browser = people.browser(ADA)
    path = f"{ROOT}/reps/{key(people, 'ana')}/off"
    wrong = send(browser, path, **{"off-from_on": "2026-03-05", "off-until_on": "2026-03-01"})
    assert wrong.status_code == 422
    assert "The last day lies before the first one." in wrong.text
    assert 'value="2026-03-05"' in wrong.text
    odd = send(browser, path, **{"off-from_on": "soon", "off-until_on": "9999-12-31"})
    assert odd.text.count("Please give a day such as 2026-07-01.") == 2
    assert 'value="soon"' in odd.text
    again = send(browser, path, **{"off-from_on": "2026-03-05", "off-until_on": "2026-03-06", "again": "1"})
    assert "Is this what you mean?" not in again.text
    assert 'value="2026-03-06"' in again.text


def test_somebody_else_was_quicker(people: People) -> None:
    browser, other = people.browser(ADA), people.browser(RUI)
    path = f"{ROOT}/reps/{key(people, 'ana')}/off"
    asked = send(browser, path, **{"off-from_on": "2026-03-05", "off-until_on": "2026-03-06"})
    save(other, path, **{"off-from_on": "2026-04-01", "off-until_on": "2026-04-02"})
    stale = confirm(browser, asked)
    assert "Somebody else changed the roster meanwhile." in stale.text
    assert len(roster(people).reps["ana"].time_off) == 1
    assert confirm(browser, stale).status_code == 303
    assert len(roster(people).reps["ana"].time_off) == 2, "neither is lost"


def test_time_off_leaving_and_names(people: People) -> None:
    browser, ana = people.browser(ADA), f"{ROOT}/reps/{key(people, 'ana')}"
    save(browser, f"{ana}/off", **{"off-from_on": "2026-03-05", "off-until_on": "2026-03-06"})
    assert roster(people).reps["ana"].time_off == (TimeOff(dt.date(2026, 3, 5), dt.date(2026, 3, 6)),)
    save(browser, f"{ana}/back", **{"back-from_on": "2026-03-05", "back-until_on": "2026-03-06"})
    save(browser, f"{ana}/name", **{"name-name": "Ana Lima", "name-email": ""})
    save(browser, f"{ana}/alias", **{"alias-alias": "0055A"})
    save(browser, f"{ana}/leave", **{"leave-last_on": "2026-05-31"})
    span = TeamSpan("south", dt.date(2020, 1, 1), dt.date(2026, 5, 31))
    assert roster(people).reps["ana"] == Rep("ana", "Ana Lima", None, ("0055A",), (span,))
    save(browser, f"{ana}/unalias", **{"unalias-alias": "0055A"})
    assert "left South on 31 May 2026" in browser.get(f"{ROOT}/reps?who=left").text
    same = send(browser, f"{ana}/name", **{"name-name": "Ana Lima", "name-email": ""})
    assert same.status_code == 303, "nothing to confirm"


def test_a_new_rep_and_a_new_team(people: People) -> None:
    browser = people.browser(ADA)
    save(browser, f"{ROOT}/teams/new", name="West", id="west", department="marketing", manager="Ana Souza")
    assert roster(people).teams["west"].manager == "ana"
    wrong = send(browser, f"{ROOT}/teams/new", name="West", id="West 2", department="", manager="Zoe")
    assert wrong.status_code == 422
    assert "Please fill this in." in wrong.text
    save(browser, f"{ROOT}/teams/west", name="Far West", department="sales", manager="")
    assert roster(people).teams["west"].name == "Far West"
    save(browser, f"{ROOT}/reps/new", name="Caio", id="caio", email="", team="west", from_on="2026-01-01")
    assert roster(people).reps["caio"].teams == (TeamSpan("west", dt.date(2026, 1, 1)),)
    taken = send(browser, f"{ROOT}/reps/new", name="Caio", id="ana", email="", team="", from_on="")
    assert "This names Ana Souza already." in taken.text


def test_a_manager_may_not_change_another_s_days(people: People) -> None:
    browser, ana = people.browser(ADA), f"{ROOT}/reps/{key(people, 'ana')}"
    early = {"move-team": "north", "move-from_on": "2020-01-01", "move-until_on": "2020-01-31"}
    save(browser, f"{ana}/move", **early)
    mine = people.browser(RUI)
    refused = send(mine, f"{ana}/move", **{"move-team": "south", "move-from_on": "2020-01-10"})
    assert refused.status_code == 422
    assert "another manager’s team would change" in refused.text


def test_names_that_wait_are_placed_as_somebody_new_or_as_somebody_s(people: People) -> None:
    browser, zoe = people.browser(ADA), waiting(people)
    assert "1 name waits to be placed" in browser.get("/settings").text
    page = browser.get(f"{ROOT}/unplaced").text
    assert "<code>zoe</code>" in page
    assert "2 events" in page
    both = send(browser, f"{ROOT}/unplaced", **{f"r{zoe}-rep": "Ana Souza", f"r{zoe}-team": "north"})
    assert "Either somebody new or somebody who is there" in both.text
    nobody = send(browser, f"{ROOT}/unplaced", **{f"r{zoe}-rep": "Nemo", f"r{zoe}-team": ""})
    assert "Nobody in the roster is called “Nemo”." in nobody.text
    save(browser, f"{ROOT}/unplaced", **{f"r{zoe}-rep": "Ana Souza"})
    assert roster(people).reps["ana"].aliases == ("zoe",)
    assert "Nobody waits" in browser.get(f"{ROOT}/unplaced").text


def test_data_health_leads_to_where_names_are_placed(people: People) -> None:
    for email, leads in ((ADA, True), (RUI, True), (RIGHTS, False)):
        page = people.browser(email).get("/data-health").text
        assert "Reps the roster does not know" in page
        assert (f'href="{ROOT}/unplaced"' in page) == leads


def test_a_name_that_became_an_alias_waits_no_more(people: People) -> None:
    browser, zoe = people.browser(ADA), waiting(people)
    save(browser, f"{ROOT}/unplaced", **{f"r{zoe}-rep": "Ana Souza"})
    assert "<code>zoe</code>" not in browser.get("/data-health").text
    save(browser, f"{ROOT}/reps/{key(people, 'ana')}/unalias", **{"unalias-alias": "zoe"})
    assert waiting(people) == zoe


def test_a_manager_places_names_in_their_own_team_only(people: People) -> None:
    browser, zoe = people.browser(RUI), waiting(people)
    fields = {f"r{zoe}-name": "Zoe Reis", f"r{zoe}-from_on": "2020-02-01"}
    foreign = send(browser, f"{ROOT}/unplaced", **fields, **{f"r{zoe}-team": "north"})
    assert foreign.status_code == 422
    hers = send(browser, f"{ROOT}/unplaced", **{f"r{zoe}-rep": "bia"})
    assert "Nobody in the roster is called “bia”." in hers.text
    save(browser, f"{ROOT}/unplaced", **fields, **{f"r{zoe}-team": "south"})
    assert roster(people).reps["zoe"] == Rep(
        "zoe", "Zoe Reis", teams=(TeamSpan("south", dt.date(2020, 2, 1)),)
    )


def upload(browser: FlaskClient, name: str, content: bytes) -> TestResponse:
    return send(browser, f"{ROOT}/file", file=(io.BytesIO(content), name))


@pytest.mark.parametrize(("suffix", "read"), [("csv", read_roster_csv), ("yaml", read_roster)])
def test_a_file_is_taken_away_changed_and_sent_back(
    people: People, suffix: str, read: Callable[[str, str], Roster]
) -> None:
    browser = people.browser(ADA)
    taken = browser.get(f"{ROOT}/roster.{suffix}")
    assert f'filename="roster.{suffix}"' in taken.headers["Content-Disposition"]
    text = taken.get_data(as_text=True)
    assert read(text.removeprefix("\ufeff"), "x") == roster(people)
    if suffix == "csv":
        assert "'=Bia Castro" in text
    changed = text.replace("Ana Souza", "Ana Lima").encode()
    asked = upload(browser, f"my.{suffix}", changed)
    assert "Name: Ana Souza → Ana Lima" in asked.text
    assert "Nothing that is booked so far changes." in asked.text
    assert roster(people).rep_name("ana") == "Ana Souza"
    assert confirm(browser, asked).status_code == 303
    assert roster(people).rep_name("ana") == "Ana Lima"


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("r.csv", b"id,name\n,x\nana,", ["2 things are wrong in r.csv", "needs the column “id” in the same row",
                                         "is required"]),
        ("r.yaml", b"reps: {ana: {}}\nteams: []", ["2 things are wrong in r.yaml", "Nothing was changed."]),
        ("r.yaml", b"\x00\x01", ["1 thing is wrong"]),
        ("r.yaml", b"PK\x03\x04", ["not a text file"]),
        ("", b"", ["Please choose a file."]),
        ("r.csv", b"", ["This file is empty."]),
    ],
)  # fmt: skip
def test_nonsense_changes_nothing(people: People, name: str, content: bytes, words: list[str]) -> None:
    before = version(people)
    answer = upload(people.browser(ADA), name, content)
    assert answer.status_code == 422
    for wanted in words:
        assert wanted in answer.text
    forged = send(people.browser(ADA), f"{ROOT}/file", kept="!!", file_name="r.csv", seen=str(before))
    assert forged.status_code == 422
    assert version(people) == before


def five_thousand(people: People) -> None:
    with people.cast.app.app_context():
        now = roster_saving.roster_in_use().roster
        many = {
            f"rep{n:04}": Rep(
                f"rep{n:04}", f"Rep {n:04}", None, (f"crm{n}",), (TeamSpan("north", dt.date(2021, 1, 1)),)
            )
            for n in range(5_000)
        }
        session = current_session()
        session.rollback()
        session.info.clear()
        replace_roster(session, Roster(now.teams, {**now.reps, **many}), clock.now(), "test")
        session.commit()


def test_a_page_asks_few_statements_however_many_reps(people: People) -> None:
    browser, ana = people.browser(ADA), key(people, "ana")
    five_thousand(people)
    for path in ("", "/reps", f"/reps/{ana}", "/teams/north", "/unplaced", "/file", "/history"):
        browser.get(ROOT + path)
        with people.cast.app.app_context(), count_statements(db.engine) as seen:
            page = browser.get(ROOT + path)
        assert page.status_code == 200, path
        assert len(seen) <= MOST_STATEMENTS, (path, seen)
        assert len(page.data) < 400_000, path


def test_one_is_found_among_many(people: People) -> None:
    five_thousand(people)
    browser = people.browser(ADA)
    page = browser.get(f"{ROOT}/reps").text
    assert "Page 1 of 101" in page
    assert "Rep 4999" in browser.get(f"{ROOT}/reps?page=999").text
    assert "Rep 0042" in browser.get(f"{ROOT}/reps?q=CRM42").text
    part = browser.get(f"{ROOT}/reps?q=rep+0007&team=north", headers={"HX-Request": "true"}).text
    assert "<html" not in part
    assert "1 rep" in part
    assert "Nobody found" in browser.get(f"{ROOT}/reps?q=nemo").text
    asked = upload(
        browser, "all.csv", write_roster_csv(Roster(roster(people).teams, {})).replace("rui", "").encode()
    )
    assert "and 4,804 more" in asked.text.replace("4804", "4,804")


def test_an_empty_instance_says_what_to_do(people: People) -> None:
    with people.cast.app.app_context():
        session = current_session()
        replace_roster(session, Roster(), clock.now(), "test")
        session.commit()
    page = people.browser(ADA).get(ROOT).text
    assert "No teams yet" in page
    assert "Send a file" in page


def test_the_overview_counts_what_the_pages_of_the_roster_list(people: People) -> None:
    """Rui manages one of the two teams; who has left is not among the reps."""
    rui, ada = people.browser(RUI), people.browser(ADA)
    assert "<strong>2 reps</strong> in your team" in rui.get("/settings").text
    assert "<strong>3 reps</strong> in <strong>2 teams</strong>" in ada.get("/settings").text
    save(ada, f"{ROOT}/reps/{key(people, 'ana')}/leave", **{"leave-last_on": "2026-01-31"})
    assert "<strong>1 rep</strong> in your team" in rui.get("/settings").text
    assert "1 rep</p>" in rui.get(f"{ROOT}/reps").text

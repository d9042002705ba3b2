"""The pages over a real database: who may open whose, in how many statements, and what a table to take away holds."""

import re

import pytest
from flask import Flask

from leaderboard.files.events import Reason
from leaderboard.persistence.db import current_session, db
from leaderboard.services import clock
from leaderboard.services.problems import CONFLICT, REJECTED, Problem, note
from leaderboard.services.roster_import import import_roster
from leaderboard.services.rulebook_apply import apply_rulebook
from leaderboard.web.csv_files import harmless
from leaderboard.web.presenters.reasons import reason_words
from tests.cast import Cast
from tests.databases import count_statements
from tests.web.house import ROSTER, RULEBOOK, House, build_house


@pytest.fixture
def house(app: Flask) -> House:
    return build_house(app)


def test_a_rep_sees_the_board_and_their_own_points(house: House) -> None:
    browser = house.cast.logged_in("ana@example.com")
    board = browser.get("/").text
    assert "Ana Souza" in board
    assert "=Bia Castro" in board
    assert "Data health" not in board
    mine = browser.get("/me").text
    assert "5 of 30 minutes" in mine
    assert "Padaria Lua" in mine
    assert "grade B" in mine
    assert "17" in mine  # minutes left


@pytest.mark.parametrize(
    ("email", "person", "status"),
    [
        ("ana@example.com", "ana", 200), ("ana@example.com", "bia", 404), ("bia@example.com", "ana", 404),
        ("rui@example.com", "ana", 200), ("rui@example.com", "bia", 404), ("ada@example.com", "bia", 200),
        ("ada@example.com", "nobody", 404),
    ],
)  # fmt: skip
def test_whose_points_are_nobody_s_business_are_not_found(
    house: House, email: str, person: str, status: int
) -> None:
    key = {"ana": house.ana, "bia": house.bia, "nobody": 4711}[person]
    assert house.cast.logged_in(email).get(f"/reps/{key}").status_code == status


def test_data_health_is_for_managers_and_names_what_is_wrong(house: House) -> None:
    assert house.cast.logged_in("ana@example.com").get("/data-health").status_code == 403
    page = house.cast.logged_in("rui@example.com").get("/data-health").text
    assert "2 things need somebody" in page
    assert "Verdicts without a place" in page
    assert "<code>zoe</code>" in page


def test_data_health_tells_where_to_look_and_whom_to_ask(house: House) -> None:
    with house.cast.app.app_context():
        session, why = current_session(), (Reason("field_missing", {"field": "time"}),)
        found = [
            Problem(kind=CONFLICT, reasons=why, source="crm", event_id="e7", origin="june.csv:9"),
            Problem(kind=REJECTED, reasons=why, event_id="e8", origin="Forms of the site"),
            Problem(kind=REJECTED, reasons=why, origin="july.csv:4"),
        ]
        note(session, found, clock.now())
        session.commit()
    page = " ".join(house.cast.logged_in("rui@example.com").get("/data-health").text.split())
    assert "crm · june.csv:9" in page
    assert "Forms of the site" in page
    assert page.count("july.csv:4") == 1


def test_a_login_that_stands_for_no_rep_has_no_points_of_its_own(house: House) -> None:
    browser = house.cast.logged_in("ada@example.com")
    assert browser.get("/").status_code == 200
    assert browser.get("/me").status_code == 404


@pytest.mark.parametrize(
    "path",
    ["/leaderboard/reps/2026-13", "/leaderboard/nobody/2026-01", "/leaderboard/reps/x", "/me/2026-Q1", "/me/x",
     "/leaderboard/teams/0000-Q1", "/leaderboard/reps/9999-Q4", "/leaderboard/reps/2999-01"],
)  # fmt: skip
def test_an_address_that_is_none_or_of_a_period_to_come_is_not_found(house: House, path: str) -> None:
    assert house.cast.logged_in("ada@example.com").get(path).status_code == 404


@pytest.mark.parametrize("path", ["/leaderboard/reps/2019-12", "/leaderboard/teams/2019-Q4", "/me/0001-01"])
def test_before_the_first_rulebook_nobody_has_a_place_and_the_page_says_why(house: House, path: str) -> None:
    page = house.cast.logged_in("ana@example.com").get(path).text
    assert "Before the first rulebook" in page
    assert re.search(r"in force from (1 )?Jan[ 1]", page)
    assert "being counted" not in page.replace("being counted</span>", "")
    assert not re.search(r"\dst of \d", page)
    assert "hx-get" not in page, "nothing in it can change"


@pytest.mark.parametrize("path", ["/leaderboard/reps/2020-02", "/leaderboard/teams/2020-Q1"])
def test_a_period_in_which_nothing_happened_ranks_nobody(house: House, path: str) -> None:
    page = house.cast.logged_in("ana@example.com").get(path).text
    assert "Nobody has a place here" in page
    assert "Over, being counted" not in page
    assert "1st of" not in page
    assert "To the present month" in page


def test_a_month_in_which_nothing_happened_has_no_place_on_the_rep_s_page(house: House) -> None:
    page = house.cast.logged_in("ana@example.com").get("/me/2020-02").text
    assert "No place" in page
    assert "No points in this month" in page
    assert "1st of" not in page


def test_who_sets_it_up_reads_the_first_steps_until_there_was_an_event(app: Flask, cast: Cast) -> None:
    with app.app_context():
        apply_rulebook(RULEBOOK.encode(), "rulebook.yaml", clock.now(), "test")
        import_roster(ROSTER.encode(), "roster.yaml", clock.now(), "test")
    page = cast.logged_in("ada@example.com").get("/").text
    assert "Nobody has a place here yet" in page
    assert "flask events import events.csv" in page


def test_what_a_receipt_rests_on_can_be_counted_over_again_to_the_second(house: House) -> None:
    mine = house.cast.logged_in("ana@example.com").get("/me").text
    assert re.search(r"assigned, \d+ \w+, \d\d:\d\d:\d\d \(crm, 0/a\)", mine)
    assert "<dd>5\N{NO-BREAK SPACE}min</dd>" in mine


def test_a_page_quotes_what_was_found_as_text_does() -> None:
    assert reason_words("type `Lead Created` is none", None) == "type “Lead Created” is none"


def test_a_page_out_of_range_is_the_last_one(house: House) -> None:
    browser = house.cast.logged_in("ana@example.com")
    for after in ("-3", "999999", "x", "99999999999999999999"):
        assert "Ana Souza" in browser.get(f"/?after={after}").text


def test_what_has_not_changed_is_not_sent_again(house: House) -> None:
    browser = house.cast.logged_in("ana@example.com")
    part = {"HX-Request": "true", "HX-Request-Type": "partial"}
    for page in ("/", "/me"):
        html = browser.get(page).text
        address = html.split('hx-get="')[1].split('"')[0].replace("&amp;", "&")
        answers = [browser.get(address, headers=part) for _ in range(2)]
        # A minute may end in between: then the time on the page moves on, once.
        assert answers[1].status_code == 204 or answers[0].status_code == 204


def test_the_table_to_take_away_adds_up_and_makes_no_spreadsheet_do_anything(house: House) -> None:
    answer = house.cast.logged_in("ana@example.com").get("/me?format=csv")
    assert answer.mimetype == "text/csv"
    assert "attachment" in answer.headers["Content-Disposition"]
    assert "'=Lead 0 · First contact" in answer.text
    assert harmless("+55 11") == "'+55 11"
    assert harmless("plain") == "plain"


@pytest.mark.parametrize(
    ("path", "most"),
    [("/", 5), ("/leaderboard/teams/2020-Q1", 5), ("/me", 13), ("/reps/{ana}", 13), ("/data-health", 16)],
)
def test_a_warm_page_takes_a_small_constant_number_of_statements(house: House, path: str, most: int) -> None:
    browser = house.cast.logged_in("rui@example.com")
    path = path.format(ana=house.ana)
    browser.get(path)
    with house.cast.app.app_context(), count_statements(db.engine) as statements:
        assert browser.get(path).status_code == 200
    assert len(statements) <= most, statements
    assert not any("ledger" in one and "person_id" not in one for one in statements), "no scan of the ledger"


def test_before_there_are_rules_the_board_says_what_to_do(app: Flask, cast: Cast) -> None:
    for page in ("/", "/data-health"):
        text = cast.logged_in("ada@example.com").get(page).text
        assert "flask rulebook apply rulebook.yaml" in text
        assert text.count("<h1") == 1
    assert "flask rulebook" not in cast.logged_in("ana@example.com").get("/").text


def test_points_are_shown_as_money_where_the_rules_give_them_a_value(house: House) -> None:
    def told(path: str) -> str:
        page = house.cast.logged_in("ana@example.com").get(path).text
        return re.sub(r"\s+", " ", page).replace("\N{NO-BREAK SPACE}", " ")

    assert "A point is worth" not in told("/")
    assert "worth €" not in told("/")
    task = "tasks: {course: {name: Course, until: 2100-01-01, prize: {points: 20}}}"
    valued = RULEBOOK.replace("currency: EUR", "currency: EUR, point_value: 0.50") + f"{task}\n"
    with house.cast.app.app_context():
        apply_rulebook(valued.encode(), "rulebook.yaml", clock.now(), "test")
    points = re.search(r'class="mine-facts"> <span>(\d+) points?</span>', told("/"))
    assert points is not None
    worth = f"{int(points[1]) / 2:.2f}".removesuffix(".00")
    assert f"<span>worth € {worth}</span>" in told("/")
    assert "A point is worth € 0.50." in told("/")
    mine = told("/me")
    assert "worth €" in mine
    assert re.search(r'receipt-points">\+2 <span class="in-money">€ 1</span>', mine)
    assert re.search(r'class="day-head">.*?<span class="in-money">−?€ [0-9.]+</span>', mine)
    assert "+2<small>€ 1</small>" in told("/rules")
    assert "<b>+2</b> (€ 1)" in told("/rules/agreement")
    rules = told("/rules")
    for words in ("€ 0.50", "20 points (€ 10)"):
        assert words in rules, words

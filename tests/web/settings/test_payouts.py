"""The payouts' page: approve, pay, refuse, take the list to payroll, print a certificate; nobody else finds it."""

import csv
import io

import pytest

from leaderboard.domain.instants import parse_rfc3339
from leaderboard.persistence.db import current_session, db
from leaderboard.persistence.models import Payout
from leaderboard.services import clock
from leaderboard.services.closing import close_due
from leaderboard.services.payout_proposals import propose_payouts
from tests.databases import count_statements
from tests.web.settings.firm import Firm, fields

PAGE = "/settings/payouts"


@pytest.fixture
def closed(firm: Firm, monkeypatch: pytest.MonkeyPatch) -> Firm:
    now = parse_rfc3339("2026-10-05T10:00:00Z")
    monkeypatch.setattr(clock, "now", lambda: now)
    with firm.app.app_context():
        close_due(now)
        propose_payouts(now)
    return firm


@pytest.mark.parametrize(("name", "status"), [("ada", 200), ("rui", 200), ("ben", 404), ("head", 404)])
def test_who_finds_it(closed: Firm, name: str, status: int) -> None:
    browser = closed.browser(name)
    assert browser.get(PAGE).status_code == status
    assert browser.get(f"{PAGE}?format=csv").status_code == status


def test_from_the_seal_to_payroll(closed: Firm) -> None:
    browser = closed.browser("ada")
    page = browser.get(PAGE).text.replace("\N{NO-BREAK SPACE}", " ")
    wanted = (
        "payouts wait for approval",
        "Best team · 3rd quarter 2026 · 1st place",
        "On its last day: Ana Souza",
    )
    for words in wanted:
        assert words in page, words
    assert "payouts wait" in browser.get("/settings").text
    approve, paid = f"{PAGE}/1/approve", f"{PAGE}/1/paid"
    for _ in range(2):
        assert browser.post(approve, data=fields(page, approve)).status_code == 303
    page = browser.get(PAGE).text
    assert "Approved by ada@example.com" in page
    form = fields(page, paid)
    answer = browser.post(paid, data=form | {"reference": " "})
    assert answer.status_code == 422
    assert "Please write how it was paid" in answer.text
    assert browser.post(paid, data=form | {"reference": "=Run 10"}).status_code == 303
    text = browser.get(f"{PAGE}?format=csv").data.decode("utf-8-sig")
    rows = {row["source"]: row for row in csv.DictReader(io.StringIO(text))}
    july = rows["recognition/best-rep/2026-07"]
    assert (july["state"], july["amount"], july["currency"]) == ("paid", "400.00", "EUR")
    assert july["reference"] == "'=Run 10", "a spreadsheet takes it for text"
    assert rows["recognition/best-team/2026-Q3"]["amount"] == "1500.50"
    assert len(browser.get(f"{PAGE}?format=csv&state=approved").text.strip().splitlines()) == 1


def test_who_comes_second_is_told_so_and_shown_what_they_wrote(closed: Firm) -> None:
    ada = closed.browser("ada")
    refuse = f"{PAGE}/1/refuse"
    late = ada.get(PAGE).text
    first = fields(ada.get(PAGE).text, refuse) | {"reason": "Paid before"}
    assert ada.post(refuse, data=first).status_code == 303
    answer = ada.post(refuse, data=fields(late, refuse) | {"reason": "He <left>"})
    assert answer.status_code == 422
    alert = answer.text.partition('role="alert"')[2].partition("</div></div>")[0]
    assert "This was decided meanwhile. Nothing of yours was kept." in alert
    assert "You had written: “He &lt;left&gt;”" in alert


@pytest.mark.parametrize(
    ("language", "words"), [("en", "Certificate"), ("pt_BR", "Certificado"), ("pt_PT", "Certificado")]
)
def test_a_certificate_prints(closed: Firm, language: str, words: str) -> None:
    browser = closed.browser("ada")
    browser.set_cookie("language", language)
    page = browser.get(f"{PAGE}/1/certificate")
    assert page.status_code == 200
    assert words in page.text
    assert "Ana Souza" in page.text
    assert closed.browser("rui").get(f"{PAGE}/1/certificate").status_code == 404
    assert browser.get(f"{PAGE}/4711/certificate").status_code == 404


def test_a_manager_sees_only_what_is_won_by_those_he_manages(closed: Firm) -> None:
    rui = closed.browser("rui")
    page = rui.get(PAGE).text
    assert "Ana Souza" not in page
    assert "No money was won yet" in page
    browser = closed.browser("rui")
    form = fields(browser.get("/settings/by-hand").text, "/settings/by-hand/points") | {"reason": "x"}
    for way in ("1/approve", "1/refuse", "1/paid", f"{2**70}/approve"):
        assert browser.post(f"{PAGE}/{way}", data=form).status_code == 404
    with closed.app.app_context():
        assert {row.state for row in current_session().query(Payout)} == {"proposed"}


def test_the_page_takes_a_small_constant_number_of_statements(closed: Firm) -> None:
    browser = closed.browser("ada")
    browser.get(PAGE)
    with closed.app.app_context(), count_statements(db.engine) as statements:
        assert browser.get(PAGE).status_code == 200
    assert len(statements) <= 8, (len(statements), statements)

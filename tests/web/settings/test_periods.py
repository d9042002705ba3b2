"""The page of periods: who finds it, the notice, the preview, closing by hand, proving a seal."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from leaderboard.domain.instants import parse_rfc3339
from leaderboard.persistence.db import current_session, db
from leaderboard.persistence.models import Payout, Seal, User, WorkOrder
from leaderboard.services import clock, work_orders
from leaderboard.services.closing import close_due
from leaderboard.services.evaluation import bring_up_to_date
from leaderboard.services.payout_proposals import propose_payouts
from tests.cast import csrf
from tests.databases import count_statements
from tests.services.acme import send
from tests.web.settings.firm import Firm, fields

PAGE = "/settings/periods"
JULY = f"{PAGE}/2026-07/close"
VERIFY = f"{PAGE}/2026-07/verify"


@pytest.fixture
def rights(firm: Firm) -> Firm:
    """The head may edit rules, and so close; Rui is a manager without that right."""
    with firm.app.app_context():
        session = current_session()
        session.scalars(select(User).where(User.email == "head@example.com")).one().may_edit_rules = True
        session.commit()
    return firm


def at(monkeypatch: pytest.MonkeyPatch, text: str) -> int:
    now = parse_rfc3339(text)
    monkeypatch.setattr(clock, "now", lambda: now)
    return now


def work(firm: Firm) -> None:
    """The jobs that were rung for."""
    with firm.app.app_context():
        work_orders.run_waiting()
        propose_payouts()


def seals(firm: Firm) -> list[tuple[str, str]]:
    with firm.app.app_context():
        rows = current_session().execute(select(Seal.period, Seal.sealed_by).order_by(Seal.position))
        return [(row.period, row.sealed_by) for row in rows]


def confirm(browser: FlaskClient, address: str = JULY) -> str:
    answer = browser.post(address, data=fields(browser.get(address).text, address))
    assert answer.status_code == 303
    return answer.location


@pytest.mark.parametrize(
    ("name", "list_", "acts"), [("ada", 200, 200), ("head", 200, 200), ("rui", 200, 404), ("ben", 404, 404)]
)
def test_managers_see_the_list_and_who_may_edit_rules_closes(
    rights: Firm, name: str, list_: int, acts: int
) -> None:
    browser = rights.browser(name)
    page = browser.get(PAGE)
    assert page.status_code == list_
    assert (JULY in page.text) == (acts == 200)
    assert browser.get(JULY).status_code == acts
    token = csrf(browser, "/account/password")
    for address in (JULY, VERIFY):
        answer = browser.post(address, data={"csrf_token": token, "seen": "x"})
        assert answer.status_code in ((409, 303) if acts == 200 else (404,))
    assert seals(rights) == []


def test_a_stranger_is_asked_to_log_in(firm: Firm) -> None:
    for address in (PAGE, JULY, f"{PAGE}/work/1"):
        assert firm.cast.browser().get(address).status_code == 302


def test_addresses_of_nothing(firm: Firm) -> None:
    browser = firm.browser("ada")
    for address in ("nonsense/close", "2031-01/close", "work/1", f"work/{2**70}", "2026-Q9/close"):
        assert browser.get(f"{PAGE}/{address}").status_code == 404


def test_the_notice_says_what_waits_and_where_it_is_done(firm: Firm) -> None:
    browser = firm.browser("ada")
    for page in (browser.get("/settings").text, browser.get(PAGE).text):
        assert "July 2026 closes by itself on Tuesday, 4 August, 00:00" in page
    assert "00:00: 1 measure waits" in browser.get("/settings").text
    assert 'href="/settings/consequences">1 measure waits' in browser.get(PAGE).text


def test_the_notice_comes_in_time_and_goes(firm: Firm, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = firm.browser("ada")
    at(monkeypatch, "2026-07-31T23:59:59Z")
    assert "closes by itself on" not in firm.browser("ada").get("/settings").text
    now = at(monkeypatch, "2026-08-04T00:00:01Z")
    with firm.app.app_context():
        close_due(now)
    browser = firm.browser("ada")
    assert "closes by itself on" not in browser.get("/settings").text
    assert "Sealed up to July 2026" in browser.get(PAGE).text
    browser.set_cookie("language", "pt_BR")
    assert "Lacrado até julho de 2026" in browser.get(PAGE).text


def test_a_month_is_closed_as_it_was_shown(firm: Firm) -> None:
    browser = firm.browser("ada")
    page = browser.get(JULY).text.replace("\N{NO-BREAK SPACE}", " ")
    for words in ("Close July 2026?", "Ana Souza", "Best rep · 1st place", "€ 400", "Ben Costa", "Slow to call",
                  "1 measure waits", "What closing means"):  # fmt: skip
        assert words in page, words
    order = confirm(browser)
    waiting = browser.get(order)
    assert "Closing July 2026 …" in waiting.text
    assert 'hx-trigger="every 1s"' in waiting.text
    work(firm)
    done = browser.get(order, headers={"HX-Request": "true"}).text
    assert "July 2026 is sealed" in done
    assert "<html" not in done
    ada = f"user:{firm.who.ada.user_id}"
    assert seals(firm) == [("2026-07", ada)]
    listed = browser.get(PAGE).text
    assert "ada@example.com" in listed
    assert "Link 1 of the chain" in listed
    assert "Sealed July 2026" in browser.get("/settings/audit").text
    with firm.app.app_context():
        assert current_session().scalar(select(Payout.amount)) == "400"


def test_what_changed_since_the_look_is_shown_and_nothing_is_closed(firm: Firm) -> None:
    browser = firm.browser("ada")
    sent = fields(browser.get(JULY).text, JULY)
    late(firm)
    answer = browser.post(JULY, data=sent)
    assert answer.status_code == 409
    assert "Something has changed since you looked." in answer.text
    assert fields(answer.text, JULY)["seen"] != sent["seen"]
    work(firm)
    assert seals(firm) == []
    assert browser.post(JULY, data=fields(answer.text, JULY)).status_code == 303
    work(firm)
    assert [name for name, _ in seals(firm)] == ["2026-07"]


def late(firm: Firm) -> None:
    """An event about July that came in just now."""
    with firm.app.app_context():
        session = current_session()
        send(session, ("late", "lead.contacted", "2026-07-03T10:20:00Z", "L3"))
        bring_up_to_date(clock.now())


def test_what_changes_between_the_word_and_the_job_is_not_sealed_unseen(firm: Firm) -> None:
    browser = firm.browser("ada")
    order = confirm(browser)
    late(firm)
    work(firm)
    page = browser.get(order).text
    assert "July 2026 was not closed" in page
    assert "Something has come in since you looked" in page
    assert JULY in page
    assert seals(firm) == []


def test_of_two_who_confirm_at_once_one_closes_and_the_other_is_told(rights: Firm) -> None:
    first, second = rights.browser("ada"), rights.browser("head")
    orders = confirm(first), confirm(second)
    work(rights)
    assert len(seals(rights)) == 1
    assert "is sealed" in first.get(orders[0]).text
    assert "It is closed already." in second.get(orders[1]).text


def test_a_second_click_is_the_same_order(firm: Firm) -> None:
    browser = firm.browser("ada")
    assert confirm(browser) == confirm(browser)
    with firm.app.app_context():
        assert current_session().scalar(select(func.count()).select_from(WorkOrder)) == 1


def test_who_dies_after_the_sealing_finds_it_done(firm: Firm, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = firm.browser("ada")
    order = confirm(browser)

    def die(*_: object) -> None:
        raise SystemExit

    with monkeypatch.context() as patched, firm.app.app_context():
        patched.setattr(work_orders._RUNS, "_end", die)
        with pytest.raises(SystemExit):
            work_orders.run_waiting()
    assert len(seals(firm)) == 1
    at(monkeypatch, "2026-08-02T10:05:00Z")
    work(firm)
    assert "July 2026 is sealed" in firm.browser("ada").get(order).text
    assert len(seals(firm)) == 1


def test_the_quarter_closes_with_its_last_month(firm: Firm, monkeypatch: pytest.MonkeyPatch) -> None:
    now = at(monkeypatch, "2026-10-01T08:00:00Z")
    with firm.app.app_context():
        bring_up_to_date(now)
        close_due(now)
    assert [name for name, _ in seals(firm)] == ["2026-07", "2026-08"]
    browser = firm.browser("ada")
    address = f"{PAGE}/2026-09/close"
    page = browser.get(address).text.replace("\N{NO-BREAK SPACE}", " ")
    assert "Close September 2026 and the 3rd quarter 2026?" in page
    assert "Best team · 1st place" in page
    assert "€ 1,500.50" in page
    quarter = browser.get(f"{PAGE}/2026-Q3/close").text
    assert "Please close September 2026 first: a quarter is closed after its months." in quarter
    confirm(browser, address)
    work(firm)
    assert [name for name, _ in seals(firm)][2:] == ["2026-09", "2026-Q3"]
    with firm.app.app_context():
        assert "1500.50" in current_session().scalars(select(Payout.amount)).all()
        now = at(monkeypatch, "2026-10-10T08:00:00Z")
        assert close_due(now) == []


@pytest.mark.parametrize(
    ("month", "told"),
    [
        ("2026-08", "It has not ended yet"),
        ("2026-Q3", "It has not ended yet"),
        ("2025-12", "It lies before the first rules"),
    ],
)
def test_what_cannot_be_closed_says_why(firm: Firm, month: str, told: str) -> None:
    browser = firm.browser("ada")
    address = f"{PAGE}/{month}/close"
    page = browser.get(address)
    assert told in page.text
    assert f'action="{address}"' not in page.text


def test_periods_are_closed_in_their_order(firm: Firm, monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch, "2026-09-02T08:00:00Z")
    page = firm.browser("ada").get(f"{PAGE}/2026-08/close").text
    assert "Please close July 2026 first: periods are closed in their order." in page
    assert JULY in page


def test_a_seal_is_recomputed_on_request(firm: Firm, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = firm.browser("ada")
    answer = browser.post(VERIFY, data=fields(browser.get(JULY).text, JULY))
    assert answer.location == PAGE
    assert "It is not sealed yet." in browser.get(PAGE).text
    confirm(browser)
    work(firm)
    order = browser.post(VERIFY, data=fields(browser.get(PAGE).text, VERIFY)).location
    assert "Recomputing July 2026 …" in browser.get(order).text
    work(firm)
    assert "what was sealed is what follows" in browser.get(order).text
    assert "Recomputed 0 seconds ago: equal" in browser.get(PAGE).text


@pytest.mark.parametrize("language", ["pt_BR", "pt_PT"])
def test_it_speaks_portuguese(firm: Firm, language: str) -> None:
    browser = firm.browser("ada")
    browser.set_cookie("language", language)
    assert "julho de 2026" in browser.get(JULY).text.lower()
    for english in ("closes by itself", "What closing means", "See what closing"):
        assert english not in browser.get(PAGE).text + browser.get(JULY).text


def test_the_pages_cost_a_fixed_number_of_statements(firm: Firm) -> None:
    browser = firm.browser("ada")
    browser.get("/settings/rules")  # a process knows the rules after its first page
    with firm.app.app_context():
        engine = db.engine
    with count_statements(engine) as seen:
        browser.get(PAGE)
    assert len(seen) <= 18, len(seen)
    with count_statements(engine) as seen:
        browser.get(JULY)
    assert len(seen) <= 60, seen

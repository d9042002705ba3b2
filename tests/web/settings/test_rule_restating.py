"""Restating on screen: a correction of a version in force, both signatures, the preview, the word, the receipts."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from leaderboard.domain.rulebook import Party
from leaderboard.persistence.db import current_session, db
from leaderboard.persistence.models import Draft, RulebookRevision, User
from leaderboard.services import clock, drafts, signing, work_orders
from leaderboard.services.evaluation import bring_up_to_date
from leaderboard.services.signing import Signer
from tests.cast import csrf
from tests.databases import count_statements
from tests.services.acme import RULEBOOK
from tests.services.deciding_house import LADDER
from tests.web.settings.firm import Firm, fields

DRAFT = (RULEBOOK + LADDER).decode().replace("met: 2, missed: -1", "met: 5, missed: -1")
RULES = "/settings/rules"


@pytest.fixture
def rights(firm: Firm) -> Firm:
    """The head may edit rules; Rui is a manager without that right."""
    with firm.app.app_context():
        session = current_session()
        session.scalars(select(User).where(User.email == "head@example.com")).one().may_edit_rules = True
        session.commit()
    return firm


def draft_of(firm: Firm, signed: bool = True) -> int:
    with firm.app.app_context():
        draft = drafts.create(DRAFT, "Fairer points", "user:1", clock.now())
        sha256 = current_session().get_one(Draft, draft).sha256
        current_session().rollback()
        people = ((firm.who.ada, Party.MARKETING), (firm.who.bob, Party.SALES))
        for who, party in people if signed else ():
            signing.sign(draft, sha256, Signer(who.user_id, party), clock.now())
    return draft


def work(firm: Firm) -> None:
    with firm.app.app_context():
        work_orders.run_waiting()
        bring_up_to_date(clock.now())


def preview(firm: Firm, browser: FlaskClient, draft: int) -> str:
    address = f"{RULES}/drafts/{draft}/restate"
    page = browser.get(f"{RULES}/drafts/{draft}").text
    answer = browser.post(address, data=fields(page, address))
    assert answer.status_code == 303
    work(firm)
    return answer.location


def test_from_the_preview_to_the_receipts(rights: Firm) -> None:
    browser = rights.browser("head")
    draft = draft_of(rights)
    shown = preview(rights, browser, draft)
    page = browser.get(shown).text
    for words in (
        "The points of",
        "would change",
        "Ana Souza",
        "July 2026",
        "entries taken back",
        "Confirm it",
    ):
        assert words in page, words
    empty = browser.post(shown, data=fields(page, shown) | {"reason": " "})
    assert empty.status_code == 422
    assert "Please say why" in empty.text
    answer = browser.post(
        shown, data=fields(page, shown) | {"reason": "Agreed on 1 July, written down wrongly"}
    )
    assert "Restating …" in browser.get(answer.location).text
    work(rights)
    assert "It is restated" in browser.get(answer.location).text
    with rights.app.app_context():
        rows = current_session().scalars(select(RulebookRevision).order_by(RulebookRevision.id)).all()
        assert [(row.restates, row.reason) for row in rows][1:] == [
            (True, "Agreed on 1 July, written down wrongly")
        ]
    version = browser.get(f"{RULES}/versions/2026-01-01").text
    assert "Agreed on 1 July, written down wrongly" in version
    made_of = browser.get(f"{RULES}/drafts/{draft}").text
    assert "In force since 1 Jan 2026." in made_of
    assert "See the version</a>" in made_of
    for words in ("take it back", "To start on", "Schedule it", "Withdraw it", "restate"):
        assert words not in made_of, words
    assert "Restated by the draft" in rights.browser("ada").get("/settings/audit").text


@pytest.mark.parametrize(("name", "code"), [("ada", 303), ("head", 303), ("rui", 404), ("ben", 404)])
def test_who_may_edit_rules_may_restate_them(rights: Firm, name: str, code: int) -> None:
    draft = draft_of(rights)
    order = preview(rights, rights.browser("ada"), draft)
    browser = rights.browser(name)
    token = {"csrf_token": csrf(browser, "/account/password"), "reason": "why"}
    for address in (f"{RULES}/drafts/{draft}/restate", order, f"{RULES}/versions/2026-01-01/correct"):
        assert browser.post(address, data=token).status_code == code, address
    assert browser.get(order).status_code == (200 if code == 303 else 404)


def test_a_stranger_is_asked_to_log_in_and_there_is_no_other(firm: Firm) -> None:
    assert firm.cast.browser().get(f"{RULES}/restatements/1").status_code == 302
    browser = firm.browser("ada")
    for order in (1, 2**70):
        assert browser.get(f"{RULES}/restatements/{order}").status_code == 404
    with firm.app.app_context():
        order = work_orders.ask("verify", "2026-07", "user:1", clock.now())
    assert browser.get(f"{RULES}/restatements/{order}").status_code == 404


def test_a_correction_is_told_against_the_version_that_it_corrects_before_and_after(firm: Firm) -> None:
    browser, draft = firm.browser("ada"), draft_of(firm)
    page = browser.get(f"{RULES}/drafts/{draft}").text
    assert "against the version of 1 Jan 2026" in page
    assert "Its month, January 2026, has begun" in page
    assert "take that back first" not in page
    before = changed(page)
    assert "+2 → becomes +5" in before
    shown = preview(firm, browser, draft)
    browser.post(shown, data=fields(browser.get(shown).text, shown) | {"reason": "Agreed so"})
    work(firm)
    restated = browser.get(f"{RULES}/drafts/{draft}").text
    assert "In force since 1 Jan 2026." in restated
    assert changed(restated) == before
    with firm.app.app_context():
        other = drafts.create(DRAFT.replace("met: 5", "met: 6"), "Fairest points", "user:1", clock.now())
    assert "+5 → becomes +6" in changed(browser.get(f"{RULES}/drafts/{other}").text)


def changed(page: str) -> str:
    """The card of what a draft changes, without its marks."""
    card = page.partition('<section class="card" aria-labelledby="changes-title">')[2].partition(
        "</section>"
    )[0]
    return " ".join(re.sub(r"<[^>]+>", " ", card).split())


def test_without_both_signatures_there_is_nothing_to_press(firm: Firm) -> None:
    browser = firm.browser("ada")
    draft = draft_of(firm, signed=False)
    page = browser.get(f"{RULES}/drafts/{draft}").text
    assert "Or restate what is in force" in page
    assert "For that both parties sign it first." in page
    address = f"{RULES}/drafts/{draft}/restate"
    assert f'action="{address}"' not in page
    answer = browser.post(address, data={"csrf_token": csrf(browser, "/account/password")})
    work(firm)
    told = browser.get(answer.location).text
    assert "This could not be computed" in told
    assert "Marketing has not signed this text." in told


def test_a_version_in_force_is_corrected_by_a_draft_from_its_first_day(firm: Firm) -> None:
    browser = firm.browser("ada")
    address = f"{RULES}/versions/2026-01-01/correct"
    page = browser.get(f"{RULES}/versions/2026-01-01").text
    answer = browser.post(address, data=fields(page, address))
    assert answer.status_code == 303
    assert "Correction of the rules of 1 Jan 2026" in browser.get(answer.location).text
    unknown = browser.post(f"{RULES}/versions/2026-02-01/correct", data=fields(page, address))
    assert unknown.status_code == 404


def test_a_version_in_force_offers_no_way_to_take_it_back(firm: Firm) -> None:
    browser = firm.browser("ada")
    assert "take-back" not in browser.get(f"{RULES}/versions/2026-01-01").text
    token = csrf(browser, "/account/password")
    browser.post(f"{RULES}/versions/2026-01-01/take-back", data={"csrf_token": token, "why": "no"})
    assert "It has come into force, and stays" in browser.get(f"{RULES}/versions/2026-01-01").text


def test_what_changed_meanwhile_is_told_and_can_be_seen_anew(firm: Firm) -> None:
    browser = firm.browser("ada")
    draft = draft_of(firm)
    shown = preview(firm, browser, draft)
    with firm.app.app_context():
        drafts.rename(draft, "Fairer points", "Fairest points", "user:1", clock.now())
        session = current_session()
        row = session.get_one(work_orders.WorkOrder, int(shown.rsplit("/", 1)[1]))
        row.result = (row.result or "").replace('"digest": "', '"digest": "0')
        session.commit()
    answer = browser.post(shown, data=fields(browser.get(shown).text, shown) | {"reason": "why"})
    work(firm)
    told = browser.get(answer.location).text
    assert "Nothing was changed" in told
    assert "Something has changed since you looked" in told
    assert f"{RULES}/drafts/{draft}/restate" in told


def test_the_page_costs_a_fixed_number_of_statements(firm: Firm) -> None:
    browser = firm.browser("ada")
    shown = preview(firm, browser, draft_of(firm))
    with firm.app.app_context():
        engine = db.engine
    with count_statements(engine) as seen:
        browser.get(shown)
    assert len(seen) <= 24, seen

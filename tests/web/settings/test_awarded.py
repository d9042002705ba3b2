"""Badges awarded, in the settings: certificates for those whom one manages, and revoking what they took along."""

import pytest
from sqlalchemy import select

from leaderboard.persistence.db import current_session, db
from leaderboard.persistence.models import Award
from leaderboard.services import deciding
from leaderboard.services.closing import close_due
from leaderboard.settings import Settings
from tests.databases import count_statements
from tests.signing_keys import keys_in
from tests.web.settings.firm import Firm, fields

PAGE = "/settings/awarded"


@pytest.fixture
def public(firm: Firm) -> Firm:
    """Ben has taken his badge along, Ana her team's."""
    settings: Settings = firm.app.extensions["settings"]
    keys_in(settings.keys_folder)
    with firm.app.app_context():
        deciding.give_badge(firm.who.rui, firm.who.people["ben"], "thanks", "Good work", token="thanks")
        close_due(firm.at("2026-10-05T10:00:00Z"))
        session = current_session()
        badges = {
            row.badge: row.id for row in session.scalars(select(Award).where(Award.withdrawn_at.is_(None)))
        }
    for name, badge in (("ben", "thanks"), ("ana", "champions")):
        browser, path = firm.browser(name), f"/awards/{badges[badge]}/take-along"
        browser.post(path, data=fields(browser.get(path).text, path) | {"naming": "full"})
    return firm


@pytest.mark.parametrize(
    ("name", "status"), [("ada", 200), ("rui", 200), ("ben", 404), ("ana", 404), ("head", 404)]
)
def test_who_finds_it(public: Firm, name: str, status: int) -> None:
    assert public.browser(name).get(PAGE).status_code == status


def test_a_manager_sees_the_badges_of_those_he_manages(public: Firm) -> None:
    rui, ada = public.browser("rui").get(PAGE).text, public.browser("ada").get(PAGE).text
    assert "Ben Costa" in rui
    assert "Champions" not in rui
    for words in ("Ben Costa", "Champions", "North", "Ana Souza", "/certificate"):
        assert words in ada, words


def test_revoking_wants_a_reason_and_is_told_to_its_owner_and_to_whoever_checks(public: Firm) -> None:
    browser = public.browser("rui")
    page = browser.get(PAGE).text
    action = page.partition('/revoke"')[0].rpartition('action="')[2] + "/revoke"
    form = fields(page, action)
    answer = browser.post(action, data=form | {"reason": " "})
    assert answer.status_code == 422
    assert "Please say why" in answer.text
    for _ in range(2):
        assert browser.post(action, data=form | {"reason": "Given by mistake"}).status_code == 303
    assert "Given by mistake" in public.browser("ben").get("/me/badges").text
    thanks = public.browser("ben").get("/me/badges").text.partition("Thank you</h2>")[2].partition("</li>")[0]
    assert "Certificate" in thanks
    assert "take-along" not in thanks
    assert "Revoked a credential" in public.browser("ada").get("/settings/audit").text
    public_page = page.partition("/credentials/")[2].partition('"')[0]
    told = public.cast.browser().get(f"/credentials/{public_page}").text
    assert "Revoked" in told
    assert "Given by mistake" not in told


def test_what_was_revoked_wrongly_is_allowed_anew_with_a_reason_that_its_owner_reads(public: Firm) -> None:
    browser, ben = public.browser("rui"), public.browser("ben")
    revoke = browser.get(PAGE).text.partition('/revoke"')[0].rpartition('action="')[2] + "/revoke"
    browser.post(revoke, data=fields(browser.get(PAGE).text, revoke) | {"reason": "Given by mistake"})
    allow = revoke.replace("/revoke", "/allow")
    form = fields(browser.get(PAGE).text, allow)
    answer = browser.post(allow, data=form | {"reason": ""})
    assert answer.status_code == 422
    assert "Please say why" in answer.text
    for _ in range(2):
        assert browser.post(allow, data=form | {"reason": "It was right"}).status_code == 303
    assert "Allow anew" not in browser.get(PAGE).text
    assert "Let a revoked award be taken along anew" in public.browser("ada").get("/settings/audit").text
    mine = ben.get("/me/badges").text.partition("Thank you</h2>")[2].partition("</li>")[0]
    assert "It was right" in mine
    again = mine.partition("/take-along")[0].rpartition('href="')[2] + "/take-along"
    assert ben.post(again, data=fields(ben.get(again).text, again) | {"naming": "full"}).status_code == 303
    mine = ben.get("/me/badges").text.partition("Thank you</h2>")[2].partition("</li>")[0]
    assert "Public since" in mine
    assert "Revoked" in mine
    for name in ("ben", "head"):
        assert public.browser(name).post(allow, data=form | {"reason": "No"}).status_code in (400, 404)


def test_nobody_revokes_what_is_not_theirs_to_decide(public: Firm) -> None:
    ada = public.browser("ada").get(PAGE).text
    actions = sorted({part.partition('"')[0] for part in ada.split('action="') if '/revoke"' in part[:60]})
    assert len(actions) == 2
    rui = public.browser("rui")
    form = fields(rui.get(PAGE).text, actions[0] if actions[0] in rui.get(PAGE).text else actions[1])
    foreign = next(action for action in actions if action not in rui.get(PAGE).text)
    for action in (foreign, f"{PAGE}/4711/revoke", f"{PAGE}/{10**30}/revoke"):
        assert rui.post(action, data=form | {"reason": "No"}).status_code == 404
    for name in ("ben", "head"):
        browser = public.browser(name)
        token = fields(browser.get("/account/password").text, "/preferences")
        assert browser.post(foreign, data=token | {"token": "x", "reason": "No"}).status_code == 404


def test_the_page_takes_a_small_constant_number_of_statements(public: Firm) -> None:
    browser = public.browser("ada")
    browser.get(PAGE)
    with public.app.app_context(), count_statements(db.engine) as seen:
        assert browser.get(PAGE).status_code == 200
    assert len(seen) <= 8, seen

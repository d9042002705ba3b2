"""People and roles: what administrators and managers see and do there, and what of it is noted."""

import html
import json
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from leaderboard.persistence.db import current_session, db
from leaderboard.persistence.models import AuditEntry, Person, User
from leaderboard.queries.actors import names_of
from leaderboard.services import users
from tests.cast import ADMIN, cast_of, csrf
from tests.databases import count_statements
from tests.web.settings.conftest import ADA, ANA, BIA, RIGHTS, RUI, People

NEW = "/settings/people/new"


def page_of(people: People, email: str) -> str:
    return f"/settings/people/{people.ids[email]}"


def fields(page: str) -> dict[str, str]:
    """What a form would send as it stands."""
    sent = dict(re.findall(r'<input[^>]*name="(csrf_token|seen|email)"[^>]*value="([^"]*)"', page))
    sent |= re.findall(r'name="(role)" value="(\w+)" checked', page)
    for name in ("rep", "signs_for"):
        options = page.partition(f'name="{name}"')[2].partition("</select>")[0]
        found = re.search(r'value="([^"]*)" selected', options)
        if found:
            sent[name] = found[1]
    return sent


def send(browser: FlaskClient, page: str, **changes: str) -> TestResponse:
    return browser.post(page, data=fields(browser.get(page).text) | changes)


def press(browser: FlaskClient, page: str, what: str) -> TestResponse:
    return browser.post(f"{page}/{what}", data={"csrf_token": csrf(browser, page)}, follow_redirects=True)


def notes(people: People) -> list[tuple[str, str, str | None, object, object]]:
    with people.cast.app.app_context():
        rows = current_session().scalars(
            select(AuditEntry).where(AuditEntry.actor.like("user:%")).order_by(AuditEntry.id)
        )
        return [
            (
                row.actor,
                row.action,
                row.subject,
                json.loads(row.before or "null"),
                json.loads(row.after or "null"),
            )
            for row in rows
        ]


def login_of(people: People, email: str) -> User:
    with people.cast.app.app_context():
        user = users.existing(email)
        current_session().expunge(user)
        current_session().rollback()
        return user


def test_an_administrator_sees_all_and_finds_by_part_of_a_name(people: People) -> None:
    browser = people.browser(ADA)
    page = browser.get("/settings/people").text
    for text in ("5 logins", "Ana Souza", "=Bia Castro", "Rui Faria", "may edit rulebooks", "Here now"):
        assert text in page
    found = browser.get("/settings/people?q=SOUZA").text
    assert "Ana Souza" in found
    assert "Rui Faria" not in found
    assert "Rui Faria" in browser.get("/settings/people?show=manager").text
    assert "Nobody found" in browser.get("/settings/people?q=xyz&show=nonsense&after=-7").text


def test_a_search_by_htmx_gets_the_list_alone(people: People) -> None:
    headers = {"HX-Request": "true", "HX-Request-Type": "partial"}
    part = people.browser(ADA).get("/settings/people?q=ana", headers=headers).text
    assert part.strip().startswith('<div id="found"')
    assert "<html" not in part


def test_a_manager_sees_the_reps_of_his_teams_and_no_form(people: People) -> None:
    browser = people.browser(RUI)
    page = browser.get("/settings/people").text
    assert "Ana Souza" in page
    for text in ("Bia Castro", ADA, RIGHTS, "New login", "without a login"):
        assert text not in page
    one = browser.get(page_of(people, ANA)).text
    assert "Make a link to a new password" in one
    for text in ('name="role"', "Disable"):
        assert text not in one


def test_an_invitation_makes_a_login_and_shows_its_link_once(people: People) -> None:
    browser = people.browser(ADA)
    answer = send(
        browser, NEW, email="New@Example.com", role="manager", may_edit_rules="y", signs_for="sales"
    )
    assert answer.status_code == 302
    page = browser.get(answer.location).text
    link = html.unescape(re.search(r'value="([^"]*/password\?link=[^"]*)"', page)[1])  # type: ignore[index]
    assert "password?link=" not in browser.get(answer.location).text
    guest = people.browser(None)
    guest.get(link.removeprefix("http://localhost"))
    assert "new@example.com" in guest.get("/password").text
    user = login_of(people, "new@example.com")
    assert (user.role, user.may_edit_rules, user.signs_for) == ("manager", True, "sales")
    actor, subject = f"user:{people.ids[ADA]}", f"user:{user.id}"
    after = {"role": "manager", "person": None, "may_edit_rules": True, "signs_for": "sales"}
    assert notes(people) == [
        (actor, "user.created", subject, None, after),
        (actor, "user.link", subject, None, None),
    ]


def test_a_login_that_stands_for_no_rep_bears_its_holders_name(people: People) -> None:
    browser = people.browser(ADA)
    page = page_of(people, ADA)
    assert send(browser, page, name="  Ada   Lima ").status_code == 302
    text = browser.get(page).text
    assert "<h1>Ada Lima</h1>" in text
    assert 'value="Ada Lima"' in text
    assert "Changed the name of Ada Lima" in browser.get("/settings/audit").text
    actor = f"user:{people.ids[ADA]}"
    with people.cast.app.app_context():
        assert names_of(current_session(), [actor, "demo", None]) == {actor: "Ada Lima", "demo": "demo"}
        current_session().rollback()
    assert send(browser, page, rep=str(people.persons[BIA])).status_code == 302
    assert login_of(people, ADA).name is None
    assert "<h1>=Bia Castro</h1>" in browser.get(page).text


def test_a_rep_without_a_login_is_invited_with_what_the_roster_knows(people: People) -> None:
    with people.cast.app.app_context():
        session = current_session()
        session.execute(User.__table__.delete().where(User.id == people.ids[BIA]))
        bia = session.get(Person, people.persons[BIA])
        assert bia is not None
        bia.email = "castro@example.com"
        session.commit()
    browser = people.browser(ADA)
    address = f"{NEW}?rep={people.persons[BIA]}"
    assert f'href="{address}"' in browser.get("/settings/people").text
    page = browser.get(address).text
    assert 'value="castro@example.com"' in page
    assert send(browser, address).status_code == 302
    assert login_of(people, "castro@example.com").person_id == people.persons[BIA]


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"email": ""}, "Please fill this in."),
        ({"email": "nobody"}, "This is not an email address."),
        ({"email": ANA.upper()}, "This address has a login already."),
        ({"email": "x@example.com", "role": "boss"}, "Please choose one of these."),
        ({"email": "x@example.com", "rep": "4711"}, "Please choose one of these."),
        ({"email": "x@example.com", "role": "manager", "signs_for": "legal"}, "Please choose one of these."),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_nothing_is_lost(
    people: People, changes: dict[str, str], text: str
) -> None:
    browser = people.browser(ADA)
    answer = send(browser, NEW, **changes)
    assert answer.status_code == 400
    assert text in answer.text
    assert f'value="{changes["email"]}"' in answer.text or not changes["email"]
    assert notes(people) == []
    browser.set_cookie("language", "pt_BR")
    assert text not in send(browser, NEW, **changes).text


def test_role_rep_and_rights_are_changed_and_each_is_noted(people: People) -> None:
    browser, page = people.browser(ADA), page_of(people, ANA)
    answer = send(browser, page, role="manager", rep=str(people.persons[BIA]), signs_for="marketing")
    assert answer.status_code == 302
    assert "Saved." in browser.get(page).text
    user = login_of(people, ANA)
    assert (user.role, user.person_id, user.signs_for) == ("manager", people.persons[BIA], "marketing")
    assert [note[1] for note in notes(people)] == ["user.role", "user.rep", "user.rights"]
    assert {note[0] for note in notes(people)} == {f"user:{people.ids[ADA]}"}
    assert send(browser, page).status_code == 302
    assert len(notes(people)) == 3, "nothing changed, nothing noted"


def test_what_was_changed_meanwhile_is_shown_and_not_overwritten(people: People) -> None:
    browser, page = people.browser(ADA), page_of(people, RUI)
    old = fields(browser.get(page).text)
    send(browser, page, signs_for="sales")
    answer = browser.post(page, data=old | {"role": "admin"})
    assert answer.status_code == 400
    assert "changed this login meanwhile" in answer.text
    assert fields(answer.text)["signs_for"] == "sales"
    assert login_of(people, RUI).role == "manager"
    assert browser.post(page, data=fields(answer.text) | {"role": "admin"}).status_code == 302


def test_nobody_locks_themselves_out(people: People) -> None:
    browser, page = people.browser(ADA), page_of(people, ADA)
    assert "lock yourself out" in send(browser, page, role="manager").text
    assert "lock yourself out" in press(browser, page, "disable").text
    assert "Disable" not in browser.get(page).text
    assert login_of(people, ADA).role == "admin"
    assert notes(people) == []


def test_a_disabled_login_is_out_gets_no_link_and_comes_back(people: People) -> None:
    browser, page, guest = people.browser(ADA), page_of(people, ANA), people.browser(ANA)
    assert "Disabled: nobody" in press(browser, page, "disable").text
    assert guest.get("/me").status_code == 302
    assert "gets no link" in press(browser, page, "link").text
    assert "Let in again, with" in press(browser, page, "enable").text
    assert [note[1] for note in notes(people)] == ["user.disabled", "user.enabled"]


def test_a_manager_sends_a_link_and_ends_sessions_of_his_reps(people: People) -> None:
    browser, page, guest = people.browser(RUI), page_of(people, ANA), people.browser(ANA)
    assert "/password?link=" in press(browser, page, "link").text
    assert "Signed out: 1 session ended." in press(browser, page, "sign-out").text
    assert guest.get("/me").status_code == 302
    assert "signed in nowhere" in press(browser, page, "sign-out").text
    actor = f"user:{people.ids[RUI]}"
    assert [note[:2] for note in notes(people)] == [(actor, "user.link"), (actor, "user.sessions_ended")]


def test_a_link_is_shown_for_the_login_it_is_for_only(people: People) -> None:
    browser, page = people.browser(ADA), page_of(people, ANA)
    browser.post(f"{page}/link", data={"csrf_token": csrf(browser, page)})
    assert "/password?link=" not in browser.get(page_of(people, BIA)).text
    assert "/password?link=" in browser.get(page).text


def test_a_form_of_another_site_changes_nothing(people: People) -> None:
    browser = people.browser(ADA)
    for what in ("", "/link", "/sign-out", "/disable", "/enable"):
        assert browser.post(page_of(people, ANA) + what, data={"role": "admin"}).status_code == 400
    assert notes(people) == []


def test_the_overview_says_who_may_come_in_and_what_is_missing(people: People) -> None:
    page = people.browser(ADA).get("/settings").text
    assert "administrators 1, managers 2, reps 2" in page
    assert "Nobody may sign the agreement for marketing" in page
    assert "3 invitations ran out unused" in page
    assert "1 rep of your teams may come in" in people.browser(RUI).get("/settings").text


@pytest.mark.parametrize(
    ("path", "most"), [("/settings", 21), ("/settings/people", 7), (NEW, 8), ("/settings/people/{ana}", 8)]
)
def test_a_page_takes_a_small_constant_number_of_statements(people: People, path: str, most: int) -> None:
    browser, path = people.browser(ADA), path.format(ana=people.ids[ANA])
    browser.get(path)
    with people.cast.app.app_context(), count_statements(db.engine) as statements:
        assert browser.get(path).status_code == 200
    assert len(statements) <= most, statements


def test_before_there_are_rules_an_administrator_invites_all_the_same(app: Flask) -> None:
    browser = cast_of(app).logged_in(ADMIN)
    assert browser.get("/settings").status_code == 200
    assert send(browser, NEW, email="first@example.com").status_code == 302
    assert "first@example.com" in browser.get("/settings/people").text


@pytest.mark.parametrize("role", ["manager", "admin"])
def test_a_manager_gets_no_hold_of_a_login_that_may_do_more_than_a_rep(people: People, role: str) -> None:
    """Ana is of Rui's team; with a link to her new password he would be what she became."""
    send(people.browser(ADA), page_of(people, ANA), role=role)
    browser = people.browser(RUI)
    assert browser.get(page_of(people, ANA)).status_code == 404
    token = csrf(browser, "/account/password")
    for what in ("link", "sign-out"):
        answer = browser.post(f"{page_of(people, ANA)}/{what}", data={"csrf_token": token})
        assert answer.status_code == 404

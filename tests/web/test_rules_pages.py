"""Versions, drafts, signatures: who may see and do what, nothing overwritten unseen, nothing stored of nonsense."""

import io
import re
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from leaderboard.persistence import models
from leaderboard.persistence.db import current_session, db
from leaderboard.services import clock, login_changes, users
from leaderboard.services.rulebook_apply import apply_rulebook, load_book
from tests.cast import Cast, cast_of
from tests.databases import count_statements
from tests.web.house import RULEBOOK, House, build_house

RUI, ADA, ANA = "rui@example.com", "ada@example.com", "ana@example.com"
HOME = "/settings/rules"
ONE = f"{HOME}/drafts/1"
LAUGHS = b"a: &a [x]\nb: &b [*a, *a]\nc: [*b, *b]\n"


@dataclass
class People:
    """Rui edits and signs for marketing; Ada administers and signs for sales; Ana plays."""

    house: House
    rui: FlaskClient
    ada: FlaskClient
    ana: FlaskClient

    def __post_init__(self) -> None:
        give(self.house, RUI, "marketing")
        give(self.house, ADA, "sales")


def give(house: House, email: str, signs_for: str | None, may_edit: bool = True) -> None:
    with house.cast.app.app_context():
        login_changes.change_rights(
            users.existing(email).id,
            may_edit_rules=may_edit,
            signs_for=signs_for,
            actor="test",
            now=clock.now(),
        )


@pytest.fixture
def people(app: Flask) -> People:
    house = build_house(app)
    return People(house, *(house.cast.logged_in(email) for email in (RUI, ADA, ANA)))


def press(browser: FlaskClient, path: str, expect: int = 302, **form: object) -> str:
    """Sends a form with its token; the page that it leads to."""
    token = re.search(r'name="csrf-token" content="([^"]+)"', browser.get("/").text)
    assert token
    answer = browser.post(path, data={**form, "csrf_token": token[1]}, content_type="multipart/form-data")
    assert answer.status_code == expect, answer.text
    return browser.get(answer.headers["Location"]).text if expect == 302 else answer.text


def begin(browser: FlaskClient, **form: object) -> str:
    return press(
        browser,
        f"{HOME}/drafts/new",
        **{"from": "version-1", "name": "Quicker", "month": "2099-01-01"} | form,
    )


def field(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, name
    return found[1]


def text_of(browser: FlaskClient) -> str:
    return browser.get(f"{ONE}/rulebook.yaml").text


def stored(app: Flask) -> tuple[int, ...]:
    with app.app_context():
        tables = (models.Draft, models.DraftChange, models.RulebookRevision, models.Signature)
        session = current_session()
        return tuple(session.scalar(select(func.count()).select_from(table)) or 0 for table in tables)


def save(browser: FlaskClient, text: str, revision: int = 1, expect: int = 302, **form: object) -> str:
    return press(browser, f"{ONE}/edit", expect, text=text, revision=revision, **form)


def test_who_signed_for_one_party_is_not_offered_the_other(people: People) -> None:
    begin(people.rui)
    press(people.rui, f"{ONE}/sign", sha256=field(people.rui.get(ONE).text, "sha256"))
    give(people.house, RUI, "sales")
    page = people.rui.get(ONE).text
    assert f'action="{ONE}/sign"' not in page
    assert "You signed for the other party: nobody signs for both." in page
    assert f'action="{ONE}/sign"' in people.ada.get(ONE).text


def test_an_agreement_says_in_words_which_program_applied_it(people: People, app: Flask) -> None:
    with app.app_context():
        later = RULEBOOK.replace("2020-01-01", "2021-01-01").encode()
        apply_rulebook(later, "rulebook.yaml", clock.now(), "demo")
    assert "Applied by Demo" in people.ana.get("/rules/agreement").text


def test_everybody_reads_the_version_in_force_and_the_agreement(people: People) -> None:
    for browser in (people.ana, people.rui, people.ada):
        page = browser.get("/rules").text
        assert "A sales rep meets this when a lead is contacted within 30 minutes of being assigned." in page
        assert "The month is met from 90% on." in page
        paper = browser.get("/rules/agreement")
        assert paper.status_code == 200
        assert "Agreement between marketing and sales" in paper.text


@pytest.mark.parametrize(
    "path", ["", "/versions/2020-01-01", "/versions/2020-01-01/rulebook.yaml", "/versions/2020-01-01/agreement",
             "/drafts/new", "/drafts/1", "/drafts/1/edit", "/drafts/1/agreement", "/drafts/1/rulebook.yaml",
             "/drafts/1/savings/1"],
)  # fmt: skip
def test_versions_and_drafts_are_for_who_edits_or_signs(people: People, path: str) -> None:
    begin(people.rui)
    assert people.rui.get(HOME + path).status_code == 200
    assert people.ana.get(HOME + path).status_code == 404
    give(people.house, RUI, "nobody", may_edit=False)
    assert people.house.cast.logged_in(RUI).get(HOME + path).status_code == 404


@pytest.mark.parametrize("act", ["edit", "sign", "schedule", "month", "name", "withdraw", "take-up"])
def test_nobody_else_acts(people: People, act: str) -> None:
    begin(people.rui)
    press(people.ana, f"{ONE}/{act}", 404)
    give(people.house, RUI, "marketing", may_edit=False)
    if act != "sign":
        press(people.house.cast.logged_in(RUI), f"{ONE}/{act}", 404, revision=1, text="x")


@pytest.mark.parametrize(
    "path", ["/drafts/2", "/drafts/99999999999999999999", "/drafts/2/edit", "/drafts/1/savings/2", "/drafts/x",
             "/versions/2021-01-01", "/versions/nonsense", "/drafts/2/agreement", "/drafts/2/rulebook.yaml"],
)  # fmt: skip
def test_what_is_not_there_is_not_found(people: People, path: str) -> None:
    begin(people.rui)
    assert people.ada.get(HOME + path).status_code == 404


def test_a_draft_goes_all_its_way(people: People) -> None:
    page = begin(people.rui, why="Leads cool down")
    assert "To start on 1 Jan 2099" in page
    save(people.rui, text_of(people.rui).replace("within: 30m", "within: 20m"), why="asked for")
    page = people.rui.get(ONE).text
    assert re.search(r"<del>30 minutes</del>.*<ins>20 minutes</ins>", page)
    assert "asked for" in page
    assert "Marketing has not signed this text." in page
    page = press(people.rui, f"{ONE}/sign", sha256=field(page, "sha256"))
    assert "Rui Faria," in page
    assert "Everything is in order" not in page
    page = press(people.ada, f"{ONE}/sign", sha256=field(people.ada.get(ONE).text, "sha256"))
    assert "Everything is in order" in page
    page = press(people.rui, f"{ONE}/schedule", sha256=field(people.rui.get(ONE).text, "sha256"))
    assert "It is scheduled: it comes into force on 1 Jan 2099." in page
    home = people.rui.get(HOME).text
    assert "Begins on 1 Jan 2099" in home
    assert "Signed by Rui Faria, ada@example.com" in home
    assert "30 minutes" in people.ana.get("/rules").text
    paper = people.rui.get(f"{HOME}/versions/2099-01-01/agreement").text
    assert "Signed by both parties" in paper
    page = press(people.rui, f"{HOME}/versions/2099-01-01/take-back", why="not yet")
    assert "It is taken back" in page
    assert people.rui.get(f"{HOME}/versions/2099-01-01").status_code == 404


def test_what_is_in_force_is_not_taken_back(people: People) -> None:
    assert "It has come into force" in press(people.rui, f"{HOME}/versions/2020-01-01/take-back")
    with people.house.cast.app.app_context():
        assert len(load_book(current_session())) == 1


def test_it_is_not_scheduled_unsigned(people: People) -> None:
    page = begin(people.rui)
    page = press(people.rui, f"{ONE}/schedule", sha256=re.search(r"[0-9a-f]{64}", page)[0])  # type: ignore[index]
    assert "Marketing has not signed this text. Sales has not signed this text." in page


def test_scheduling_it_again_says_only_that_it_is_scheduled(people: People) -> None:
    digest = field(begin(people.rui), "sha256")
    for browser in (people.rui, people.ada):
        press(browser, f"{ONE}/sign", sha256=digest)
    press(people.rui, f"{ONE}/schedule", sha256=digest)
    page = press(people.rui, f"{ONE}/schedule", sha256=digest)
    assert "It is scheduled already." in page
    assert "Another version starts on the same day" not in page


def test_an_edit_voids_signatures_visibly(people: People) -> None:
    page = begin(people.rui)
    press(people.rui, f"{ONE}/sign", sha256=field(page, "sha256"))
    assert "Saving a change makes the signatures void." in people.ada.get(f"{ONE}/edit").text
    save(people.ada, text_of(people.ada).replace("within: 30m", "within: 25m"))
    page = people.rui.get(ONE).text
    assert "Rui Faria signed for Marketing on" in page
    assert "a later edit made that void" in page
    assert "changed since you opened it" in press(people.rui, f"{ONE}/sign", sha256="0" * 64)


def test_of_two_who_edit_at_once_neither_loses_anything(people: People) -> None:
    begin(people.rui)
    text = text_of(people.rui)
    theirs = text.replace("within: 30m", "within: 25m")
    mine = text.replace("name: Acme", "name: Acme & <Sons>")
    save(people.rui, theirs, why="quicker")
    page = save(people.ada, mine, expect=409, why="new name")
    assert "Rui Faria saved meanwhile" in page
    assert "<del>30 minutes</del>" in page
    assert "Acme &amp; &lt;Sons&gt;" in page
    assert "Both together" in page
    assert 'value="new name"' in page
    assert text_of(people.rui) == theirs
    both = re.search(r'id="merged"[^>]*>\n(.*?)</textarea>', page, re.S)
    assert both
    assert "within: 25m" in both[1]
    assert "Acme &amp;" in both[1]
    save(people.ada, mine, revision=2)
    assert text_of(people.rui) == mine


def test_a_check_keeps_nothing(people: People) -> None:
    begin(people.rui)
    page = save(people.rui, "rulebook: 2\n", expect=200, check="yes", why="trying")
    assert "problems to mend" in page
    assert "Line 1" in page
    assert "rulebook: 2" in page
    assert 'value="trying"' in page
    assert "30m" in text_of(people.rui)
    good = save(people.rui, text_of(people.rui), expect=200, check="yes")
    assert "nothing is wrong with it" in good


def test_a_draft_with_problems_shows_them_all_and_cannot_go_on(people: People) -> None:
    begin(people.rui)
    spoilt = (
        text_of(people.rui).replace("party: sales", "party: slaes").replace("within: 30m", "within: soon")
    )
    page = save(people.rui, spoilt)
    assert "2 problems to mend" in page
    page = people.rui.get(ONE).text
    assert "service_levels.first-contact.within" in page
    assert "Its problems are still to be mended." in page
    assert 'action="/settings/rules/drafts/1/sign"' not in page


@pytest.mark.parametrize(
    ("content", "told"),
    [(b"PK\x03\x04zip", "a zip archive"), (LAUGHS, "Anchors, aliases"), (b"\xff\xfe", "UTF-16 text"),
     (b"- [", "not valid YAML"), (b"", "Is empty"), (b"x" * 400_001, "larger than any rulebook")],
)  # fmt: skip
def test_an_upload_of_nonsense_changes_nothing_and_keeps_what_was_typed(
    people: People, content: bytes, told: str
) -> None:
    before = stored(people.house.cast.app)
    form = {"from": "file", "name": "Mine & yours", "file": (io.BytesIO(content), "r.yaml")}
    page = press(people.rui, f"{HOME}/drafts/new", 400, **form)
    assert told in page
    assert 'value="Mine &amp; yours"' in page
    assert stored(people.house.cast.app) == before


def test_an_upload_of_ten_megabytes_is_refused(people: People) -> None:
    before = stored(people.house.cast.app)
    form = {"from": "file", "name": "Large", "file": (io.BytesIO(b"a: b\n" * 2_000_000), "r.yaml")}
    press(people.rui, f"{HOME}/drafts/new", 413, **form)
    assert stored(people.house.cast.app) == before


def test_a_file_and_an_example_begin_drafts_too(people: People) -> None:
    file = (io.BytesIO(RULEBOOK.replace("2020-01-01", "2098-01-01").encode()), "r.yaml")
    assert "To start on 1 Jan 2098" in begin(people.rui, **{"from": "file", "file": file})
    page = begin(people.rui, **{"from": "starter"})
    assert "Leads left waiting" in page
    assert "problem" not in page
    assert "Copied from draft 1" in begin(people.rui, **{"from": "draft-1"})


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({"name": " "}, "Please give it a name"),
        ({"from": "version-99"}, "Please choose"),
        ({"from": "nonsense"}, "Please choose"),
    ],
)
def test_what_is_wrong_with_a_new_draft_is_told_beside_the_field(
    people: People, form: dict[str, str], told: str
) -> None:
    page = press(
        people.rui, f"{HOME}/drafts/new", 400, **{"from": "version-1", "name": "Kept", "why": "so"} | form
    )
    assert told in page
    assert 'value="so"' in page


def test_hostile_texts_are_shown_as_texts(people: People) -> None:
    evil = "<script>alert(1)</script>"
    begin(people.rui, name=evil, why=evil)
    text = text_of(people.rui).replace("name: First contact", f"name: '{evil}'")
    text += f"agreement: {{title: '{evil}', definitions: {{'{evil}': '{evil}'}}, handover: ['{evil}']}}\n"
    save(people.rui, text, why=evil)
    save(people.rui, text + f"'{evil}': 1\n", revision=2, expect=200, check="yes")
    for path in (
        "",
        "/drafts/1",
        "/drafts/1/edit",
        "/drafts/1/savings/2",
        "/drafts/1/agreement",
        "/drafts/new",
    ):
        page = people.rui.get(HOME + path).text
        assert evil not in page, path
    assert "&lt;script&gt;" in people.rui.get(ONE).text


@pytest.mark.parametrize(
    ("path", "most"),
    [("/rules", 5), ("/rules/agreement", 8), (HOME, 11), (f"{HOME}/versions/2020-01-01", 8), (ONE, 20),
     (f"{ONE}/edit", 8), (f"{ONE}/savings/1", 12), (f"{HOME}/drafts/new", 10), (f"{ONE}/agreement", 6)],
)  # fmt: skip
def test_a_page_asks_the_database_few_questions(people: People, path: str, most: int) -> None:
    begin(people.rui)
    people.rui.get(path)
    with people.house.cast.app.app_context(), count_statements(db.engine) as seen:
        assert people.rui.get(path).status_code == 200
    assert len(seen) <= most, seen


def test_an_empty_instance_says_how_the_first_rulebook_comes_about(app: Flask) -> None:
    cast: Cast = cast_of(app)
    page = cast.logged_in("ada@example.com").get(HOME).text
    assert "There is no rulebook yet" in page
    assert "flask rulebook apply" in page
    browser = cast.logged_in("ada@example.com")
    page = begin(browser, **{"from": "starter", "month": "2099-01-01"})
    assert "it would be the first" in page


def test_the_overview_says_what_waits(people: People) -> None:
    page = begin(people.rui)
    press(people.rui, f"{ONE}/sign", sha256=field(page, "sha256"))
    assert "“Quicker” waits for your signature" in people.ada.get("/settings").text
    press(people.ada, f"{ONE}/sign", sha256=field(people.ada.get(ONE).text, "sha256"))
    assert "“Quicker” is signed by both: schedule it" in people.rui.get("/settings").text


def test_withdrawn_drafts_are_taken_up_again(people: People) -> None:
    begin(people.rui)
    assert "Withdrawn" in press(people.rui, f"{ONE}/withdraw")
    assert "1 withdrawn draft" in people.rui.get(HOME).text
    assert "It is taken up again." in press(people.rui, f"{ONE}/take-up")


def test_a_draft_is_moved_and_renamed(people: People) -> None:
    begin(people.rui)
    page = press(people.rui, f"{ONE}/month", month="2099-02-01", revision=1)
    assert "To start on 1 Feb 2099" in page
    assert "Somebody saved it meanwhile" in press(people.rui, f"{ONE}/month", month="2099-03-01", revision=1)
    assert "Calmer" in press(people.rui, f"{ONE}/name", was="Quicker", name="Calmer")
    press(people.rui, f"{ONE}/month", 400, month="soon", revision=1)


def test_a_copy_says_what_it_leaves_out_because_it_ends_before(people: People) -> None:
    ended = "tasks:\n  training: {name: Training, until: 2020-01-31, prize: {points: 5}}\n"
    file = (io.BytesIO((RULEBOOK + ended).encode()), "r.yaml")
    begin(people.rui, **{"from": "file", "name": "Old", "file": file})
    page = begin(people.rui, **{"from": "draft-1", "name": "New"})
    assert "Left out, because they end before it begins: “Training”." in page
    assert "Its problems are still to be mended." not in page

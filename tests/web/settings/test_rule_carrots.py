"""Badges, recognition, contests and tasks of a draft, edited by forms: what is saved, refused and kept, and who may."""

from dataclasses import dataclass

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from leaderboard.domain.badge_icons import BadgeIcon
from leaderboard.files.rulebook.splicing import data_of
from leaderboard.persistence.db import current_session, db
from leaderboard.persistence.models import Draft
from leaderboard.services import clock, drafts, login_changes
from leaderboard.services.draft_checks import check
from leaderboard.services.login_changes import Access
from tests.cast import Cast, csrf
from tests.databases import count_statements
from tests.web.house import build_house
from tests.web.settings.test_rule_levels import ADA, ANA, BIA, RIGHTS, RUI, fields

DOCUMENT = """\
rulebook: 1
effective_from: 2030-01-01
organization: {name: Acme, timezone: UTC, currency: EUR}
service_levels:
  first-contact: {name: First contact, party: sales, measure: recorded, target: 90%}
  quiet: {name: Quiet, party: sales, measure: recorded}
  revenue: {name: Revenue, party: sales, measure: volume, events: opportunity.won, target: 5}
badges:
  # quick ones
  quick:
    name: "<b>Quick</b>"
    icon: rocket   # chosen by all
    for: {count: 3, service_level: first-contact, rating: met}
    points: 20
  steady: {name: Steady, for: {streak: 25, service_level: quiet}}
  clean: {for: {clean_month: 20}}
  first: {name: First, for: {rank: 1, period: quarter, scope: team}}
  thanks: {name: Thanks, description: A good deed}
recognition:
  best: {name: Best of all, period: month, scope: rep, places: 1, bonus: 1500.50, badge: thanks}
contests:
  race:
    name: Race
    from: 2030-02-01
    until: 2030-02-10
    service_levels: [first-contact, quiet]
    teams: [east]
    prize: {points: 10, money: 99.90}
tasks:
  training: {name: Training, until: 2030-05-31, prize: {points: 20}, confirm: manager}
"""
ENTRIES = (
    *(("badges", name) for name in ("quick", "steady", "clean", "first", "thanks")),
    ("recognition", "best"),
    ("contests", "race"),
    ("tasks", "training"),
)


@dataclass(frozen=True)
class Room:
    """A draft, and the people."""

    cast: Cast
    draft: int

    @property
    def path(self) -> str:
        return f"/settings/rules/drafts/{self.draft}/carrots"

    def document(self) -> str:
        with self.cast.app.app_context():
            found = current_session().get(Draft, self.draft)
            assert found is not None
            return found.document

    def entry(self, section: str, name: str) -> dict[str, object]:
        with self.cast.app.app_context():
            assert check(current_session(), self.document()).is_good
        return dict(data_of(self.document())[section][name])


@pytest.fixture
def room(app: Flask) -> Room:
    house = build_house(app)
    with app.app_context():
        login_changes.invite(RIGHTS, Access("manager", may_edit_rules=True), actor="test", now=house.now)
        return Room(house.cast, drafts.create(DOCUMENT, "A draft", "test", clock.now()))


def form_of(page: str) -> MultiDict[str, str]:
    """What the form would send as it stands: of the symbols the one that is chosen."""
    head, _, rest = page.partition('id="carrot-form"')
    sent = fields(f'{head}id="level-form"{rest}')
    chosen = rest.partition('name="icon" value="')
    if chosen[1]:
        sent.poplist("icon")
        marked = [
            part.partition('"')[0] for part in rest.split('name="icon" value="')[1:]
            if part.partition(">")[0].endswith(" checked")
        ]  # fmt: skip
        sent.setlist("icon", marked)
    return sent


def test_the_list_tells_each_one_in_words(room: Room) -> None:
    page = room.cast.logged_in(RIGHTS).get(room.path).text
    for words in (
        "&lt;b&gt;Quick&lt;/b&gt;",
        "For 3 outcomes met or better on “First contact” within a month.",
        '#rocket"',
        "Best of all",
        "Race",
        "Training",
        "A recognition",
    ):
        assert words in page, words
    assert "<b>Quick</b>" not in page


@pytest.mark.parametrize(("section", "name"), ENTRIES)
def test_saving_a_form_as_it_stands_changes_nothing(room: Room, section: str, name: str) -> None:
    browser = room.cast.logged_in(RIGHTS)
    path = f"{room.path}/{section}/edit/{name}"
    assert browser.post(path, data=form_of(browser.get(path).text)).status_code == 302
    assert room.document() == DOCUMENT


def test_a_change_touches_its_line_only(room: Room) -> None:
    browser = room.cast.logged_in(RIGHTS)
    path = f"{room.path}/badges/edit/quick"
    form = form_of(browser.get(path).text)
    assert form["icon"] == "rocket"
    form["icon"] = "gem"
    assert browser.post(path, data=form).status_code == 302
    assert room.document() == DOCUMENT.replace("icon: rocket", "icon: gem")


NEW: dict[str, tuple[str, dict[str, object], dict[str, object]]] = {
    "count": (
        "badges",
        {"number": "10", "service_level": "quiet", "rating": "exceeded", "points": "5", "icon": "star"},
        {"for": {"count": "10", "service_level": "quiet", "rating": "exceeded"}, "points": "5", "icon": "star"},
    ),
    "streak": (
        "badges",
        {"number": "7", "service_level": "quiet"},
        {"for": {"streak": "7", "service_level": "quiet"}},
    ),
    "clean_month": ("badges", {"number": "7"}, {"for": {"clean_month": "7"}}),
    "rank": (
        "badges",
        {"number": "3", "period": "quarter"},
        {"for": {"rank": "3", "period": "quarter", "scope": "rep"}},
    ),
    "hand": ("badges", {"description": "Kind"}, {"description": "Kind"}),
    "recognition": (
        "recognition",
        {"places": "2", "bonus": "1500,50", "badge": "thanks"},
        {"period": "month", "scope": "rep", "places": "2", "bonus": "1500.5", "badge": "thanks"},
    ),
    "contests": (
        "contests",
        {
            "from": "2030-03-01", "until": "2030-03-09", "service_levels": ["quiet"], "by": "share", "minimum": "5",
            "scope": "team", "places": "2", "money": "250",
        },
        {
            "from": "2030-03-01", "until": "2030-03-09", "service_level": "quiet", "by": "share", "minimum": "5",
            "scope": "team", "places": "2", "prize": {"money": "250"},
        },
    ),
    "tasks": (
        "tasks",
        {"until": "2030-06-30", "points": "5", "confirm": "nobody"},
        {"until": "2030-06-30", "prize": {"points": "5"}, "confirm": "nobody"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", NEW)
def test_each_can_be_added(room: Room, what: str) -> None:
    section, typed, wanted = NEW[what]
    browser = room.cast.logged_in(RIGHTS)
    kind = what if section == "badges" else ""
    page = browser.get(f"{room.path}/{section}/new", query_string={"kind": kind} if kind else {})
    form = form_of(page.text)
    for name, value in {"name": "New one", "id": "new-one", **typed}.items():
        form.setlist(name, value if isinstance(value, list) else [str(value)])
    answer = browser.post(f"{room.path}/{section}/new", data=form)
    assert answer.status_code == 302, answer.text
    assert room.entry(section, "new-one") == {"name": "New one", **wanted}


@pytest.mark.parametrize(
    ("path", "wrong", "at"),
    [
        ("badges/edit/quick", {"number": ""}, ["number"]),
        ("badges/edit/clean", {"number": ""}, ["number"]),
        ("badges/edit/quick", {"number": "<few>", "points": "many", "icon": "blob"}, ["number", "points", "icon"]),
        ("badges/edit/steady", {"service_level": "revenue"}, ["service_level"]),
        ("recognition/edit/best", {"places": "0", "bonus": "-1", "badge": "gone"}, ["places", "bonus", "badge"]),
        ("contests/edit/race", {"until": "2030-01-01"}, ["until"]),
        ("contests/edit/race", {"service_levels": [], "from": "", "money": "0"}, ["service_levels", "from", "money"]),
        ("tasks/edit/training", {"until": "soon", "points": ""}, ["until", "points"]),
    ],
)  # fmt: skip
def test_what_is_wrong_stands_beside_its_field(
    room: Room, path: str, wrong: dict[str, object], at: list[str]
) -> None:
    browser = room.cast.logged_in(RIGHTS)
    form = form_of(browser.get(f"{room.path}/{path}").text)
    for name, value in wrong.items():
        form.setlist(name, value if isinstance(value, list) else [str(value)])
    answer = browser.post(f"{room.path}/{path}", data=form)
    assert answer.status_code == 400
    for name in at:
        assert f'id="{name}-fault"' in answer.text, name
    assert "<few>" not in answer.text
    if "<few>" in wrong.values():
        assert 'value="&lt;few&gt;"' in answer.text
    assert room.document() == DOCUMENT


def test_a_key_is_asked_for_and_belongs_to_one(room: Room) -> None:
    browser = room.cast.logged_in(RIGHTS)
    page = browser.get(f"{room.path}/badges/new?copy=steady").text
    assert "as soon as the form says enough" not in page, "the sentence of a copy stands there at once"
    form = form_of(page)
    assert (form["id"], form["number"]) == ("steady-2", "25")
    for wrong in ("quick", "", "Bad Key!"):
        form["id"] = wrong
        answer = browser.post(f"{room.path}/badges/new", data=form)
        assert answer.status_code == 400
        assert 'id="id-fault"' in answer.text
    form["id"] = "steady-2"
    assert browser.post(f"{room.path}/badges/new", data=form).status_code == 302
    assert room.entry("badges", "steady-2")["for"] == {"streak": "25", "service_level": "quiet"}


def test_remarks_are_lost_only_when_one_was_told(room: Room) -> None:
    browser = room.cast.logged_in(RIGHTS)
    path = f"{room.path}/badges/edit/quick"
    form = form_of(browser.get(path).text)
    form["icon"] = ""
    answer = browser.post(path, data=form)
    assert answer.status_code == 409
    assert "# chosen by all" in answer.text
    assert room.document() == DOCUMENT
    form["lose_comments"] = "yes"
    assert browser.post(path, data=form).status_code == 302
    assert "icon" not in room.entry("badges", "quick")
    assert "# quick ones" in room.document()


def test_who_saved_meanwhile_is_not_overwritten_unseen(room: Room) -> None:
    browser = room.cast.logged_in(RIGHTS)
    path = f"{room.path}/tasks/edit/training"
    form = form_of(browser.get(path).text)
    theirs = DOCUMENT.replace("name: Race", "name: Run")
    with room.cast.app.app_context():
        drafts.save(room.draft, 1, theirs, "a run", "test", clock.now())
    form["name"] = "Mine"
    answer = browser.post(path, data=form)
    assert answer.status_code == 409
    for words in ("test saved meanwhile", "a run", 'value="Mine"', "They did not touch this:"):
        assert words in answer.text, words
    assert room.document() == theirs
    assert browser.post(path, data=form_of(answer.text)).status_code == 302
    assert room.entry("tasks", "training")["name"] == "Mine"
    assert room.entry("contests", "race")["name"] == "Run"


@pytest.mark.parametrize(
    ("mine", "is_apart"), [({"name": "Mine"}, True), ({"name": "Mine", "until": "2030-07-31"}, False)]
)
def test_of_one_task_two_may_change_different_fields(
    room: Room, mine: dict[str, str], is_apart: bool
) -> None:
    browser = room.cast.logged_in(RIGHTS)
    path = f"{room.path}/tasks/edit/training"
    form = form_of(browser.get(path).text)
    with room.cast.app.app_context():
        theirs = DOCUMENT.replace("until: 2030-05-31", "until: 2030-06-30")
        drafts.save(room.draft, 1, theirs, "later", "test", clock.now())
    for name, value in mine.items():
        form[name] = value
    answer = browser.post(path, data=form)
    assert answer.status_code == 409
    assert ("They changed this too, but nothing that you changed" in answer.text) is is_apart
    assert ("what you changed stands as you typed it" in answer.text) is not is_apart


def test_a_badge_that_a_recognition_gives_stays_and_it_is_shown(room: Room) -> None:
    browser = room.cast.logged_in(RIGHTS)
    path = f"{room.path}/badges/remove/thanks"
    page = browser.get(path).text
    assert "Best of all" in page
    assert f"{room.path}/recognition/edit/best" in page
    form = {"csrf_token": csrf(browser, f"{room.path}/badges/remove/clean"), "revision": "1"}
    assert browser.post(path, data=form).status_code == 409
    assert room.document() == DOCUMENT
    assert browser.post(f"{room.path}/badges/remove/clean", data=form).status_code == 302
    assert "clean" not in data_of(room.document())["badges"]
    gone = browser.post(f"{room.path}/tasks/remove/training", data={**form, "revision": "2"})
    assert gone.status_code == 302
    assert "tasks" not in data_of(room.document())


def test_the_sentence_comes_as_one_types(room: Room) -> None:
    browser = room.cast.logged_in(RIGHTS)
    form = form_of(browser.get(f"{room.path}/badges/edit/steady").text)
    form["number"] = "30"
    answer = browser.post(f"{room.path}/badges/sentence", data=form, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert "For every 30 in a row in time on “Quiet”." in answer.text
    assert "<html" not in answer.text


def test_a_form_that_nobody_filled_in_yet_is_not_called_wrong(room: Room) -> None:
    browser = room.cast.logged_in(RIGHTS)
    form = form_of(browser.get(f"{room.path}/badges/new?kind=count").text)
    fresh = browser.post(f"{room.path}/badges/sentence", data=form, headers={"HX-Request": "true"}).text
    assert "as soon as the form says enough" in fresh
    assert "as soon as this is mended" not in fresh


def test_every_symbol_can_be_chosen(room: Room) -> None:
    page = room.cast.logged_in(RIGHTS).get(f"{room.path}/badges/edit/quick").text
    for icon in BadgeIcon:
        assert f'name="icon" value="{icon}"' in page
        assert f'#{icon}"' in page


def test_only_who_may_edit_rules_finds_any_of_it(room: Room) -> None:
    paths = ("", "/badges/new?kind=count", "/tasks/edit/training", "/badges/remove/clean", "/badges/sentence")
    for email in (RUI, ANA, BIA):
        browser = room.cast.logged_in(email)
        token = csrf(browser, "/account/password")
        for path in paths:
            assert browser.get(room.path + path).status_code in (404, 405), (email, path)
            assert browser.post(room.path + path, data={"csrf_token": token}).status_code in (404, 405)
    assert room.cast.browser().get(room.path).status_code == 302
    for email in (RIGHTS, ADA):
        browser = room.cast.logged_in(email)
        for path in paths[:4]:
            assert browser.get(room.path + path).status_code == 200, (email, path)
        for path in ("/badges/edit/none", "/badges/remove/none", "/badges/new?kind=odd", "/ladders/new"):
            assert browser.get(room.path + path).status_code == 404, path


def test_a_text_that_cannot_be_read_is_only_to_be_mended_as_text(room: Room) -> None:
    browser = room.cast.logged_in(RIGHTS)
    with room.cast.app.app_context():
        drafts.save(room.draft, 1, "a: [", "", "test", clock.now())
    assert "only be mended as text" in browser.get(room.path).text
    assert browser.get(f"{room.path}/tasks/new").status_code == 302


def test_pages_ask_the_database_a_bounded_number_of_times(room: Room) -> None:
    browser = room.cast.logged_in(RIGHTS)
    for path in ("", "/badges/edit/quick", "/contests/edit/race"):
        browser.get(room.path + path)
        with room.cast.app.app_context(), count_statements(db.engine) as counted:
            browser.get(room.path + path)
        assert len(counted) <= 20, path

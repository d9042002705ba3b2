"""The settings' frame: who finds it, and how a part brings its card and its entry."""

import re

import pytest
from flask import Flask

from leaderboard.web.settings.areas import PEOPLE, Area, Need, Stand
from tests.cast import ADMIN, MANAGER, REP, STRANGER, Cast, cast_of

SAMPLE = Area(
    key="sample",
    group=PEOPLE,
    label="Sample",
    title="A sample",
    icon="info",
    order=5,
    is_open_to=lambda who: who.role == "admin",
    stand=lambda _who: Stand(("All quiet here.",), (Need("Look at this.", "/settings/sample"),)),
)


@pytest.fixture
def cast(app: Flask) -> Cast:
    blueprint, more = SAMPLE.blueprint(__name__), SAMPLE.blueprint(__name__, part="more")
    blueprint.add_url_rule("", "home", lambda: "the sample")
    more.add_url_rule("/more", "more", lambda: "more of it")
    app.register_blueprint(blueprint)
    app.register_blueprint(more)
    return cast_of(app)


@pytest.mark.parametrize(("email", "status"), [(ADMIN, 200), (MANAGER, 200), (REP, 404)])
def test_settings_are_for_managers_and_administrators(cast: Cast, email: str, status: int) -> None:
    browser = cast.logged_in(email)
    assert browser.get("/settings").status_code == status
    assert ('href="/settings"' in browser.get("/").text) == (status == 200)


def test_who_is_not_logged_in_is_asked_to(cast: Cast) -> None:
    for path in ("/settings", "/settings/sample"):
        assert cast.browser().get(path).location.startswith("/login"), STRANGER


def test_a_part_brings_its_card_its_entry_and_what_waits(cast: Cast) -> None:
    page = cast.logged_in(ADMIN).get("/settings").text
    for wanted in ("1 thing needs somebody", "A sample", "All quiet here.", "Look at this."):
        assert wanted in page


def test_a_part_is_not_there_for_whom_it_is_not_open(cast: Cast) -> None:
    browser = cast.logged_in(MANAGER)
    page = browser.get("/settings").text
    assert "Nothing needs you" in page
    assert "A sample" not in page
    assert "/settings/sample" not in page
    for path in ("/settings/sample", "/settings/sample/more"):
        assert browser.get(path).status_code == 404
        assert cast.logged_in(ADMIN).get(path).status_code == 200


def test_parts_stand_under_their_groups_and_only_those_of_the_open_group_are_listed(cast: Cast) -> None:
    browser = cast.logged_in(ADMIN)
    overview, inside = browser.get("/settings").text, browser.get("/settings/people").text
    ways, parts = _navigation(overview), _navigation(inside)
    assert [label for label, _ in ways] == [
        "Overview",
        "Rules",
        "People",
        "Decisions",
        "Screens",
        "Audit log",
    ]
    assert [label for label, _ in parts[6:]] == ["Sample", "Logins", "Teams and reps"]
    assert [label for label, current in parts if current] == ["People", "Logins"]


def test_a_group_with_one_part_bears_its_name_and_lists_nothing(cast: Cast) -> None:
    listed = _navigation(cast.logged_in(ADMIN).get("/settings/audit").text)
    assert [label for label, current in listed if current] == ["Audit log"]
    assert len(listed) == 6


def _navigation(page: str) -> list[tuple[str, bool]]:
    nav = page.split('<nav class="ways', 1)[1].split("</nav>", 1)[0]
    return [(label, "aria-current" in rest) for rest, label in re.findall(r"<a ([^>]*)>([^<]*)</a>", nav)]

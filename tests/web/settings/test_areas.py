"""The settings' frame: who finds it, and how a part brings its card and its entry."""

import pytest
from flask import Flask

from leaderboard.web.settings.areas import Area, Need, Stand
from tests.cast import ADMIN, MANAGER, REP, STRANGER, Cast, cast_of

SAMPLE = Area(
    key="sample",
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
    for wanted in ("1 thing needs somebody", "A sample", ">Sample</a>", "All quiet here.", "Look at this."):
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

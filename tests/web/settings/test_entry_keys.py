"""The keys of a draft's entries, in every editor that takes one: long ones are checked like short ones, or refused."""

import re

import pytest
from flask import Flask

from leaderboard.files.yaml_nodes import LONGEST_KEY
from leaderboard.persistence.db import current_session
from leaderboard.services.draft_checks import check
from tests.web.settings.draft_room import DraftRoom, build_room, fields

DOCUMENT = """\
rulebook: 1
effective_from: 2030-01-01
organization: {name: Acme, timezone: UTC, currency: EUR}
service_levels:
  quiet: {name: Quiet, party: sales, measure: recorded, target: 0.9}
"""
EDITORS = {
    "badge": ("carrots/badges/new?kind=streak", {}),
    "recognition": ("carrots/recognition/new", {}),
    "contest": ("carrots/contests/new", {}),
    "task": ("carrots/tasks/new", {}),
    "response": ("service-levels/new?measure=response", {}),
    "recorded": ("service-levels/new?measure=recorded", {}),
    "volume": ("service-levels/new?measure=volume", {}),
    "ratio": ("service-levels/new?measure=ratio", {}),
    "ladder": ("ladders/new", {}),
    "calendar": ("calendars/new", {"zone": "Nowhere", "hours.monday": "noon"}),
}
"""Where a new one is made, and what is sent of it, all else empty."""
KEPT = ("csrf_token", "revision", "measure", "kind")


@pytest.fixture
def room(app: Flask) -> DraftRoom:
    return build_room(app, DOCUMENT)


def send(room: DraftRoom, editor: str, key: str, **more: str) -> tuple[int, str]:
    path, given = EDITORS[editor]
    page = f"{room.root}/{path}"
    form = fields(room.browser().get(page).text)
    for name in form:
        if name not in KEPT:
            form.setlist(name, [""])
    for name, value in {**given, **more, "id": key}.items():
        form.setlist(name, [value])
    answer = room.browser().post(page.partition("?")[0], data=form)
    return answer.status_code, answer.text


def marked(page: str) -> list[str]:
    return sorted(re.findall(r'<p class="fault" id="([^"]+)-fault">', page))


@pytest.mark.parametrize("editor", EDITORS)
def test_a_long_key_is_checked_as_a_short_one_is(room: DraftRoom, editor: str) -> None:
    status, page = send(room, editor, "k" * 8, check="yes")
    expected = marked(page)
    assert (status, expected != []) == (400, True)
    assert "id" not in expected
    for length in (80, LONGEST_KEY):
        for more in ({"check": "yes"}, {}):
            status, page = send(room, editor, "k" * length, **more)
            assert (status, marked(page)) == (400, expected)
    assert room.document() == DOCUMENT


@pytest.mark.parametrize("editor", EDITORS)
def test_a_key_that_is_too_long_is_refused_at_its_field(room: DraftRoom, editor: str) -> None:
    expected = marked(send(room, editor, "k" * 8, check="yes")[1])
    sendings: tuple[tuple[int, dict[str, str]], ...] = ((201, {}), (300, {"check": "yes"}), (5_000, {}))
    for length, more in sendings:
        status, page = send(room, editor, "k" * length, **more)
        assert (status, marked(page)) == (400, sorted([*expected, "id"]))
        assert "This key is too long: please take at most 200 letters, digits and hyphens." in page
        assert f'value="{"k" * length}"' in page
    assert room.document() == DOCUMENT


@pytest.mark.parametrize("editor", EDITORS)
def test_a_key_that_is_none_is_told_at_its_field_and_so_is_all_else(room: DraftRoom, editor: str) -> None:
    expected = marked(send(room, editor, "k" * 8, check="yes")[1])
    for key in ("", "two words", "a\N{NO-BREAK SPACE}b", "-", "é", "~", "#", "a: b"):
        status, page = send(room, editor, key)
        assert (status, marked(page)) == (400, sorted([*expected, "id"])), key
    assert room.document() == DOCUMENT


def test_the_longest_key_is_saved(app: Flask, room: DraftRoom) -> None:
    key = "k" * LONGEST_KEY
    assert send(room, "calendar", key, zone="", **{"hours.monday": "09:00-12:00"})[0] == 302
    more = {"name": "Long", "party": "sales", "subject": "rep"}
    assert send(room, "recorded", key, **more)[0] == 302
    with app.app_context():
        assert check(current_session(), room.document()).is_good
    assert room.document().count(key) == 2

"""The ways into the parts of a draft: each leads somewhere, and says what stands there."""

from flask import Flask

from leaderboard.files.rulebook import read_rulebook
from leaderboard.web.presenters.draft_parts import draft_parts
from tests.web.house import RULEBOOK


def test_each_part_leads_to_a_page_of_the_draft_and_says_what_it_holds(app: Flask) -> None:
    rulebook = read_rulebook(RULEBOOK, "rulebook.yaml")
    with app.test_request_context():
        parts = draft_parts(rulebook)
        assert {part.words for part in parts} >= {"Acme", "0 calendars", "1 service level", "0 ladders"}
        assert all(part.words == "" for part in draft_parts(None))
        adapter = app.url_map.bind("")
        for part in parts:
            assert adapter.build(part.endpoint, {"draft_id": 1}).startswith("/settings/rules/drafts/1/")

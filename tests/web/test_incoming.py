"""Text that no database keeps and numbers that no row has never reach a view."""

import io

import pytest
from flask import Flask, jsonify, request
from flask.testing import FlaskClient

from leaderboard.web.incoming import LARGEST_KEY, init_app, key_of
from tests.web.settings.firm import Firm, fields

BY_HAND = "/settings/by-hand"


@pytest.fixture
def told() -> FlaskClient:
    """An application that says what its views get."""
    app = Flask("told")
    init_app(app)

    @app.post("/sent")
    def sent() -> object:
        names = [one.filename for one in request.files.values()]
        return jsonify(form=request.form.to_dict(flat=False), args=request.args.to_dict(), files=names)

    app.add_url_rule("/number/<int:key>", view_func=lambda key: str(key), endpoint="number")
    app.add_url_rule("/name/<name>", view_func=lambda name: name, endpoint="name")
    return app.test_client()


def test_a_nul_is_left_out_of_names_texts_and_what_files_are_called(told: FlaskClient) -> None:
    file = (io.BytesIO(b"kept\0as it is"), "a\0.csv")
    answer = told.post(
        "/sent?q%00=x%00y", data={"why": ["a\0b", "\0"], "n\0ame": "good", "plain": "é 😀\x1f", "file": file}
    )
    assert answer.json == {
        "form": {"why": ["ab", ""], "name": ["good"], "plain": ["é 😀\x1f"]},
        "args": {"q": "xy"},
        "files": ["a.csv"],
    }


def test_an_address_with_a_nul_or_a_number_that_no_row_has_leads_nowhere(told: FlaskClient) -> None:
    assert told.get("/name/a%00b").status_code == 404
    assert told.get("/name/a%01b").status_code == 200
    assert told.get(f"/number/{LARGEST_KEY}").status_code == 200
    for number in (LARGEST_KEY + 1, "9" * 5_000, "-1", "1.0", "²"):
        assert told.get(f"/number/{number}").status_code == 404


@pytest.mark.parametrize("text", ["", "-1", "+1", " 1", "1_0", "١", "²", "1.0", "1e3", "9" * 19, "9" * 5_000])
def test_what_is_no_number_of_a_row(text: str) -> None:
    with pytest.raises(ValueError, match="no number"):
        key_of(text)
    assert key_of("0") == 0
    assert key_of(str(LARGEST_KEY)) == LARGEST_KEY


def test_a_reason_with_a_nul_is_kept_without_it_on_both_databases(firm: Firm) -> None:
    browser = firm.browser("ada")
    form = fields(browser.get(BY_HAND).text, f"{BY_HAND}/points")
    form |= {"who": f"rep:{firm.who.people['ana']}", "points": "5", "reason": "The\0 fair"}
    assert browser.post(f"{BY_HAND}/points", data=form).status_code == 303
    assert firm.decisions() == [("points", "The fair")]


def test_filters_and_places_in_lists_that_no_database_takes(firm: Firm) -> None:
    browser = firm.browser("ada")
    for path in ("/settings/audit?who=a%00b&before=", "/settings/roster/history?before="):
        assert browser.get(f"{path}{LARGEST_KEY + 1}").status_code == 200, path
    assert browser.get(f"/notes?before={LARGEST_KEY + 1}").status_code == 404


@pytest.mark.parametrize("path", ["/settings/periods", "/settings/rules", "/settings/rules/drafts/new"])
def test_a_page_that_never_asks_for_a_part_of_itself_has_one(firm: Firm, path: str) -> None:
    answer = firm.browser("ada").get(path, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert "<html" not in answer.text

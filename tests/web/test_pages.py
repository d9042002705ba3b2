"""The pages as they are shown: each for who may see it, whole and in parts, in every language."""

import re

import pytest
from flask.testing import FlaskClient

from leaderboard.web.languages import LANGUAGES
from tests.web.sample_app import create_sample_app

PAGES = (
    "/leaderboard/reps/2026-11", "/leaderboard/teams/2026-Q4", "/leaderboard/reps/2026-09", "/leaderboard/reps/2026-08",
    "/leaderboard/reps/2026-07", "/me", "/me/2026-08", "/reps/4", "/data-health", "/data-health?calm=1", "/login",
    "/setup", "/password", "/fault/400", "/fault/403", "/fault/404", "/fault/413", "/fault/429", "/fault/500",
    "/fault/503",
)  # fmt: skip
LIVE = (
    "/leaderboard/reps/2026-11",
    "/leaderboard/teams/2026-Q4",
    "/leaderboard/reps/2026-08",
    "/me",
    "/me/2026-08",
)
PART = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture(scope="module")
def samples() -> FlaskClient:
    return create_sample_app().test_client()


def text_of(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


@pytest.mark.parametrize("language", sorted(LANGUAGES))
@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_made_in_every_language(samples: FlaskClient, path: str, language: str) -> None:
    samples.set_cookie("language", language)
    samples.set_cookie("as", "manager")
    answer = samples.get(path)
    assert answer.status_code == (int(path[-3:]) if path.startswith("/fault/") else 200)
    assert f'<html lang="{language.replace("_", "-")}"' in answer.text
    assert "%(" not in answer.text
    assert "style=" not in answer.text


@pytest.mark.parametrize("path", LIVE)
def test_the_live_part_is_the_page_s_own_block(samples: FlaskClient, path: str) -> None:
    samples.set_cookie("as", "rep")
    samples.set_cookie("language", "en")
    whole, part = samples.get(path).text, samples.get(path, headers=PART).text
    assert part.strip().startswith('<div id="live"')
    assert "<html" not in part
    assert text_of(part) in text_of(whole)


def test_a_browser_that_restores_a_page_gets_it_whole(samples: FlaskClient) -> None:
    headers = {**PART, "HX-History-Restore-Request": "true"}
    assert "<html" in samples.get("/leaderboard/reps/2026-11", headers=headers).text


def test_the_tie_rule_and_the_time_stand_on_the_board(samples: FlaskClient) -> None:
    samples.set_cookie("language", "en")
    text = text_of(samples.get("/leaderboard/reps/2026-11").text)
    assert "Equal points: the higher share in time goes first; equal in both share a rank." in text
    assert "As of 20 November, 14:32" in text
    assert "3 leads waiting, for 12 seconds" in text


def test_a_sealed_period_says_when_and_with_which_seal(samples: FlaskClient) -> None:
    samples.set_cookie("language", "en")
    answer = samples.get("/leaderboard/reps/2026-09").text
    assert "Sealed 4 October, 00:00" in text_of(answer)
    assert "4f0c9a1be2d7" in answer
    assert "hx-get" not in answer


def moves(html: str, row: int) -> str:
    found = re.search(rf'<tr role="row" id="row-{row}".*?</tr>', html, re.DOTALL)
    assert found is not None
    return text_of(found[0])


def test_a_fall_is_shown_to_the_one_concerned_and_to_managers_only(samples: FlaskClient) -> None:
    samples.set_cookie("language", "en")
    samples.set_cookie("as", "manager")
    managers = samples.get("/leaderboard/reps/2026-11").text
    fallen = {row for row in range(1, 40) if "down" in moves(managers, row)}
    stayed = {row for row in range(1, 40) if "same place" in moves(managers, row)}
    assert fallen - {4}
    assert stayed - {4}
    samples.set_cookie("as", "rep")
    mine = samples.get("/leaderboard/reps/2026-11").text
    for row in (fallen | stayed) - {4}:
        assert "since yesterday" not in moves(mine, row)
        assert "same place" not in moves(mine, row)


def test_teams_are_shown_whole(samples: FlaskClient) -> None:
    samples.set_cookie("as", "rep")
    assert "down 1 since yesterday" in samples.get("/leaderboard/teams/2026-Q4").text


def test_a_receipt_says_in_words_what_a_point_rests_on(samples: FlaskClient) -> None:
    samples.set_cookie("language", "en")
    text = text_of(samples.get("/me").text)
    assert "assigned Thu 17:52, contacted Fri 09:08: 16 of 30 working minutes" in text
    assert "assigned Thu 10:32, not done when due Thu 11:02: 30 working minutes were over" in text
    assert "Taken back 19 November, 15:00: the contact was voided" in text
    assert "corrects 2026-09, which was sealed when this came in" in text
    changed = "Rosa Flores: missed, −2, counts no more; Rosa Flores: met, +1, counts now"
    assert f"Since it was sealed {changed}" in text
    assert "21 of 24 in time. 6 more in a row and the month is met: +100 ." in text
    assert "both" not in text
    samples.set_cookie("language", "pt_BR")
    assert "atribuído qui. 17:52, contatado sex. 09:08: 16 de 30 minutos úteis" in text_of(
        samples.get("/me").text
    )
    samples.set_cookie("language", "pt_PT")
    assert "16 de 30 minutos úteis" in text_of(samples.get("/me").text)


def test_the_choice_of_language_is_the_cookie_s_then_the_browser_s_then_the_organization_s(
    samples: FlaskClient,
) -> None:
    samples.delete_cookie("language")
    assert '<html lang="pt-BR"' in samples.get("/login").text
    assert '<html lang="pt-PT"' in samples.get("/login", headers={"Accept-Language": "pt-PT, en;q=0.5"}).text
    assert '<html lang="en"' in samples.get("/login", headers={"Accept-Language": "de, en-US;q=0.5"}).text
    samples.set_cookie("language", "en")
    assert '<html lang="en"' in samples.get("/login", headers={"Accept-Language": "pt-PT"}).text


def test_a_failure_of_ours_asks_nothing_of_the_database(samples: FlaskClient) -> None:
    samples.set_cookie("as", "rep")
    samples.set_cookie("language", "en")
    text = samples.get("/fault/503").text
    assert "The database cannot be reached." in text
    assert "Gus Lima" not in text

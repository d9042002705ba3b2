"""All that is ever sent to a screen, looked through by somebody who means ill."""

import dataclasses
import json
import re
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from leaderboard.domain.instants import MINUTE, parse_rfc3339
from leaderboard.domain.line_ups import STANDARD, LineUp, Slide, SlideKind
from leaderboard.persistence.db import writable
from leaderboard.persistence.models import Award, Moment
from leaderboard.queries import wall_moments, wall_page, wall_reveal
from leaderboard.services import clock, screen_orders
from leaderboard.services.closing import close_period
from leaderboard.services.evaluation import bring_up_to_date
from leaderboard.services.screen_orders import OrderKind
from leaderboard.services.screens import Look
from leaderboard.web.tv import stream as streams
from tests.cast import Cast
from tests.queries import wall_house
from tests.queries.wall_house import ABSENT, ALIAS, ALIASED, TOTAL, WallHouse, name
from tests.web.listening import Listening, let_in_to

LINE_UP = LineUp((*STANDARD.slides, Slide(SlideKind.NOTE, 9, title="Cake at four")))
PRAISE = {"today", "badges"}
"""Where somebody of the lower half may be named: for what was done in time, not for a place."""

# Whoever adds a field here makes it public. No miss, deduction, consequence or fall of a person, no person's share in
# time, and nothing that tells one.
PUBLIC_FIELDS = {
    "WallRep": "key name team rank points climbed line badges",
    "WallTeam": "key name rank points members moved kept outcomes is_ours",
    "TeamsFacts": "period today teams stakes frozen_on sides",
    "RepsFacts": "period now reps of frozen_on",
    "ClimbersFacts": "period reps",
    "FreshBadge": "key name team badge at scope",
    "BadgesFacts": "badges now",
    "Done": "key name team service_level is_exceeded at elapsed_us in_working_time",
    "TodayFacts": "today done exceeded met",
    "Pace": "team_key team level value target expected is_share",
    "PaceFacts": "period today paces",
    "ContestLeader": "key name rank score",
    "WallContest": "id name scope ends_at until_on levels places points money currency leaders is_share",
    "ContestsFacts": "contests now",
    "SideFigure": "name value whole target is_share median_us in_working_time",
    "SidesFacts": "period marketing_name sales_name marketing sales",
    "NoteFacts": "title text",
    "WallSlide": "place slide facts",
    "MomentFacts": "number kind at name team is_team badge level period",
    "RevealStep": "rank names points stakes",
    "RevealFacts": "period steps",
}


def test_a_field_is_public_only_where_somebody_decided_so() -> None:
    found = {
        kind.__name__: " ".join(field.name for field in dataclasses.fields(kind))
        for module in (wall_page, wall_moments, wall_reveal)
        for kind in vars(module).values()
        if dataclasses.is_dataclass(kind) and kind.__module__ == module.__name__
    }
    assert found == PUBLIC_FIELDS


@pytest.fixture
def wall(session: Session, monkeypatch: pytest.MonkeyPatch) -> WallHouse:
    built = wall_house.build(session)
    monkeypatch.setattr(clock, "now", lambda: built.now)
    monkeypatch.setattr(streams, "BEAT_SECONDS", 0.2)
    return built


def celebrate_everybody(session: Session, wall: WallHouse) -> None:
    """Each person takes the lead, and is celebrated for a badge; so is whom only events name."""
    writable(session)
    awards = {award.person_id: award.id for award in session.query(Award) if award.person_id is not None}
    for key in wall.keys.values():
        for kind, award in (("lead", None), ("badge", awards.get(key))):
            made = Moment(
                moment_key=f"{kind}/{key}", kind=kind, at=wall.now - MINUTE, person_id=key, award_id=award
            )
            made.about = "{}"
            session.add(made)
    session.commit()


def sent_to_a_screen(
    app: Flask, session: Session, wall: WallHouse, language: str
) -> Iterator[tuple[str, str]]:
    """Where it was sent, and all of it: heads, bodies, refusals, what is streamed."""
    look = Look("Entrance", language, LINE_UP, top_places=50)
    browser, screen_id = let_in_to(Cast(app), look)
    first = browser.get("/tv/frame")
    told = first.json
    assert told is not None
    celebrate_everybody(session, wall)
    screen_orders.give(
        OrderKind.MESSAGE, {"text": "Hello"}, 9, screen_id=screen_id, actor="test", now=wall.now
    )
    last = told["last"]
    answers = [
        first, browser.get("/tv"), browser.get("/tv/state"),
        browser.get("/tv/frame", query_string={"last": last}, headers={"If-None-Match": first.headers["ETag"]}),
        browser.get("/tv/frame", query_string={"last": "r2"}), browser.get("/tv/frame/r2"), browser.post("/tv/frame"),
        browser.post("/tv/sign", json=[], headers={"X-Screen": "1"}), browser.get("/tv/stream/1"),
        Cast(app).browser().get("/tv/frame"), Cast(app).browser().get("/tv/stream"),
    ]  # fmt: skip
    assert {answer.status_code for answer in answers} >= {200, 400, 401, 404, 405}
    for answer in answers:
        yield f"{answer.request.method} {answer.request.path}", f"{answer.headers}{answer.text}"
    listening = Listening(browser, last)
    for event, content, event_id in listening.all_until("beat"):
        yield event, f"{event_id} {json.dumps(content, ensure_ascii=False)}"
    listening.close()


@pytest.mark.parametrize("language", ["en", "pt_BR", "pt_PT"])
def test_nothing_that_is_sent_tells_what_nobody_is_to_know(
    app: Flask, session: Session, wall: WallHouse, language: str
) -> None:
    sent = list(sent_to_a_screen(app, session, wall, language))
    assert {where for where, _ in sent} >= {"call", "beat", "GET /tv", "GET /tv/frame", "POST /tv/sign"}
    everything = " ".join(text for _, text in sent)
    assert ALIAS in everything
    assert "Hello" in everything
    for whom in (name(2), name(3), ABSENT, ALIASED, "unknown-crm-id"):
        assert f'"{whom}"' not in everything, whom
        assert f">{whom}<" not in everything, whom
    for whom in (name(2), name(3), "unknown-crm-id"):
        assert whom not in everything, whom
    for word in ("missed", "Missed", "perdid", "Perdid", "deduct", "−", "rank_before", "rep-"):
        assert word not in everything, word


def test_the_lower_half_is_named_for_what_it_did_and_for_no_place(
    app: Flask, session: Session, wall: WallHouse
) -> None:
    browser, _ = let_in_to(Cast(app), Look("Entrance", "en", LINE_UP, top_places=50))
    told = browser.get("/tv/frame").json
    assert told is not None
    for key, _, kind, title in told["order"]:
        shown = [number for number in range(7, TOTAL) if name(number) in told["slides"][key] + title]
        assert not shown or kind in PRAISE, (key, shown)


def test_what_is_on_a_wall_cannot_be_put_beside_what_the_board_says(
    app: Flask, session: Session, wall: WallHouse
) -> None:
    """There a person's key stands beside the real name."""
    browser, _ = let_in_to(Cast(app), Look("Entrance", "en", LINE_UP, top_places=50))
    sent = browser.get("/tv/frame").text
    marks = {found.split('\\"')[0] for found in sent.split('data-row=\\"')[1:]}
    people = {
        one for one in marks if not one.startswith(("team-", "pace-", "contest-", "marketing-", "sales-"))
    }
    assert len(people) > 12
    assert {one for one in people if not re.fullmatch("[0-9a-f]{12}", one)} == set()


def test_a_reveal_tells_of_teams_alone(
    app: Flask, session: Session, wall: WallHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The seal that it plays from holds the people's standing beside the teams'."""
    after = parse_rfc3339("2027-01-09T12:00:00Z")
    monkeypatch.setattr(clock, "now", lambda: after)
    writable(session)
    bring_up_to_date(after)
    for period in ("2026-10", "2026-11", "2026-12", "2026-Q4"):
        close_period(period, "test", after)
    browser, screen_id = let_in_to(Cast(app), Look("Entrance", "en", LINE_UP, top_places=50))
    told = browser.get("/tv/frame").json
    assert told is not None
    screen_orders.give(
        OrderKind.REVEAL, {"period": "2026-Q4"}, 9, screen_id=screen_id, actor="test", now=after
    )
    listening = Listening(browser, told["last"])
    calls = [content for event, content, _ in listening.all_until("beat") if event == "call"]
    listening.close()
    assert [call["call"] for call in calls] == ["reveal"]
    shown = calls[0]["html"]
    assert all(team in shown for team in ("South", "North"))
    assert [name(number) for number in range(TOTAL) if name(number) in shown] == []
    for word in (ALIAS, "missed", "Missed", "−", "rep-"):
        assert word not in shown, word

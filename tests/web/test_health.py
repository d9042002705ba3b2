"""Alive, ready, and how it is doing."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families

from leaderboard.app import create_app
from leaderboard.job_queue import Bell
from leaderboard.persistence.db import db
from leaderboard.services import api_tokens, clock, heartbeats
from tests.cast import Cast
from tests.databases import Database, Server, count_statements, settings_for
from tests.web.test_api import bearer, event, is_problem, post

ELSEWHERE = {"REMOTE_ADDR": "203.0.113.9"}


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Bell, "answers", lambda _self: True)


def test_it_lives_without_asking_anybody(tmp_path: Path, sqlite_files: Any) -> None:
    away = Database("postgresql", "postgresql+psycopg://nobody@127.0.0.1:1/none")
    app = create_app(settings_for(away, tmp_path))
    assert app.test_client().get("/healthz").status_code == 200


@pytest.mark.usefixtures("heard")
def test_it_is_ready_with_database_migrations_and_queue(client: FlaskClient, database: Database) -> None:
    answer = client.get("/readyz")
    document = answer.get_json()
    assert answer.status_code == 200
    assert (document["status"], document["missing"], document["queue"]) == ("ready", [], "there")
    told = document["database"]
    if database.kind == "sqlite":
        assert told["library"] in ("pysqlite3", "sqlite3")
        assert told["journal_mode"] in ("wal", "delete")
    else:
        assert told["library"] == "postgresql"


def test_it_says_which_part_is_missing(client: FlaskClient) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert [one.partition(":")[0] for one in answer.get_json()["missing"]] == ["queue"]


@pytest.mark.usefixtures("heard")
def test_a_database_that_was_never_migrated_is_not_ready(database_server: Server, tmp_path: Path) -> None:
    database = database_server.empty()
    app = create_app(settings_for(database, tmp_path))
    answer = app.test_client().get("/readyz")
    assert answer.status_code == 503
    assert "flask db upgrade" in answer.get_json()["missing"][0]
    with app.app_context():
        db.engine.dispose()
    database_server.drop(database)


@pytest.mark.usefixtures("heard")
def test_a_database_that_is_away_is_said_without_its_address(tmp_path: Path) -> None:
    away = Database("postgresql", "postgresql+psycopg://nobody@127.0.0.1:1/none")
    app = create_app(settings_for(away, tmp_path))
    browser = app.test_client()
    answer = browser.get("/readyz")
    assert answer.status_code == 503
    assert answer.get_json()["missing"] == ["database: it cannot be reached"]
    page = browser.get("/")
    assert page.status_code == 503
    assert int(page.headers["Retry-After"]) > 0
    assert "Not available for a moment" in page.text
    assert "127.0.0.1" not in page.text
    assert browser.get("/metrics").status_code == 503
    is_problem(browser.get("/api/v1/standings/2026-08", headers=bearer("lb_x")), 503)


def samples(text: str) -> dict[str, float]:
    """By name; where there is a value for each process, with its name."""
    return {
        "/".join([sample.name, *(v for k, v in sample.labels.items() if k == "name")]): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_metrics_tell_what_waits_and_since_when(cast: Cast) -> None:
    writer = cast.token(api_tokens.EVENTS_WRITE)
    before = samples(cast.browser().get("/metrics").text)
    assert before["leaderboard_leads_pending"] == 0
    post(cast, writer, [event(1), event(2), "bad"])
    with cast.app.app_context():
        heartbeats.beat("scheduler", clock.now() - 90 * 1_000_000)
    after = samples(cast.browser().get("/metrics").text)
    assert after["leaderboard_leads_pending"] == 2
    assert 0 <= after["leaderboard_leads_pending_oldest_seconds"] < 60
    assert after["leaderboard_events"] >= 2
    assert after["leaderboard_ledger_entries"] == 0
    assert after["leaderboard_intake_problems_open"] == 1
    assert 90 <= after["leaderboard_heartbeat_age_seconds/scheduler"] < 150
    assert after["leaderboard_build_info"] == 1


def test_metrics_tell_how_long_requests_took_by_kinds_of_which_there_are_few(cast: Cast) -> None:
    def counted() -> dict[tuple[str, ...], float]:
        return {
            tuple(sample.labels[name] for name in ("method", "endpoint", "status")): sample.value
            for family in text_string_to_metric_families(cast.browser().get("/metrics").text)
            for sample in family.samples
            if sample.name == "leaderboard_http_request_duration_seconds_count"
        }

    before = counted()
    browser = cast.logged_in("ada@example.com")
    for path in ("/nowhere/1", "/nowhere/2"):
        assert browser.get(path).status_code == 404
    assert browser.open("/healthz", method="BREW").status_code == 405
    browser.get("/healthz")
    after = counted()
    new = {kind: count - before.get(kind, 0) for kind, count in after.items()}
    assert new["GET", "none", "4xx"] == 2
    assert new["other", "none", "4xx"] == 1
    assert new["GET", "health.healthz", "2xx"] == 1


def test_metrics_walk_through_no_table(cast: Cast) -> None:
    with cast.app.app_context():
        engine = db.engine
    with count_statements(engine) as seen:
        cast.browser().get("/metrics")
    assert len(seen) == 3
    assert all("count(*)" not in one or "LIMIT" in one.upper() for one in seen)


def test_metrics_are_for_this_machine_or_for_a_token_with_that_scope(cast: Cast) -> None:
    browser = cast.browser()
    is_problem(browser.get("/metrics", environ_overrides=ELSEWHERE), 401)
    for header in ("X-Forwarded-For", "X-Real-IP", "Forwarded", "Via"):
        is_problem(browser.get("/metrics", headers={header: "127.0.0.1"}), 401)
    reader, watcher = cast.token(api_tokens.READ), cast.token(api_tokens.METRICS)
    is_problem(browser.get("/metrics", headers=bearer(reader), environ_overrides=ELSEWHERE), 403)
    assert browser.get("/metrics", headers=bearer(watcher), environ_overrides=ELSEWHERE).status_code == 200
    assert browser.get("/metrics", environ_overrides={"REMOTE_ADDR": "::1"}).status_code == 200
    inside = cast.logged_in("ada@example.com")
    is_problem(inside.get("/metrics", environ_overrides=ELSEWHERE), 401)


def test_behind_a_proxy_the_callers_own_address_counts(make_app: Callable[..., Flask]) -> None:
    browser = make_app(proxy_hops=1).test_client()
    answer = browser.get("/metrics", headers={"X-Forwarded-For": "127.0.0.1"})
    assert answer.status_code == 401

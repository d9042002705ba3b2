"""The disk is full: who writes is told to come again, nothing is half-stored, and with space all goes on."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError
from werkzeug.test import TestResponse

from leaderboard.domain.instants import MINUTE
from leaderboard.persistence.db import current_session, db
from leaderboard.persistence.models import IntakeProblem, LedgerEntry, LoginSession
from leaderboard.services import api_tokens, clock
from leaderboard.services.evaluation import bring_up_to_date
from tests.cast import MANAGER, Cast, cast_of, log_in
from tests.databases import PostgresqlServer, SqliteFiles
from tests.faults import full_disks
from tests.faults.full_disks import Disk
from tests.faults.senders import event
from tests.faults.stage import check_all_stored_once, found_acme, stored_ids
from tests.services.invariants import check_settled_rows
from tests.web.test_api import bearer, is_problem, post

BATCH, MOST_BATCHES = 100, 400
KINDS = ("sqlite disk", "sqlite pages", "postgresql disk", "postgresql statement", "postgresql commit")


@pytest.fixture(params=KINDS)
def disk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Disk]:
    kind, _, how = request.param.partition(" ")
    if kind == "sqlite":
        files: SqliteFiles = request.getfixturevalue("sqlite_files")
        made = full_disks.sqlite_on_a_real_disk if how == "disk" else full_disks.sqlite_of_so_many_pages
        yield from made(files, tmp_path)
    else:
        server: PostgresqlServer = request.getfixturevalue("postgresql_server")
        if how == "disk":
            yield from full_disks.postgresql_on_a_real_disk(server, tmp_path)
        else:
            yield from full_disks.postgresql_that_refuses(server, tmp_path, how)


@pytest.fixture
def cast(disk: Disk) -> Cast:
    with disk.app.app_context():
        found_acme()
    return cast_of(disk.app)


class Sender:
    """Sends batches, and remembers what it was told is stored."""

    def __init__(self, cast: Cast) -> None:
        self._cast = cast
        self._token = cast.token(api_tokens.EVENTS_WRITE)
        self._now = clock.now()
        self._sent = 0
        self.stored: list[str] = []

    def send(self) -> TestResponse:
        """The next batch; the same one again, where it was refused."""
        body = [event(number, self._now) for number in range(self._sent, self._sent + BATCH)]
        answer = post(self._cast, self._token, body)
        if answer.status_code == 202:
            assert answer.get_json()["accepted"] == BATCH
            self._sent += BATCH
            self.stored += [one["id"] for one in body]
        return answer

    def send_until_refused(self) -> TestResponse:
        """Until no page of the files has room for more."""
        for _ in range(MOST_BATCHES):
            answer = self.send()
            if answer.status_code != 202:
                return answer
        raise AssertionError("the disk never became full")


def test_a_full_disk_is_told_and_nothing_is_half_stored_and_space_is_all_it_takes(
    disk: Disk, cast: Cast, capsys: pytest.CaptureFixture[str]
) -> None:
    sender, browser = Sender(cast), cast.logged_in(MANAGER)
    assert sender.send().status_code == 202
    disk.fill()
    for _ in range(3):
        refused = sender.send_until_refused()
        is_problem(refused, 503)
        assert int(refused.headers["Retry-After"]) > 0
    assert "L0" not in capsys.readouterr().err  # the log says that it is full, not what people sent
    with disk.app.app_context():
        assert stored_ids() == sorted(sender.stored)
        assert count(IntakeProblem) == 0
    check_evaluation_stores_nothing_half(disk)
    check_pages(cast, browser)
    disk.free()
    assert sender.send().status_code == 202
    assert log_in(cast.browser(), MANAGER).status_code == 302
    assert browser.get("/").status_code == 200
    check_all_stored_once(disk.app, sender.stored)


def check_evaluation_stores_nothing_half(disk: Disk) -> None:
    with disk.app.app_context():
        with pytest.raises(OperationalError):
            bring_up_to_date(clock.now())
        db.session.remove()
        check_settled_rows(current_session())
        entries = count(LedgerEntry)
        with pytest.raises(OperationalError):
            bring_up_to_date(clock.now())
        db.session.remove()
        assert count(LedgerEntry) == entries


def check_pages(cast: Cast, browser: FlaskClient) -> None:
    """Who looks, sees; who writes, is told on a page."""
    assert browser.get("/").status_code == 200
    for number in range(MOST_BATCHES):
        # Each somebody else from somewhere else, or the throttle would be what says no.
        address = {"REMOTE_ADDR": f"10.0.0.{number % 250}"}
        answer = log_in(cast.browser(), f"nobody-{number}@example.com", **address)
        if answer.status_code != 400:
            break
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert "Not available for a moment" in answer.text
    assert "Traceback" not in answer.text
    assert "disk" not in answer.text


def test_a_page_is_shown_though_its_visit_cannot_be_noted(
    disk: Disk, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = cast.logged_in(MANAGER)
    sender, later = Sender(cast), clock.now() + 6 * MINUTE
    disk.fill()
    sender.send_until_refused()
    monkeypatch.setattr(clock, "now", lambda: later)
    assert browser.get("/").status_code == 200
    disk.free()
    assert browser.get("/").status_code == 200
    with disk.app.app_context():
        assert current_session().scalar(select(func.max(LoginSession.seen_at))) == later


def test_a_program_that_reads_is_answered_or_told_to_come_again(disk: Disk, cast: Cast) -> None:
    reader, address = cast.token(api_tokens.READ), "/api/v1/standings/2026-08"
    sender = Sender(cast)
    disk.fill()
    sender.send_until_refused()
    answer = cast.browser().get(address, headers=bearer(reader))
    assert answer.status_code in (200, 503)
    if answer.status_code == 503:
        assert int(answer.headers["Retry-After"]) > 0
    disk.free()
    assert cast.browser().get(address, headers=bearer(reader)).status_code == 200


def count(model: Any) -> int:
    session = current_session()
    found = session.scalar(select(func.count()).select_from(model)) or 0
    session.rollback()
    return found

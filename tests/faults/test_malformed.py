"""Spoilt documents at every door: told what is wrong, nothing stored that was not taken, and no memory kept.

`MALFORMED_EXAMPLES=10000` knocks so often at each door.
"""

import contextlib
import gc
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import psutil
import pytest
from flask import Flask
from sqlalchemy import func, select

from leaderboard.files.problems import FileProblems
from leaderboard.files.profiles import read_profile
from leaderboard.persistence.db import current_session, db
from leaderboard.persistence.models import Event, LoginSession, RosterVersion, RulebookRevision
from leaderboard.services import api_tokens, clock
from leaderboard.services.event_import import ReadingOptions, import_events
from leaderboard.services.roster_import import import_roster
from leaderboard.services.rulebook_apply import RulebookRefused, apply_rulebook
from tests.cast import ADMIN, PASSWORD, cast_of, csrf
from tests.faults.spoiling import EXAMPLES, spoilt
from tests.files.documents import PROFILE, ROSTER, RULEBOOK
from tests.services import acme
from tests.web.test_api import event, post

pytestmark = pytest.mark.slow

MOST_MORE_MB = 50
CSV = (
    b"id,source,type,time,lead,rep,note\n"
    b'1,crm,lead.assigned,2026-08-03T10:00:00Z,L1,ana,"a ""b"", c"\n'
    b"2,crm,lead.contacted,2026-08-03T10:20:00+02:00,L1,,\n"
)
NDJSON = b"".join(json.dumps(event(number)).encode() + b"\n" for number in range(3))
CRM = b"Lead ID,Lead Source,Created Date,Owner,Last Status Change,Status,Channel\nL1,w,03-08-2026,a,,Lost,x\n"


@pytest.fixture
def lean() -> Iterator[Callable[[], None]]:
    """Called when the first tenth is through; in the end the process has hardly grown from there on."""
    began: list[int] = []

    def resident() -> int:
        gc.collect()
        return int(psutil.Process().memory_info().rss)

    yield lambda: began.append(resident())
    assert began
    assert (resident() - began[0]) / 2**20 < MOST_MORE_MB


def counted(documents: Iterator[bytes], lean: Callable[[], None]) -> Iterator[bytes]:
    for number, document in enumerate(documents):
        if number == EXAMPLES // 10:
            lean()
        yield document


@contextlib.contextmanager
def good_or_told() -> Iterator[None]:
    """A document is taken, or what is wrong with it is told in words."""
    told = ["good"]
    try:
        yield
    except (FileProblems, RulebookRefused) as refused:
        told = str(refused).splitlines()
    assert all(line.strip() for line in told)
    assert told


def rows(model: Any) -> int:
    session = current_session()
    session.rollback()
    found = session.scalar(select(func.count()).select_from(model)) or 0
    session.rollback()
    return found


def test_spoilt_bodies_at_the_api_are_told_and_not_stored(
    make_app: Callable[..., Flask], lean: Callable[[], None]
) -> None:
    app = make_app(api_requests_per_minute=0)
    cast, taken = cast_of(app), 0
    token = cast.token(api_tokens.EVENTS_WRITE)
    good = [json.dumps(event(1)).encode(), json.dumps([event(n) for n in range(3)]).encode()]
    types = (
        "application/json",
        "application/cloudevents+json",
        "application/cloudevents-batch+json",
        "text/plain",
    )
    for number, body in enumerate(counted(spoilt(good, 1), lean)):
        answer = post(cast, token, body, **{"Content-Type": types[number % 7 % 4]})
        assert answer.status_code in (202, 400, 403, 413, 415), (answer.status_code, body)
        if answer.status_code == 202:
            taken += answer.get_json()["accepted"]
    with app.app_context():
        assert rows(Event) == taken


@pytest.mark.parametrize(("name", "good"), [("e.csv", CSV), ("e.ndjson", NDJSON)])
def test_spoilt_files_of_events_are_told_row_by_row(
    app: Flask, tmp_path: Path, lean: Callable[[], None], name: str, good: bytes
) -> None:
    taken, path = 0, tmp_path / name
    with app.app_context():
        for document in counted(spoilt([good], 2), lean):
            path.write_bytes(document)
            with good_or_told():
                taken += import_events(path).accepted
            db.session.remove()
        assert rows(Event) == taken


def test_spoilt_exports_of_a_crm_are_told_row_by_row(
    app: Flask, tmp_path: Path, lean: Callable[[], None]
) -> None:
    taken, path, options = 0, tmp_path / "crm.csv", ReadingOptions(profile=read_profile(PROFILE, "p"))
    with app.app_context():
        for document in counted(spoilt([CRM], 3), lean):
            path.write_bytes(document)
            with good_or_told():
                taken += import_events(path, options).accepted
            db.session.remove()
        assert rows(Event) == taken


def test_spoilt_profiles_are_told(lean: Callable[[], None]) -> None:
    for document in counted(spoilt([PROFILE.encode()], 4), lean):
        with good_or_told():
            read_profile(document, "profile.yaml")


def test_spoilt_rulebooks_are_told_and_not_put_in_force(app: Flask, lean: Callable[[], None]) -> None:
    good = [RULEBOOK.encode(), acme.RULEBOOK]
    with app.app_context():
        taken: set[int] = set()
        for document in counted(spoilt(good, 5), lean):
            with good_or_told():
                taken.add(apply_rulebook(document, "rulebook.yaml", clock.now(), "test", "a test").revision)
            db.session.remove()
        assert rows(RulebookRevision) == len(taken)


def test_spoilt_rosters_are_told_and_not_imported(app: Flask, lean: Callable[[], None]) -> None:
    with app.app_context():
        taken: set[int] = set()
        for document in counted(spoilt([ROSTER.encode(), acme.ROSTER], 6), lean):
            with good_or_told():
                taken.add(import_roster(document, "roster.yaml", clock.now(), "test").version)
            db.session.remove()
        assert rows(RosterVersion) == len(taken)


def test_spoilt_login_forms_open_nothing_and_break_nothing(app: Flask, lean: Callable[[], None]) -> None:
    cast = cast_of(app)
    browser = cast.browser()
    token = csrf(browser)
    # None of these is the right password, however it is spoilt.
    good = [
        urlencode({"email": ADMIN, "password": PASSWORD[::-1], "csrf_token": token}).encode(),
        urlencode({"csrf_token": token, "email": "nobody@example.com", "password": "x" * 40}).encode(),
    ]
    types = (
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "multipart/form-data",
        "text/plain",
    )
    for number, body in enumerate(counted(spoilt(good, 7), lean)):
        # From everywhere, or the throttle would be all that is tried.
        address = {"REMOTE_ADDR": f"10.{number >> 8 & 255}.{number & 255}.1"}
        kind = types[number % 11 % 4]
        answer = browser.post("/login", data=body, content_type=kind, environ_overrides=address)
        assert answer.status_code in (400, 413, 429), (answer.status_code, body)
    with app.app_context():
        assert rows(LoginSession) == 0
    assert cast.browser().get("/login").status_code == 200

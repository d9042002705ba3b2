"""Whatever is thrown at the API: never a 5xx, and never a row that is not an event as it was sent."""

import json
import os
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from leaderboard.persistence import models
from leaderboard.persistence.db import current_session
from leaderboard.services import api_tokens
from tests.cast import Cast
from tests.web.test_api import event, post

EXAMPLES = int(os.environ.get("HOSTILE_EXAMPLES", "150"))
"""Of each kind and database; 10,000 were run before the first release."""

hostile = settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
    ],
)

texts = st.text(st.characters(), max_size=30)
leaves = (
    st.none()
    | st.booleans()
    | st.integers(-(10**40), 10**40)
    | st.floats(allow_nan=True, allow_infinity=True)
    | texts
    | st.sampled_from(
        ["2026-08-03T10:00:00Z", "lead.assigned", "crm", "event.voided", "9999-99-99T99:99:99Z"]
    )
)
values: st.SearchStrategy[Any] = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)
names = st.sampled_from([*event(1), "specversion", "subject", "data", "voids", "grade"]) | texts
types = st.sampled_from(
    [
        "application/json",
        "application/cloudevents+json",
        "application/cloudevents-batch+json",
        "text/csv",
        "",
        "x",
    ]
)


def accepted_of(cast: Cast, token: str, body: bytes, content_type: str) -> int:
    answer = post(cast, token, body, **{"Content-Type": content_type})
    assert answer.status_code in (202, 400, 403, 415), (answer.status_code, body[:200])
    return int(answer.get_json()["accepted"]) if answer.status_code == 202 else 0


def rows(cast: Cast) -> int:
    with cast.app.app_context():
        return current_session().scalar(select(func.count()).select_from(models.Event)) or 0


def test_any_bytes(cast: Cast) -> None:
    token = cast.token(api_tokens.EVENTS_WRITE)

    @hostile
    @given(st.binary(max_size=200), types)
    def run(body: bytes, content_type: str) -> None:
        assert accepted_of(cast, token, body, content_type) == 0

    run()
    assert rows(cast) == 0


def test_any_json(cast: Cast) -> None:
    token = cast.token(api_tokens.EVENTS_WRITE)

    @hostile
    @given(values, types)
    def run(value: Any, content_type: str) -> None:
        assert accepted_of(cast, token, json.dumps(value).encode(), content_type) == 0

    run()
    assert rows(cast) == 0


def test_any_change_of_good_events(cast: Cast) -> None:
    """Some of these are good events; then a row is what was said to be accepted, and nothing else."""
    token, total = cast.token(api_tokens.EVENTS_WRITE), 0

    @hostile
    @given(st.lists(st.dictionaries(names, values, max_size=3), max_size=4), types)
    def run(changes: list[dict[str, Any]], content_type: str) -> None:
        nonlocal total
        body = [event(1) | change for change in changes]
        total += accepted_of(cast, token, json.dumps(body).encode(), content_type)

    run()
    assert rows(cast) == total


def test_any_broken_text_of_a_good_event(cast: Cast) -> None:
    token, good = cast.token(api_tokens.EVENTS_WRITE), json.dumps([event(1), event(2)]).encode()
    total = 0

    @hostile
    @given(st.integers(0, len(good)), st.integers(0, len(good)), st.binary(max_size=6))
    def run(start: int, end: int, between: bytes) -> None:
        nonlocal total
        total += accepted_of(cast, token, good[:start] + between + good[end:], "application/json")

    run()
    assert rows(cast) == total


def test_any_headers_and_addresses(cast: Cast) -> None:
    ascii_texts = st.text(
        st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f"), max_size=60
    )
    wanted = st.sampled_from(
        ["/api/v1/standings/", "/api/v1/", "/api/v1/events/", "/password?link=", "/login?next="]
    )

    @hostile
    @given(wanted, texts, ascii_texts)
    def run(address: str, rest: str, header: str) -> None:
        path = (address + rest).encode("utf-8", "replace").decode()
        answer = cast.browser().get(
            path.replace("#", "").replace("\x00", ""),
            headers={
                "Authorization": header,
                "Accept-Language": header,
                "X-Request-ID": header,
                "Cookie": header,
            },
        )
        assert answer.status_code < 500, (path, header)

    run()

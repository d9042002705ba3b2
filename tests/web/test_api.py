"""The API: events in, standings out; what a sender may rely on, and what nobody gets through."""

import io
import json
import threading
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from leaderboard import job_queue
from leaderboard.persistence import models
from leaderboard.persistence.db import current_session, db
from leaderboard.services import api_tokens, clock, delivery, intake
from leaderboard.services.failures import DATABASE_AWAY
from leaderboard.web.bearer import Rates
from tests.cast import REP, Cast
from tests.databases import count_statements

URL = "/api/v1/events"


def event(number: int = 1, **changes: Any) -> dict[str, Any]:
    fields = {
        "id": f"e{number}",
        "source": "crm",
        "type": "lead.assigned",
        "time": "2026-08-03T10:00:00Z",
        "lead": f"L{number}",
        "rep": "ana",
    }
    return {name: value for name, value in (fields | changes).items() if value is not ...}


@pytest.fixture
def writer(cast: Cast) -> str:
    return cast.token(api_tokens.EVENTS_WRITE, sources=("crm",))


def bearer(token: str, **more: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"} | more


def post(cast: Cast, token: str, body: Any, **headers: str) -> TestResponse:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    given = {"Content-Type": "application/json"} | headers
    return cast.browser().post(URL, data=data, headers=bearer(token, **given))


def rows(cast: Cast, model: Any = models.Event) -> int:
    with cast.app.app_context():
        return current_session().scalar(select(func.count()).select_from(model)) or 0


def is_problem(answer: TestResponse, status: int) -> str:
    assert answer.status_code == status, answer.text
    assert answer.content_type == "application/problem+json"
    document = answer.get_json()
    assert set(document) == {"type", "title", "status", "detail", "instance"}
    assert document["status"] == status
    return str(document["detail"])


def test_one_event_and_a_list_are_taken_and_told(cast: Cast, writer: str) -> None:
    answer = post(cast, writer, event(1))
    assert answer.status_code == 202
    assert answer.get_json() == {"accepted": 1, "duplicates": 0, "rejected": []}
    answer = post(cast, writer, [event(1), event(2), event(3)])
    assert answer.get_json() == {"accepted": 2, "duplicates": 1, "rejected": []}
    assert rows(cast) == 3
    assert post(cast, writer, []).get_json() == {"accepted": 0, "duplicates": 0, "rejected": []}


def test_a_bad_event_is_rejected_alone_with_its_place_and_reason(cast: Cast, writer: str) -> None:
    body = [
        event(1),
        event(2, time="yesterday"),
        event(3, rep=...),
        "text",
        event(5, grade={"a": 1}),
        event(6, id=True),
        event(7, time="2026-08-03T10:00:00"),
        event(8, source=...),
        event(9),
    ]
    answer = post(cast, writer, body).get_json()
    assert (answer["accepted"], answer["duplicates"]) == (2, 0)
    assert [(one["index"], one["id"]) for one in answer["rejected"]] == [
        (1, "e2"),
        (2, "e3"),
        (3, None),
        (4, "e5"),
        (5, None),
        (6, "e7"),
        (7, "e8"),
    ]
    assert "rep is missing" in answer["rejected"][1]["reason"]
    assert rows(cast) == 2
    assert rows(cast, models.IntakeProblem) == 7
    assert post(cast, writer, body).get_json()["duplicates"] == 2
    assert rows(cast, models.IntakeProblem) == 7


def test_the_same_id_with_other_content_is_a_conflict_and_the_first_stands(cast: Cast, writer: str) -> None:
    post(cast, writer, event(1))
    answer = post(cast, writer, [event(2), event(1, rep="bia")]).get_json()
    assert answer["accepted"] == 1
    assert [(one["index"], one["id"]) for one in answer["rejected"]] == [(1, "e1")]
    assert "received before" in answer["rejected"][0]["reason"]


def test_cloudevents_single_and_batch(cast: Cast, writer: str) -> None:
    cloud = {
        "specversion": "1.0",
        "id": "c1",
        "source": "crm",
        "type": "lead.assigned",
        "time": "2026-08-03T10:00:00Z",
        "subject": "L1",
        "data": {"rep": "ana", "grade": "A"},
    }
    single = post(cast, writer, cloud, **{"Content-Type": "application/cloudevents+json; charset=utf-8"})
    assert single.get_json() == {"accepted": 1, "duplicates": 0, "rejected": []}
    batch = [cloud, cloud | {"id": "c2"}, event(3)]
    answer = post(cast, writer, batch, **{"Content-Type": "application/cloudevents-batch+json"}).get_json()
    assert (answer["accepted"], answer["duplicates"]) == (1, 1)
    assert answer["rejected"][0]["index"] == 2


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" ",
        b"{",
        b"[1,",
        b"[{}",
        b"{} {}",
        b"nul",
        b"\xff\xfe{}",
        b"\x00",
        b'{"a": NaN}',
        b'{"a": Infinity}',
        b"[-Infinity]",
        b'{"a": 01}',
        b"{'a': 1}",
        b'"\x01"',
        b"[" * 100_000,
        b'{"a":' * 50_000,
    ],
)
def test_what_is_no_json_is_refused_whole(cast: Cast, writer: str, body: bytes) -> None:
    detail = is_problem(post(cast, writer, body), 400)
    assert detail.startswith("The body is no JSON")
    assert rows(cast) == 0


@pytest.mark.parametrize(
    "changes",
    [
        {"id": "a\x00b"},
        {"id": "\ud800"},
        {"lead": "\udfff"},
        {"grade": "\ud83d"},
        {"grade\x00": "A"},
        {"grade": "a\x00b"},
        {"id": "x" * 201},
        {"id": 10**400},
        {"id": True},
        {"id": []},
        {"time": 1754215200},
        {"time": "9999-12-31T23:59:59-23:59"},
        {"time": "0001-01-01T00:00:00Z"},
        {"time": "2026-02-30T10:00:00Z"},
        {"time": "2026-08-03T10:00:60Z"},
        {"type": "DROP TABLE events"},
        {"type": "lead"},
        {"lead": ""},
        {"grade": {"a": {"b": {}}}},
        {"grade": [[[[[]]]]]},
        {"": "x"},
        {"x" * 300: "x"},
        {"grade": "x" * 20_000},
        {f"a{number}": "x" for number in range(300)},
    ],
)
def test_what_no_column_holds_is_rejected_and_stored_nowhere(
    cast: Cast, writer: str, changes: dict[str, Any]
) -> None:
    answer = post(cast, writer, event(1, **changes))
    assert answer.status_code == 202, answer.text
    assert answer.get_json()["accepted"] == 0
    assert len(answer.get_json()["rejected"]) == 1
    assert rows(cast) == 0


def test_a_key_given_twice_is_rejected(cast: Cast, writer: str) -> None:
    text = json.dumps(event(1))[:-1] + ', "rep": "eve"}'
    answer = post(cast, writer, text.encode()).get_json()
    assert answer["accepted"] == 0
    assert "twice" in answer["rejected"][0]["reason"]


def test_words_of_sql_and_html_are_texts_like_any_other(cast: Cast, writer: str) -> None:
    nasty = ["'; DROP TABLE events; --", '" OR 1=1 --', "<script>alert(1)</script>", "%s %(x)s {0}", "\\x00"]
    body = [event(number, id=text, lead=text, rep=text, grade=text) for number, text in enumerate(nasty)]
    assert post(cast, writer, body).get_json()["accepted"] == len(nasty)
    assert post(cast, writer, body).get_json()["duplicates"] == len(nasty)


def test_a_body_over_five_megabytes_is_refused_when_it_has_been_sent(cast: Cast, writer: str) -> None:
    """Not in the middle of it: many senders would see a broken connection, and try again for ever."""
    is_problem(post(cast, writer, b" " * 5_300_000), 413)
    body = io.BytesIO(b" " * 6_000_000)
    sent = {"input_stream": body, "content_length": 6_000_000, "headers": bearer(writer)}
    is_problem(cast.browser().post(URL, **sent), 413)
    assert body.tell() == 6_000_000
    small = [event(number, note="x" * 4000) for number in range(1000)]
    assert post(cast, writer, small).get_json()["accepted"] == 1000


def test_a_body_without_a_length_is_not_cut_off_in_silence(cast: Cast, writer: str) -> None:
    def chunked(size: int) -> TestResponse:
        body = json.dumps([event(1)]).encode().ljust(size)
        environ = {"wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"}
        return cast.browser().post(
            URL, input_stream=io.BytesIO(body), headers=bearer(writer), environ_overrides=environ
        )

    is_problem(chunked(5_300_000), 413)
    assert rows(cast) == 0
    assert chunked(4_900_000).get_json()["accepted"] == 1


def test_a_compressed_body_is_refused_in_words(cast: Cast, writer: str) -> None:
    is_problem(post(cast, writer, b"\x1f\x8b", **{"Content-Encoding": "gzip"}), 415)


def test_without_a_good_token_nothing_is_read(cast: Cast, writer: str) -> None:
    body = json.dumps(event(1))
    token = cast.token(api_tokens.EVENTS_WRITE)
    with cast.app.app_context():
        newest = api_tokens.list_all()[-1].token_id
        api_tokens.revoke(newest, actor="test", now=clock.now())
    for headers in (
        {},
        {"Authorization": ""},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer "},
        {"Authorization": "Bearer nonsense"},
        {"Authorization": "Bearer " + "x" * 5000},
        {"Authorization": f"Basic {writer}"},
        {"Authorization": writer},
        {"Authorization": f"Bearer {writer[:-1]}"},
        bearer(token),
    ):
        answer = cast.browser().post(URL, data=body, headers=headers)
        is_problem(answer, 401)
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert rows(cast) == 0


def test_a_login_is_no_token(cast: Cast) -> None:
    browser = cast.logged_in(REP)
    is_problem(browser.post(URL, data=json.dumps(event(1))), 401)
    is_problem(browser.get("/api/v1/standings/2026-08"), 401)


def test_a_token_does_what_its_scope_says_and_speaks_for_its_sources(cast: Cast, writer: str) -> None:
    reader = cast.token(api_tokens.READ)
    assert "events:write" in is_problem(post(cast, reader, event(1)), 403)
    answer = cast.browser().get("/api/v1/standings/2026-08", headers=bearer(writer))
    assert "read" in is_problem(answer, 403)
    assert "marketing" in is_problem(post(cast, writer, event(1, source="marketing")), 403)
    mixed = post(cast, writer, [event(1, source="marketing"), event(2)]).get_json()
    assert mixed["accepted"] == 1
    assert "may speak for" in mixed["rejected"][0]["reason"]
    anybody = cast.token(api_tokens.EVENTS_WRITE)
    assert post(cast, anybody, event(3, source="marketing")).status_code == 202


def test_a_token_that_sends_too_much_is_told_when_to_come_again(make_app: Callable[..., Flask]) -> None:
    cast = Cast(make_app(api_requests_per_minute=3))
    token, other = cast.token(api_tokens.EVENTS_WRITE), cast.token(api_tokens.EVENTS_WRITE)
    codes = [post(cast, token, event(number)).status_code for number in range(4)]
    assert codes == [202, 202, 202, 429]
    answer = post(cast, token, event(5))
    is_problem(answer, 429)
    assert 1 <= int(answer.headers["Retry-After"]) <= 21
    assert post(cast, other, event(6)).status_code == 202


def test_a_bucket_refills_with_time() -> None:
    rates = Rates(60)
    assert [rates.take(1, 100.0) for _ in range(61)] == [0] * 60 + [2]
    assert rates.take(1, 101.0) == 0
    assert rates.take(1, 101.0) > 0
    assert [rates.take(1, 1000.0) for _ in range(61)].count(0) == 60
    assert Rates(0).take(1) == 0


def test_the_job_is_rung_for_after_the_commit(
    cast: Cast, writer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[str, int]] = []

    def ring(name: str, *_args: object) -> bool:
        with db.engine.connect() as connection:
            seen.append((name, connection.scalar(select(func.count()).select_from(models.Event)) or 0))
        return True

    monkeypatch.setattr(job_queue, "ring", ring)
    post(cast, writer, event(1))
    assert seen == [("evaluate_due", 1)]
    post(cast, writer, [event(1), "bad"])
    assert len(seen) == 1


def test_a_database_that_is_away_is_a_503_and_nothing_is_half_stored(
    cast: Cast, writer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    accept = intake.accept

    def broken(*args: Any, **kwargs: Any) -> Any:
        accept(*args, **kwargs)
        raise DATABASE_AWAY[0]("COMMIT", {}, Exception("disk full"))

    monkeypatch.setattr(delivery.intake, "accept", broken)
    answer = post(cast, writer, event(1))
    is_problem(answer, 503)
    assert int(answer.headers["Retry-After"]) > 0
    assert rows(cast) == 0


def test_a_failure_of_ours_is_a_problem_without_its_cause(
    cast: Cast, writer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: object) -> None:
        raise KeyError("a secret value")

    monkeypatch.setattr(delivery, "receive", broken)
    assert "secret" not in is_problem(post(cast, writer, event(1)), 500)


def test_two_senders_with_the_same_ids_at_once_store_each_event_once(cast: Cast, writer: str) -> None:
    answers: list[dict[str, Any]] = []

    def send(offset: int) -> None:
        for start in range(0, 60, 20):
            numbers = range(start, start + 20)
            ordered = numbers if offset % 2 else reversed(numbers)
            answer = post(cast, writer, [event(number) for number in ordered])
            assert answer.status_code == 202, answer.text
            answers.append(answer.get_json())

    threads = [threading.Thread(target=send, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert rows(cast) == 60
    assert sum(answer["accepted"] for answer in answers) == 60
    assert sum(answer["duplicates"] for answer in answers) == 180
    assert not any(answer["rejected"] for answer in answers)


def test_an_event_takes_few_statements(cast: Cast, writer: str) -> None:
    post(cast, writer, event(1))
    with cast.app.app_context():
        engine = db.engine
    with count_statements(engine) as seen:
        post(cast, writer, event(2))
    assert len(seen) <= 5, seen


def test_when_a_token_was_last_used_is_kept_but_not_at_every_request(cast: Cast, writer: str) -> None:
    post(cast, writer, event(1))
    with cast.app.app_context():
        first = api_tokens.list_all()[0].last_used_at
    post(cast, writer, event(2))
    with cast.app.app_context():
        assert first is not None
        assert api_tokens.list_all()[0].last_used_at == first


def test_unknown_addresses_and_methods_of_the_api_are_problems_too(client: FlaskClient) -> None:
    is_problem(client.get("/api/v1/nothing"), 404)
    answer = client.put(URL)
    is_problem(answer, 405)
    assert "POST" in answer.headers["Allow"]

"""Nothing is open unless it is said to be; whom one may look at; hosts, proxies and headers."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from werkzeug.routing import AnyConverter, Rule
from werkzeug.routing.converters import NumberConverter

from leaderboard.persistence.db import db
from leaderboard.services import login_throttle, passwords, visibility
from leaderboard.web.access import BY_SCREEN, BY_TOKEN, PUBLIC
from tests.cast import ADMIN, MANAGER, PASSWORD, REP, Cast, cast_of, csrf, log_in
from tests.databases import count_statements


def addresses(app: Flask) -> Iterator[tuple[Rule, str]]:
    for rule in app.url_map.iter_rules():
        values: dict[str, object] = {}
        for name in rule.arguments:
            converter = rule._converters[name]
            if isinstance(converter, AnyConverter):
                values[name] = min(converter.items)
            else:
                values[name] = 4 if isinstance(converter, NumberConverter) else "x"
        with app.test_request_context():
            built = rule.build(values, append_unknown=False)
        assert built is not None
        yield rule, built[1]


def test_every_endpoint_is_public_by_name_or_wants_a_token_or_a_login(cast: Cast) -> None:
    browser, wanted = cast.browser(), 0
    for rule, address in addresses(cast.app):
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            form = {"csrf_token": csrf(browser)} if method != "GET" and rule.endpoint not in BY_TOKEN else {}
            answer = browser.open(
                address, method=method, data=form, environ_overrides={"REMOTE_ADDR": "203.0.113.9"}
            )
            if rule.endpoint in BY_TOKEN:
                assert answer.status_code == 401, address
                assert answer.content_type == "application/problem+json"
            elif rule.endpoint in BY_SCREEN - {"tv.show", "tv.state"}:
                assert answer.status_code in (400, 401), address
            elif rule.endpoint not in PUBLIC | BY_SCREEN:
                assert answer.status_code == 302, address
                assert answer.location.startswith("/login"), address
                wanted += 1
    assert wanted >= 8


def test_what_is_named_public_or_by_token_is_there(app: Flask) -> None:
    assert set(app.view_functions) >= PUBLIC | BY_TOKEN | BY_SCREEN


def test_other_methods_open_no_door_either(cast: Cast) -> None:
    for method in ("OPTIONS", "HEAD"):
        assert cast.browser().open("/data-health", method=method).status_code == 302


def test_data_health_is_for_managers_and_administrators(cast: Cast) -> None:
    assert cast.logged_in(REP).get("/data-health").status_code == 403
    for email in (MANAGER, ADMIN):
        assert cast.logged_in(email).get("/data-health").status_code == 200


def test_people_see_no_traceback_whatever_breaks(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: object) -> None:
        raise KeyError("a secret value")

    browser = cast.logged_in(REP)
    monkeypatch.setattr(visibility, "may_see", broken)
    cast.app.testing = False
    answer = browser.get("/reps/4")
    assert answer.status_code == 500
    assert "a secret value" not in answer.text
    assert "Something broke on our side" in answer.text


@pytest.mark.parametrize(("hops", "seen"), [(0, "10.1.1.1"), (1, "203.0.113.5"), (2, "198.51.100.1")])
def test_a_proxys_word_counts_by_the_number_of_hops(
    make_app: Callable[..., Flask], hops: int, seen: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast = cast_of(make_app(proxy_hops=hops))
    addresses: list[str] = []
    begin = login_throttle.begin

    def note(email: str, address: str, now: int) -> login_throttle.Attempt:
        addresses.append(address)
        return begin(email, address, now)

    monkeypatch.setattr(login_throttle, "begin", note)
    browser = cast.browser()
    token = csrf(browser)
    browser.post(
        "/login",
        data={"email": REP, "password": "wrong", "csrf_token": token},
        headers={"X-Forwarded-For": "192.0.2.66, 198.51.100.1, 203.0.113.5"},
        environ_overrides={"REMOTE_ADDR": "10.1.1.1"},
    )
    assert addresses == [seen]


def test_a_forged_forwarded_address_escapes_no_throttle(cast: Cast) -> None:
    codes = []
    for number in range(7):
        browser = cast.browser()
        token = csrf(browser)
        answer = browser.post(
            "/login",
            data={"email": REP, "password": "wrong", "csrf_token": token},
            headers={"X-Forwarded-For": f"192.0.2.{number}"},
        )
        codes.append(answer.status_code)
    assert codes == [400] * 5 + [429] * 2


def test_too_many_tries_are_told_in_words_and_when_to_come_again(cast: Cast) -> None:
    for _ in range(5):
        log_in(cast.browser(), REP, "wrong")
    answer = log_in(cast.browser(), REP)
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "1"
    assert "one try too many" in answer.text


def test_when_too_many_come_at_once_they_are_asked_to_wait(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_args: object) -> None:
        raise passwords.TooBusy

    monkeypatch.setattr(passwords, "is_right", busy)
    answer = log_in(cast.browser(), REP)
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0


def test_over_https_a_form_from_another_site_is_refused_even_with_its_token(
    make_app: Callable[..., Flask],
) -> None:
    cast = cast_of(make_app(base_url="https://board.example.com", proxy_hops=1))
    browser, proxy = cast.browser(), {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "board.example.com"}
    page = browser.get("/login", headers=proxy, base_url="https://board.example.com").text
    token = page.partition('name="csrf_token" type="hidden" value="')[2].partition('"')[0]
    form = {"email": REP, "password": PASSWORD, "csrf_token": token}
    for referrer, status in (
        (None, 400),
        ("https://evil.example/", 400),
        ("https://board.example.com/login", 302),
    ):
        headers = proxy | ({"Referer": referrer} if referrer else {})
        answer = browser.post("/login", data=form, headers=headers, base_url="https://board.example.com")
        assert answer.status_code == status, referrer


def test_a_host_that_is_not_ours_is_refused_without_breaking(make_app: Callable[..., Flask]) -> None:
    app = make_app(trusted_hosts=("board.example.com",))
    good = app.test_client().get("/setup", base_url="http://board.example.com:8000")
    assert good.status_code == 200
    for page in ("/setup", "/", "/api/v1/standings/2026-08", "/metrics"):
        answer = app.test_client().get(page, base_url="http://evil.example")
        assert answer.status_code == 400, page
        assert "evil.example" not in answer.text


def test_every_answer_bears_the_headers_that_bind_the_browser(cast: Cast) -> None:
    browser = cast.browser()
    for page in ("/login", "/nothing", "/static/css/base.css", "/api/v1/nothing", "/"):
        with browser.get(page) as answer:
            headers = answer.headers
        policy = headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; script-src 'self';")
        assert "unsafe" not in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["X-Request-ID"]
    assert "no-store" in browser.get("/login").headers["Cache-Control"]


def test_a_static_file_asks_no_database_and_sets_no_cookie(cast: Cast) -> None:
    browser = cast.logged_in(REP)
    with cast.app.app_context():
        engine = db.engine
    with count_statements(engine) as seen, browser.get("/static/css/base.css") as answer:
        assert "Set-Cookie" not in answer.headers
        assert "Cookie" not in answer.headers.get("Vary", "")
    assert not seen

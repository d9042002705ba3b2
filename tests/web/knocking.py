"""Knocks at every door of the url map with what nobody types, and says what broke.

What can be sent is asked of the application itself: addresses of the url map, fields of the forms that pages show, and
every name that a view asked its query or form for. A route that is added is knocked at without a word here.
"""

import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote_from_bytes, urlencode
from zlib import crc32

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException
from werkzeug.routing import AnyConverter, RequestRedirect, Rule
from werkzeug.routing.converters import NumberConverter
from werkzeug.test import TestResponse

from leaderboard.persistence.db import db
from leaderboard.web import errors
from tests.cast import csrf
from tests.web.hostile_values import FILES, VALUES
from tests.web.hostile_world import HostileWorld
from tests.web.kept_state import KeptState
from tests.web.page_forms import PageForm, forms_of

Pairs = Iterable[tuple[str, str | bytes]]

_PLACE = re.compile(r"<(?:[^:<>]+:)?(\w+)>")
_OF_LOGINS = ("login_attempts", "login_sessions")
_OURS = {"csrf_token", ""}
_ENDLESS = ("static", "tv.follow")
_URLENCODED = "application/x-www-form-urlencoded"
_MOST_FIELDS = 200
_ASKED = ("page", "before", "after", "q", "who", "seen", "period", "format")
_REASONS = ("reason", "why")


class _Heard:
    """Notes what is asked of it."""

    names: set[str] = set()  # noqa: RUF012 -- one for all requests, on purpose

    def __contains__(self, key: object) -> bool:
        self.names.add(str(key))
        return super().__contains__(key)  # type: ignore[misc, no-any-return]

    def __getitem__(self, key: str) -> Any:
        self.names.add(key)
        return super().__getitem__(key)  # type: ignore[misc]

    def get(self, key: str, *args: Any, **kwargs: Any) -> Any:
        self.names.add(key)
        return super().get(key, *args, **kwargs)  # type: ignore[misc]

    def getlist(self, key: str, *args: Any, **kwargs: Any) -> list[Any]:
        self.names.add(key)
        return super().getlist(key, *args, **kwargs)  # type: ignore[misc, no-any-return]


@dataclass
class Knocker:
    """Sends it, as one of the roles. After whatever was stored all is as it was before."""

    world: HostileWorld
    kept: KeptState
    share: float
    """How much of all values each field is sent; 0: one of them, and all fields of a form wrong at once."""
    wrong: list[str] = field(default_factory=list)
    sent: int = 0
    reached: set[str] = field(default_factory=set)
    """The doors behind which something was shown or done."""
    _known: frozenset[str] = frozenset()
    """Those that were reached by an earlier role: it is enough to knock once more."""
    _role: str = ""
    _browser: FlaskClient = field(init=False)
    _token: str = ""
    _cookie: str = ""
    _told: object = None
    _raised: list[str] = field(default_factory=list)
    _open: list[str] = field(default_factory=list)
    _stored: list[str] = field(default_factory=list)

    def listen(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Hears what views ask for, what they raise and what they store."""
        app = self.world.app
        base = app.request_class
        heard = type("Heard", (_Heard, base.parameter_storage_class), {})
        monkeypatch.setattr(
            app, "request_class", type("Listening", (base,), {"parameter_storage_class": heard})
        )
        monkeypatch.setattr(
            errors.log, "error", lambda *_a, exc_info=None, **_k: self._raised.append(repr(exc_info))
        )
        with app.app_context():
            engine = db.engine
        event.listen(engine, "after_cursor_execute", self._note)
        event.listen(engine, "commit", self._commit)
        event.listen(engine, "rollback", lambda _connection: self._open.clear())

    def enter(self, role: str) -> None:
        """From here on it is this one who knocks."""
        self._role, self._browser = role, self.world.browser(role)
        self._token = csrf(self._browser, "/login" if role == "stranger" else "/account/password")
        cookie = self._browser.get_cookie("session")
        assert cookie is not None
        self._cookie = cookie.value
        self.kept.keep()

    def _note(self, _connection: Any, cursor: Any, statement: str, *_rest: Any) -> None:
        words = statement.replace("(", " (").split(None, 3)
        if words[0] in ("INSERT", "UPDATE", "DELETE") and cursor.rowcount:
            self._open.append(words[1] if words[0] == "UPDATE" else words[2])

    def _commit(self, _connection: Any) -> None:
        self.kept.touched.update(self._open)
        self._stored += [table for table in self._open if table not in _OF_LOGINS]
        self._open.clear()

    # What is knocked at

    def everywhere(self) -> None:
        """Every page, then every form, then every place of an address."""
        self._known = frozenset() if self.share else frozenset(self.reached)
        forms: dict[str, dict[frozenset[str], tuple[str, PageForm]]] = {}
        for rule in self._rules("GET"):
            for action, form in self._page(rule):
                endpoint = self._endpoint(action)
                if endpoint is not None:
                    forms.setdefault(endpoint, {}).setdefault(form.names, (action, form))
        for rule in self._rules("POST"):
            bare = {frozenset[str](): (self._address(rule), PageForm("post", set()))}
            for action, form in forms.get(rule.endpoint, bare).values():
                self._form(rule, action, form)
        for method in ("GET", "POST"):
            for rule in self._rules(method):
                self._places(method, rule)
        no_text = b"\xff=\xff&%00=%00&%ff[]=%ed%a0%80&csrf_token=" + self._token.encode()
        for path in ("/login", "/preferences", "/settings/by-hand/points"):
            self._knock("POST", path, data=no_text, content_type=_URLENCODED)

    def doors(self) -> set[str]:
        """All that there are."""
        return {f"{method} {rule.endpoint}" for method in ("GET", "POST") for rule in self._rules(method)}

    def _rules(self, method: str) -> list[Rule]:
        rules = (one for one in self.world.app.url_map.iter_rules() if method in (one.methods or ()))
        return sorted((one for one in rules if one.endpoint not in _ENDLESS), key=lambda one: one.rule)

    def _endpoint(self, action: str) -> str | None:
        try:
            found = self.world.app.url_map.bind("localhost").match(action.partition("?")[0], method="POST")
        except (HTTPException, RequestRedirect):
            return None
        return str(found[0])

    def _address(self, rule: Rule, **others: bytes) -> str:
        def put(place: re.Match[str]) -> str:
            converter, name = rule._converters[place[1]], place[1]
            if name in others:
                return quote_from_bytes(others[name], safe="")
            if isinstance(converter, AnyConverter):
                return min(converter.items)
            return "1" if isinstance(converter, NumberConverter) else self.world.names[name]

        return _PLACE.sub(put, rule.rule)

    def _page(self, rule: Rule) -> Iterator[tuple[str, PageForm]]:
        """A page whole, in part, and with whatever it asks its address for; its forms."""
        path, asked = self._address(rule), set[str]()
        if f"GET {rule.endpoint}" in self._known:
            self._knock("GET", f"{path}?{urlencode([(name, _mixed(name, 1)) for name in _ASKED])}")
            return
        page = self._knock("GET", path)
        self._reach(page, "GET", rule)
        self._knock("GET", path, headers={"HX-Request": "true"})
        while names := sorted(_Heard.names - asked - _OURS)[:_MOST_FIELDS]:
            asked.update(names)
            for mix in range(3):
                wrong = [(name, _mixed(name, mix)) for name in names]
                self._knock("GET", f"{path}?{urlencode([*wrong, *wrong[:2]])}", told=wrong)
            for name in names if self.share else ():
                for value in self._chosen(rule.rule, name):
                    self._knock("GET", f"{path}?{urlencode({name: value[:50_000]})}", told=(name, value))
        if page.mimetype == "text/html":
            for form in forms_of(page.text, path):
                for action in sorted(form.actions):
                    yield action, form

    def _places(self, method: str, rule: Rule) -> None:
        if f"{method} {rule.endpoint}" in self._known:
            return
        data = {"csrf_token": self._token, "reason": "Because", "token": "t"} if method == "POST" else None
        for name in rule._converters:
            for value in self._chosen(rule.rule, name, 2):
                if 0 < len(value) < 6_000 and b"/" not in value:
                    self._knock(method, self._address(rule, **{name: value}), data=data)

    def _form(self, rule: Rule, action: str, form: PageForm) -> None:
        """A form as it stands, with each of its fields wrong alone, and with all of them wrong."""
        if f"POST {rule.endpoint}" in self._known:
            if not form.fields:
                return
            self._send(
                action, [("csrf_token", self._token), *((name, _mixed(name, 1)) for name in form.names)]
            )
            return
        presses = form.presses or [("", "")]
        given = [(name, value or "Because" if name in _REASONS else value) for name, value in form.fields]
        given = [("csrf_token", self._token), *((name, value) for name, value in given if name not in _OURS)]
        first = self._send(action, [*given, presses[0]])
        self._reach(first, "POST", rule)
        names = sorted((form.names | _Heard.names) - _OURS)[:_MOST_FIELDS]
        for number, name in enumerate(sorted(names, key=lambda one: crc32(f"{action} {one}".encode()))):
            if not self.share and number >= 1:
                break
            press = presses[number % len(presses)]
            for value in self._chosen(action, name):
                others = [(one, was) for one, was in [*given, press] if one != name]
                twice = [(name, value)] * (2 if len(value) < 20 else 1)
                self._send(action, [*others, *twice], told=(name, value))
            if re.search(r"\d", name):
                odd = re.sub(r"\d+", ("9" * 5_000, "\u0661", "9" * 19)[number % 3], name)
                self._send(action, [*given, press, (odd, "1")], told=odd[:30])
        for name in sorted(form.files):
            for number, content in enumerate(FILES if self.share else FILES[:2]):
                self._upload(action, [*given, presses[0]], name, content, number)
        self._send(
            action,
            [(name, f"{value}\0" if name not in _OURS else value) for name, value in given],
            told="NUL",
        )
        for mix in range(3 if self.share else 1):
            wrong = [(name, _mixed(name, mix)) for name in names]
            self._send(action, [("csrf_token", self._token), *wrong], told=wrong)

    def _chosen(self, where: str, name: str, least: int = 1) -> Iterator[bytes]:
        """The values that it is sent: the same at each run, others for another field."""
        count = max(least, round(self.share * len(VALUES)))
        start = crc32(f"{where} {name}".encode())
        return (VALUES[(start + number * 7) % len(VALUES)] for number in range(count))

    # How it is sent

    def _send(self, action: str, pairs: Pairs, told: object = None) -> TestResponse:
        data = urlencode([(name, value) for name, value in pairs if name])
        return self._knock("POST", action, told, data=data, content_type=_URLENCODED)

    def _upload(self, action: str, pairs: Pairs, name: str, content: bytes, number: int) -> None:
        data: MultiDict[str, Any] = MultiDict([(one, value) for one, value in pairs if one])
        data[name] = (io.BytesIO(content), ("a.yaml", "a.csv", "a\0.csv", "x" * 300)[number % 4])
        self._knock("POST", action, (name, content), data=data, content_type="multipart/form-data")

    def _knock(self, method: str, path: str, told: object = None, **how: Any) -> TestResponse:
        """One request. What is stored is taken back; by a request that was refused, nothing may be."""
        self._browser.set_cookie("session", self._cookie)
        for noted in (self._raised, self._stored, self._open, _Heard.names):
            noted.clear()
        self.sent += 1
        answer = self._browser.open(path, method=method, **how)
        body = answer.get_data()
        who = f"{self._role} {method} {path[:150]} {str(told)[:300]}"
        if answer.status_code >= 500 and not path.startswith("/readyz"):
            self.wrong.append(f"{answer.status_code}: {who}: {' / '.join(self._raised)[:300]}")
        elif answer.status_code >= 400 and self._stored:
            self.wrong.append(f"{answer.status_code}, yet stored {sorted(set(self._stored))}: {who}")
        elif b"Traceback (most recent" in body:
            self.wrong.append(f"a traceback: {who}")
        if self._stored:
            self.kept.restore()
        return answer

    def _reach(self, answer: TestResponse, method: str, rule: Rule) -> None:
        if answer.status_code not in (401, 403, 404, 405):
            self.reached.add(f"{method} {rule.endpoint}")


def _mixed(name: str, mix: int) -> bytes:
    """Another value for each field; or, for all of them, the two on which most broke."""
    if mix:
        return (b"9223372036854775808", b"a\x00b")[mix - 1]
    return VALUES[crc32(name.encode()) % len(VALUES)][:5_000]

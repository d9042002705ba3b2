"""Addresses are the same whether put together at the start or when they are first asked for."""

import pytest
from flask import Flask
from werkzeug.routing import Map, Rule

from leaderboard.web.addresses import LateRule

WITH_VALUES = (
    ("/ladders/<int:number>/", {"number": 7}, "/ladders/7/"),
    ("/reps/<name>", {"name": "Zoë / 100 %"}, "/reps/Zo%C3%AB%20/%20100%20%25"),
    ("/plain", {"q": "a&b"}, "/plain?q=a%26b"),
)


@pytest.mark.parametrize(("rule", "values", "expected"), WITH_VALUES)
def test_an_address_is_what_werkzeug_makes_of_it(rule: str, values: dict[str, object], expected: str) -> None:
    for kind in (Rule, LateRule):
        made = Map([kind(rule, endpoint="here")]).bind("localhost")
        assert made.build("here", values) == expected == made.build("here", values)


def test_making_the_application_compiles_no_address_but_that_of_the_static_files(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = [rule for rule in app.url_map.iter_rules() if isinstance(rule, LateRule)]
    assert len(late) == len(list(app.url_map.iter_rules())) - 1 > 150
    compiled: list[object] = []
    monkeypatch.setattr(
        Rule, "_get_func_code", lambda *_: compiled.append(1) or (lambda *_rest, **_: ("", "/"))
    )
    with app.test_request_context():
        app.url_map.bind("localhost").build(late[0].endpoint, dict.fromkeys(late[0].arguments, 1))
    assert len(compiled) == 1

"""Who may open what of the settings: every endpoint, for everybody. An endpoint that no rule here names fails."""

import pytest
from flask import Flask
from werkzeug.routing import AnyConverter, BaseConverter
from werkzeug.routing.converters import NumberConverter

from tests.cast import csrf
from tests.web.settings.conftest import ADA, ANA, BIA, RIGHTS, RUI, People

STRANGER = None
EVERYBODY = (ANA, STRANGER, RIGHTS, RUI, ADA)
"""Ana first: what the others may do could put her out."""
ALL, MANAGERS, ADMINS = {ADA, RUI, RIGHTS}, {ADA, RUI}, {ADA}

# Who may open it; everybody else gets 404, and who is not logged in is asked to. Of the logins, Ana's is asked for.
RULES: dict[str, tuple[str, set[str]]] = {
    "settings.home": ("/settings", ALL),
    "settings_audit.home": ("/settings/audit", {ADA, RIGHTS}),
    "settings_people.home": ("/settings/people", MANAGERS),
    "settings_people.invite": ("/settings/people/new", ADMINS),
    "settings_people.login": ("/settings/people/{ana}", MANAGERS),
    "settings_people.save": ("/settings/people/{ana}", ADMINS),
    "settings_people.link": ("/settings/people/{ana}/link", MANAGERS),
    "settings_people.sign_out": ("/settings/people/{ana}/sign-out", MANAGERS),
    "settings_people.disable": ("/settings/people/{ana}/disable", ADMINS),
    "settings_people.enable": ("/settings/people/{ana}/enable", ADMINS),
}
OF_A_LOGIN = sorted(name for name, (path, _) in RULES.items() if "{ana}" in path)


def mine(app: Flask) -> set[str]:
    """Parts that others add have such a table of their own."""
    parts = {path.split("/")[2] for path, _ in RULES.values() if path.count("/") > 1}
    return {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.rule == "/settings" or any(rule.rule.startswith(f"/settings/{part}") for part in parts)
    }


def test_every_endpoint_has_a_rule(app: Flask) -> None:
    assert mine(app) == set(RULES)


def methods(app: Flask, endpoint: str) -> list[str]:
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint == endpoint]
    return sorted(method for rule in rules for method in (rule.methods or set()) & {"GET", "POST"})


def knock(people: People, email: str | None, method: str, path: str) -> int:
    browser = people.browser(email)
    page = "/login" if email is None else "/account/password"
    form = {"csrf_token": csrf(browser, page)} if method == "POST" else {}
    return browser.open(path, method=method, data=form).status_code


@pytest.mark.parametrize("endpoint", sorted(RULES))
def test_who_may_open_it_and_who_may_not(people: People, endpoint: str) -> None:
    path, allowed = RULES[endpoint]
    address = path.format(ana=people.ids[ANA])
    for method in methods(people.cast.app, endpoint):
        for email in EVERYBODY:
            status = knock(people, email, method, address)
            if email is None:
                assert status == 302, (method, email)
            elif email in allowed:
                assert status in (200, 302, 400), (method, email, status)
            else:
                assert status == 404, (method, email)


@pytest.mark.parametrize("endpoint", OF_A_LOGIN)
def test_another_s_login_is_as_if_it_were_not_there(people: People, endpoint: str) -> None:
    """Bia is of a team that Rui does not manage; managers and administrators are nobody's to look after."""
    path, app = RULES[endpoint][0], people.cast.app
    foreign = [people.ids[email] for email in (BIA, ADA, RIGHTS, RUI)]
    for user_id in (*foreign, 4711, 2**63, 10**30):
        for method in methods(app, endpoint):
            assert knock(people, RUI, method, path.format(ana=user_id)) == 404, (method, user_id)
    for user_id in (4711, 2**63, 10**30):
        for method in methods(app, endpoint):
            assert knock(people, ADA, method, path.format(ana=user_id)) == 404, (method, user_id)


def test_the_parts_of_the_overview_are_those_that_are_theirs(people: People) -> None:
    for email in (ADA, RUI, RIGHTS):
        page = people.browser(email).get("/settings").text
        for path, allowed in RULES.values():
            if path.count("/") == 2:
                assert (f'href="{path}"' in page) == (email in allowed), (email, path)


def some(converter: BaseConverter) -> object:
    """A value that an address may bear there."""
    if isinstance(converter, AnyConverter):
        return min(converter.items)
    return 1 if isinstance(converter, NumberConverter) else "x"


def test_whatever_is_added_under_settings_has_a_guard_and_is_no_rep_s(people: People) -> None:
    """Of all parts, also of those whose table of rules stands elsewhere."""
    app, browser = people.cast.app, people.browser(ANA)
    token = csrf(browser, "/account/password")
    for rule in app.url_map.iter_rules():
        if not rule.rule.startswith("/settings"):
            continue
        name = rule.endpoint.rpartition(".")[0]
        assert app.before_request_funcs.get(name), f"{rule.endpoint} is no part of an Area"
        values = {one: some(rule._converters[one]) for one in rule.arguments}
        with app.test_request_context():
            built = rule.build(values, append_unknown=False)
        assert built is not None
        for method in (rule.methods or set()) & {"GET", "POST"}:
            form = {"csrf_token": token} if method == "POST" else {}
            assert browser.open(built[1], method=method, data=form).status_code == 404, (rule, method)

"""Guessing a number opens nothing: neither one that nobody has nor another's, whatever the address and the method."""

from collections.abc import Iterator

import pytest
from flask import Flask
from werkzeug.routing import AnyConverter
from werkzeug.routing.converters import NumberConverter

from leaderboard.persistence.db import current_session
from leaderboard.persistence.models import Decision, Payout, Proposal
from leaderboard.services import closing, deciding
from leaderboard.services.payout_proposals import propose_payouts
from leaderboard.web.access import BY_TOKEN
from tests.cast import csrf
from tests.web.settings.firm import Firm


def numbered(app: Flask, number: int) -> Iterator[tuple[str, str]]:
    """Method and address of every door whose address bears a number, with this one in each such place."""
    for rule in app.url_map.iter_rules():
        converters = rule._converters
        if rule.endpoint in BY_TOKEN or not any(
            isinstance(one, NumberConverter) for one in converters.values()
        ):
            continue
        values = {
            name: number if isinstance(one, NumberConverter)
            else min(one.items) if isinstance(one, AnyConverter) else "x"
            for name, one in converters.items()
        }  # fmt: skip
        with app.test_request_context():
            built = rule.build(values, append_unknown=False)
        assert built is not None
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            yield method, built[1]


@pytest.mark.parametrize("name", ["ada", "rui", "ben"])
@pytest.mark.parametrize("number", [4711, 2**63, 10**30])
def test_a_number_that_nobody_has_is_not_found_at_any_door(firm: Firm, name: str, number: int) -> None:
    browser = firm.browser(name)
    token = csrf(browser, "/account/password")
    doors = list(numbered(firm.app, number))
    assert len(doors) > 20
    for method, address in doors:
        form = {"csrf_token": token, "token": "t", "reason": "x"} if method == "POST" else {}
        assert browser.open(address, method=method, data=form).status_code == 404, (method, address)


def test_what_is_about_another_s_people_is_not_found_by_a_manager_or_a_rep(firm: Firm) -> None:
    """Ana is of a team that Rui does not manage: decisions, proposals and payouts about her are none of his."""
    ana = firm.who.people["ana"]
    with firm.app.app_context():
        deciding.adjust(firm.who.ada, firm.who.slow().subject, ana, 5, "The fair", token="1")
        deciding.adjust(firm.who.ada, firm.who.slow().subject, ana, 50, "The fair", token="2")
        closing.close_period("2026-07", "test")
        propose_payouts()
        session = current_session()
        decision = session.query(Decision.id).scalar()
        proposal = session.query(Proposal.id).scalar()
        payout = session.query(Payout.id).filter(Payout.person_id == ana).scalar()
        before = session.query(Decision.id).count()
    posts = [
        f"/settings/consequences/decisions/{decision}/undo",
        f"/settings/by-hand/decisions/{decision}/undo",
        f"/settings/by-hand/proposals/{proposal}/confirm",
        f"/settings/by-hand/proposals/{proposal}/refuse",
        f"/settings/payouts/{payout}/approve",
        f"/settings/payouts/{payout}/refuse",
        f"/settings/payouts/{payout}/paid",
    ]
    gets = [f"/reps/{ana}", f"/reps/{ana}/2026-07", f"/settings/payouts/{payout}/certificate"]
    doors = firm.app.url_map.bind("localhost")
    assert all(doors.match(path, method="POST") for path in posts), "each of them is there"
    for name in ("rui", "ben"):
        browser = firm.browser(name)
        form = {
            "csrf_token": csrf(browser, "/account/password"),
            "token": "t",
            "reason": "x",
            "reference": "R",
        }
        for path in posts:
            assert browser.post(path, data=form).status_code == 404, (name, path)
        for path in gets:
            assert browser.get(path).status_code == 404, (name, path)
    with firm.app.app_context():
        assert current_session().query(Decision.id).count() == before

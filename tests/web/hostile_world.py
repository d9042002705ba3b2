"""A firm in which every door leads somewhere: something of each kind that an address can name, mostly with key 1."""

import datetime as dt
from dataclasses import dataclass

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from leaderboard.domain.line_ups import STANDARD
from leaderboard.domain.rulebook import Party, SubjectKind
from leaderboard.persistence.db import current_session
from leaderboard.persistence.models import Award, Credential, Draft, User
from leaderboard.services import (
    clock,
    closing,
    deciding,
    drafts,
    one_time_links,
    screen_pairing,
    signing,
    simulation_runs,
    trial_counting,
    trials,
    work_orders,
)
from leaderboard.services.payout_proposals import propose_payouts
from leaderboard.services.screens import Look
from leaderboard.services.signing import Signer
from leaderboard.services.simulation_runs import Asked
from leaderboard.settings import Settings
from tests.services.acme import RULEBOOK, send
from tests.services.deciding_house import LADDER
from tests.signing_keys import keys_in
from tests.web.settings.firm import Firm, fields

ROLES = ("ada", "head", "rui", "ben", "stranger")
"""An administrator, a manager who edits and signs rules, a manager of a team, a rep, and nobody."""

MORE = b"""
agreement: {title: Agreement, parties: {marketing: Leads, sales: Calls}, definitions: {MQL: worth a call}}
calendars:
  desk: {hours: {monday: ["09:00-12:00", "13:00-18:00"], tuesday: ["09:00-24:00"]}, holidays: {country: BR}}
  spare: {hours: {friday: ["09:00-12:00"]}, closed: [2026-12-24]}
contests:
  race: {name: Race, from: 2026-09-01, until: 2026-09-30, scope: rep, service_levels: [first-contact],
         places: 1, prize: {points: 10}}
suspensions:
  - {from: 2026-09-01, until: 2026-09-02, reason: The line was down}
"""


@dataclass(frozen=True)
class HostileWorld:
    """The firm, what its drafts say, and a browser for each of its roles."""

    firm: Firm
    names: dict[str, str]
    """What an address calls something by its name: by the name of the place in the rule."""

    @property
    def app(self) -> Flask:
        return self.firm.app

    def browser(self, role: str) -> FlaskClient:
        return self.firm.cast.browser() if role == "stranger" else self.firm.browser(role)


def furnish(firm: Firm) -> HostileWorld:
    """Fills the firm, which is empty but for July."""
    with firm.app.app_context():
        settings: Settings = firm.app.extensions["settings"]
        keys_in(settings.keys_folder)
        session = current_session()
        session.scalars(select(User).where(User.email == "head@example.com")).one().may_edit_rules = True
        session.commit()
        send(session, ("z", "lead.assigned", "2026-08-01T10:00:00Z", "L9", "zoe"))
        _decide(firm)
        _draft(firm)
        _ask()
        screen_pairing.let_in(screen_pairing.begin(clock.now()).code, Look("Door", "en", STANDARD), actor="test",
                              now=clock.now())  # fmt: skip
        link = one_time_links.make("ana@example.com", actor="test", now=clock.now())
    address = _take_along(firm)
    names = {
        "address": address, "calendar_id": "desk", "level_id": "first-contact", "ladder_id": "slow",
        "entry_id": "thanks", "team_id": "south", "day": "2026-01-01", "name": "2026-07", "period": "2026-07",
        "month": "2026-07", "consequence": "slow", "subject": "rep", "task": "training", "scope": "reps",
        "icon": "star", "thumbprint": "x", "filename": "css/base.css", "link": link, "word": "approve",
    }  # fmt: skip
    return HostileWorld(firm, names)


def _decide(firm: Firm) -> None:
    who = firm.who
    deciding.give_badge(who.rui, who.people["ben"], "thanks", "Good work", token="1")
    deciding.adjust(who.ada, SubjectKind.REP, who.people["ana"], 5, "The fair", token="2")
    deciding.adjust(who.rui, SubjectKind.REP, who.people["ben"], 50, "The fair", token="3")
    closing.close_period("2026-07", "test")
    propose_payouts()


def _draft(firm: Firm) -> None:
    """One to edit, one in trial, and one with both signatures."""
    text = (RULEBOOK + LADDER + MORE).decode()
    now = clock.now()
    for name in ("Open", "Tried", "Signed"):
        drafts.create(text, name, "user:1", now)
    _try(2)
    sha256 = current_session().get_one(Draft, 3).sha256
    current_session().rollback()
    for login, party in ((firm.who.ada, Party.MARKETING), (firm.who.bob, Party.SALES)):
        signing.sign(3, sha256, Signer(login.user_id, party), now)


def _try(draft: int) -> None:
    sha256 = current_session().get_one(Draft, draft).sha256
    current_session().rollback()
    trials.start(draft, sha256, dt.date(2026, 8, 1), dt.date(2026, 8, 30), "user:1", clock.now())
    trial_counting.count_due()


def _ask() -> None:
    text = (RULEBOOK + LADDER).decode()
    for kind, period in (("simulation", "2026-07"), ("fairness", "2026-07/2026-07")):
        simulation_runs.run(
            simulation_runs.ask_for_simulation(Asked(text, "Open", period, "user:1", 1, kind))
        )
    for kind, subject in (("verify", "2026-07"), ("preview", "3")):
        work_orders.ask(kind, subject, "user:1", clock.now())
    work_orders.run_waiting()


def _take_along(firm: Firm) -> str:
    with firm.app.app_context():
        award = current_session().scalars(select(Award.id).where(Award.badge == "thanks")).one()
    browser, path = firm.browser("ben"), f"/awards/{award}/take-along"
    browser.post(path, data=fields(browser.get(path).text, path) | {"naming": "full"})
    with firm.app.app_context():
        return current_session().scalars(select(Credential.address)).one()

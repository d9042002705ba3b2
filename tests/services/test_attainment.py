"""Last month at another setting, of events that no rule in force counts: folded from the events themselves."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from leaderboard.domain.events import Event
from leaderboard.domain.instants import HOUR, MINUTE, Instant, local_date, midnight
from leaderboard.persistence.db import current_session
from leaderboard.services.attainment import Attainment, attainment
from leaderboard.services.draft_checks import check
from leaderboard.services.evaluation import bring_up_to_date
from leaderboard.services.intake import accept
from tests.web.house import build_house

UTC = ZoneInfo("UTC")
DOCUMENT = """\
rulebook: 1
effective_from: 2030-01-01
organization: {name: Acme, timezone: UTC, currency: EUR}
service_levels:
  demo-held: {name: Demo held, party: sales, measure: response, start: demo.asked, stop: demo.held, within: 5m}
  demos: {name: Demos, party: sales, measure: volume, events: demo.held, once_per_lead: false, target: 5}
  share: {name: Share, party: sales, measure: ratio, numerator: {events: demo.held},
    denominator: {events: demo.asked}, target: 50%}
  calls: {name: Calls, party: sales, measure: recorded, target: 0.9}
"""


@pytest.fixture
def later(app: Flask) -> Instant:
    """The month after the one in which demos were asked for, held, and judged by another system."""
    now = build_house(app).now
    at = now - 3 * HOUR
    verdict = {"service_level": "calls", "rating": "met"}
    with app.app_context():
        session = current_session()
        given = [
            Event("crm", "d1", "demo.asked", at, "Lead 71", "ana"),
            Event("crm", "d2", "demo.held", at + 2 * MINUTE, "Lead 71", "ana"),
            Event("crm", "d3", "demo.asked", at, "Lead 72", "bia"),
            Event("crm", "d4", "outcome.recorded", at, None, "ana", verdict),
            Event("crm", "d5", "demo.asked", at - 5000 * HOUR, "Lead 73", "ana"),
        ]
        accept(session, given, now)
        session.commit()
        bring_up_to_date(now)
    first_on = local_date(at, UTC).replace(day=1)
    return midnight((first_on + dt.timedelta(days=32)).replace(day=1), UTC) + HOUR


def tried(app: Flask, level: str, later: Instant) -> Attainment:
    with app.app_context():
        session = current_session()
        rulebook = check(session, DOCUMENT).rulebook
        assert rulebook is not None
        found = attainment(session, rulebook, level, later)
        session.rollback()
    assert found is not None
    return found


def test_clocks_that_nothing_in_force_opens_are_counted(app: Flask, later: Instant) -> None:
    found = tried(app, "demo-held", later)
    assert (found.tally.kept, found.tally.total) == (1, 2)
    assert found.is_whole


def test_sums_of_events_that_nothing_in_force_counts_are_summed(app: Flask, later: Instant) -> None:
    assert tried(app, "demos", later).sums == (1,)
    assert tried(app, "share", later).sums == (0, 1, 2)


def test_verdicts_on_a_service_level_that_is_not_in_force_are_counted(app: Flask, later: Instant) -> None:
    found = tried(app, "calls", later)
    assert (found.tally.met, found.tally.total) == (1, 1)


def test_leads_of_long_before_the_month_are_not_read(app: Flask, later: Instant) -> None:
    assert tried(app, "share", later).leads_of == tried(app, "demo-held", later).leads_of

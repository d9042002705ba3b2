"""Whose points a login may look into."""

import datetime as dt

import pytest
from flask import Flask
from sqlalchemy import select

from leaderboard.domain.instants import from_datetime
from leaderboard.domain.roster import Rep, Roster, Team, TeamSpan
from leaderboard.persistence.db import current_session
from leaderboard.persistence.models import Person
from leaderboard.services.login_sessions import LoggedIn
from leaderboard.services.reading import open_reading
from leaderboard.services.roster_import import replace_roster
from leaderboard.services.rulebook_apply import apply_rulebook
from leaderboard.services.visibility import may_see

RULEBOOK = b"""
rulebook: 1
effective_from: 2026-01-01
organization: {name: Acme, timezone: America/Sao_Paulo, currency: BRL}
service_levels:
  first-contact:
    name: First contact
    party: sales
    measure: response
    start: lead.assigned
    stop: lead.contacted
    within: 1h
    points: {each: {met: 2}}
"""
MARCH = from_datetime(dt.datetime(2026, 3, 15, tzinfo=dt.UTC))
JUNE = from_datetime(dt.datetime(2026, 6, 15, tzinfo=dt.UTC))


def span(team: str, from_month: int, until_month: int | None = None) -> TeamSpan:
    until_on = None if until_month is None else dt.date(2026, until_month, 28)
    return TeamSpan(team, dt.date(2026, from_month, 1), until_on)


ROSTER = Roster(
    {
        "inbound": Team("inbound", "Inbound", "sales", manager="rui"),
        "outbound": Team("outbound", "Outbound", "sales", manager="lia"),
        "nobodys": Team("nobodys", "Nobody's", "sales"),
    },
    {
        rep.id: rep
        for rep in (
            Rep("rui", "Rui"),
            Rep("lia", "Lia", teams=(span("outbound", 1),)),
            Rep("ana", "Ana", teams=(span("inbound", 1),)),
            Rep("bia", "Bia", teams=(span("inbound", 1, 4), span("outbound", 5))),
            Rep("left", "Left", teams=(span("inbound", 1, 4),)),
            Rep("cleo", "Cleo", teams=(span("nobodys", 1),)),
        )
    },
)


@pytest.fixture
def people(app: Flask) -> dict[str, int]:
    with app.app_context():
        session = current_session()
        apply_rulebook(RULEBOOK, "rulebook.yaml", MARCH, "test", None)
        replace_roster(session, ROSTER, MARCH, "test")
        session.commit()
        return {rep_id: key for key, rep_id in session.execute(select(Person.id, Person.rep_id)) if rep_id}


def login(role: str, person_id: int | None = None) -> LoggedIn:
    return LoggedIn(1, "x@example.com", role, person_id, "X", None, "auto", 0)


def seen(app: Flask, people: dict[str, int], who: LoggedIn, now: int = JUNE) -> set[str]:
    with app.app_context():
        reading = open_reading(now)
        return {rep for rep, key in people.items() if may_see(who, key, reading)}


def test_a_rep_sees_nobody_else(app: Flask, people: dict[str, int]) -> None:
    assert seen(app, people, login("rep", people["ana"])) == {"ana"}
    assert seen(app, people, login("rep")) == set()


def test_a_rep_who_manages_by_the_roster_but_not_by_role_sees_nobody_else(
    app: Flask, people: dict[str, int]
) -> None:
    assert seen(app, people, login("rep", people["rui"])) == {"rui"}


def test_a_manager_sees_those_whose_team_now_or_last_they_manage(app: Flask, people: dict[str, int]) -> None:
    rui, lia = login("manager", people["rui"]), login("manager", people["lia"])
    assert seen(app, people, rui, MARCH) == {"rui", "ana", "bia", "left"}
    assert seen(app, people, rui, JUNE) == {"rui", "ana", "left"}
    assert seen(app, people, lia, JUNE) == {"lia", "bia"}


def test_a_manager_who_is_a_rep_without_teams_sees_nobody_else(app: Flask, people: dict[str, int]) -> None:
    assert seen(app, people, login("manager", people["cleo"])) == {"cleo"}


def test_a_manager_who_is_no_rep_and_administrators_see_all(app: Flask, people: dict[str, int]) -> None:
    for who in (login("manager"), login("admin"), login("admin", people["cleo"])):
        assert seen(app, people, who) == set(people)


def test_whom_nobody_knows_is_seen_by_nobody(app: Flask, people: dict[str, int]) -> None:
    with app.app_context():
        assert not may_see(login("admin"), 999_999, open_reading(JUNE))
        for number in (2**62, 2**63, 10**30):
            assert not may_see(login("admin"), number, open_reading(JUNE))


def test_without_rules_a_manager_of_the_roster_sees_only_themselves(app: Flask) -> None:
    with app.app_context():
        session = current_session()
        replace_roster(session, ROSTER, MARCH, "test")
        session.commit()
        keys = {rep: key for key, rep in session.execute(select(Person.id, Person.rep_id))}
        session.rollback()
        assert open_reading(JUNE) is None
        assert not may_see(login("manager", keys["rui"]), keys["ana"], None)
        assert may_see(login("manager", keys["rui"]), keys["rui"], None)

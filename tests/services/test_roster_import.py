"""Another roster: people, names by which they are known, teams; and everything pending where it matters."""

import datetime as dt

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from leaderboard.domain.events import Event
from leaderboard.domain.roster import Rep, Roster, Team, TeamSpan, TimeOff
from leaderboard.files.problems import FileProblems
from leaderboard.persistence import models
from leaderboard.services.intake import accept
from leaderboard.services.roster_import import RosterChange, import_roster, replace_roster
from leaderboard.services.rules import current_roster_version
from leaderboard.services.stored_roster import stored_roster

NOW = 1_800_000_000_000_000
INBOUND = Team("inbound", "Inbound", "sales", manager="rui")
RUI = Rep("rui", "Rui Faria")
ANA = Rep(
    "ana",
    "Ana Souza",
    "ana@example.com",
    ("0055A", "asouza"),
    (TeamSpan("inbound", dt.date(2026, 1, 1)),),
    (TimeOff(dt.date(2026, 2, 9), dt.date(2026, 2, 13)),),
)


def roster(*reps: Rep, teams: tuple[Team, ...] = (INBOUND,)) -> Roster:
    return Roster({team.id: team for team in teams}, {rep.id: rep for rep in reps})


FULL = roster(RUI, ANA)


def put(session: Session, given: Roster) -> RosterChange:
    change = replace_roster(session, given, NOW, "test")
    session.commit()
    return change


def names(session: Session) -> dict[str, str]:
    """The id of the person to whom each text leads."""
    key, person = models.RepKey, models.Person
    rows = session.execute(select(key.text, person.rep_id).join(person, person.id == key.person_id))
    return {row.text: row.rep_id for row in rows}


def pending(session: Session) -> int:
    return session.scalar(text("SELECT count(*) FROM leads WHERE touched_seq > 1")) or 0


def event(number: int, rep: str) -> Event:
    return Event("crm", str(number), "lead.assigned", 1, f"L{number}", rep)


def test_a_roster_is_stored_and_comes_back_as_it_was(session: Session) -> None:
    change = put(session, FULL)
    assert (change.reps, change.teams, change.is_new, change.affects_points) == (2, 1, True, True)
    assert current_roster_version(session) == change.version
    assert stored_roster(session, change.version) == FULL
    assert names(session) == {"rui": "rui", "ana": "ana", "0055A": "ana", "asouza": "ana"}


def test_the_document_holds_no_text_that_names_a_person(session: Session) -> None:
    put(session, FULL)
    document = session.scalar(select(models.RosterVersion.document)) or ""
    for secret in ('"ana"', "Ana", "Souza", '"rui"', "0055A", "example.com"):
        assert secret not in document


def test_the_same_again_stores_nothing(session: Session) -> None:
    first = put(session, FULL)
    second = put(session, FULL)
    assert (second.version, second.is_new) == (first.version, False)


def test_another_name_changes_no_points(session: Session) -> None:
    put(session, FULL)
    accept(session, [event(1, "ana")], NOW)
    session.commit()
    renamed = Rep("ana", "Ana Lima", None, ANA.aliases, ANA.teams, ANA.time_off)
    change = put(session, roster(RUI, renamed))
    assert (change.is_new, change.affects_points) == (True, False)
    assert pending(session) == 0
    assert stored_roster(session, change.version) == roster(RUI, renamed)


@pytest.mark.parametrize(
    "other",
    [
        Rep("ana", "Ana Souza", None, ("0055A",), ANA.teams, ANA.time_off),
        Rep("ana", "Ana Souza", None, ANA.aliases, (), ANA.time_off),
        Rep("ana", "Ana Souza", None, ANA.aliases, ANA.teams, ()),
        Rep("anna", "Ana Souza", None, ANA.aliases, ANA.teams, ANA.time_off),
    ],
)
def test_what_points_rest_on_makes_all_leads_pending(session: Session, other: Rep) -> None:
    put(session, FULL)
    accept(session, [event(1, "ana"), event(2, "rui")], NOW)
    session.execute(
        text("INSERT INTO settlements (month, dirty_version, settled_version) VALUES ('2026-01', 1, 1)")
    )
    session.commit()
    assert put(session, roster(RUI, other)).affects_points
    assert pending(session) == 2
    assert session.scalar(text("SELECT dirty_version FROM settlements")) == 2


def test_an_alias_that_was_a_stranger_becomes_the_reps(session: Session) -> None:
    accept(session, [event(1, "asouza"), event(2, "ana")], NOW)
    session.commit()
    assert names(session) == {"asouza": "asouza", "ana": "ana"}
    key = session.scalar(select(models.RepKey.id).where(models.RepKey.text == "asouza"))
    put(session, FULL)
    assert names(session) == {"asouza": "ana", "ana": "ana", "0055A": "ana", "rui": "rui"}
    assert session.scalar(select(models.RepKey.id).where(models.RepKey.text == "asouza")) == key
    assert session.scalar(select(models.Event.rep_key_id).where(models.Event.event_id == "1")) == key


def test_an_alias_that_is_none_any_more_is_a_stranger_again(session: Session) -> None:
    put(session, FULL)
    put(session, roster(RUI, Rep("ana", "Ana Souza", None, ("asouza",), ANA.teams)))
    assert names(session) == {"asouza": "ana", "ana": "ana", "0055A": "0055A", "rui": "rui"}
    put(session, FULL)
    assert names(session)["0055A"] == "ana"


def test_an_alias_can_move_to_another_rep_or_become_an_id(session: Session) -> None:
    put(session, FULL)
    put(session, roster(Rep("rui", "Rui Faria", None, ("asouza",)), Rep("ana", "A"), Rep("0055A", "New")))
    assert names(session) == {"asouza": "rui", "ana": "ana", "0055A": "0055A", "rui": "rui"}


def test_who_left_the_roster_is_known_by_the_id_alone(session: Session) -> None:
    put(session, FULL)
    change = put(session, roster(RUI, teams=(Team("outbound", "Outbound", "sales"),)))
    ana = session.scalars(select(models.Person).where(models.Person.rep_id == "ana")).one()
    assert (ana.in_roster, ana.name, ana.email) == (False, None, None)
    teams = {team.team_id: team for team in session.scalars(select(models.Team))}
    assert (teams["inbound"].in_roster, teams["inbound"].name) == (False, None)
    assert teams["outbound"].in_roster
    assert stored_roster(session, change.version).reps.keys() == {"rui"}
    put(session, FULL)
    session.expire_all()
    assert teams["inbound"].in_roster


def test_a_bad_file_changes_nothing(session: Session) -> None:
    put(session, FULL)
    with pytest.raises(FileProblems):
        import_roster(b"reps: {ana: {nmae: Ana}}", "roster.yaml", NOW, "test")
    assert current_roster_version(session) is not None
    assert import_roster(b"reps: {ana: {name: Ana}}", "roster.yaml", NOW, "test").reps == 1


def test_who_did_it_is_noted(session: Session) -> None:
    put(session, FULL)
    noted = session.scalars(select(models.AuditEntry)).one()
    assert (noted.actor, noted.action, noted.subject) == ("test", "roster.replaced", "roster")

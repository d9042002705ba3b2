"""How people appear on public displays is theirs to choose, and nobody plays under another's name."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from leaderboard.persistence.models import AuditEntry, DisplayChoice
from leaderboard.queries.look_alikes import likeness
from leaderboard.queries.public_names import compared, public_names
from leaderboard.services import clock, login_sessions, users
from leaderboard.services.display_choices import AliasProblem, Appearance, appearance_of, choose
from leaderboard.services.login_sessions import LoggedIn
from leaderboard.services.roster_import import import_roster

ROSTER = """
teams: {north: {name: North, department: sales}}
reps:
  ana: {name: Ana Souza, aliases: [asouza], teams: [{team: north, from: 2026-01-01}]}
  ben: {name: Ben Costa, teams: [{team: north, from: 2026-01-01}]}
"""


@pytest.fixture
def enter(app: Flask, session: Session) -> Callable[[str], LoggedIn]:
    """Logs a rep of the roster in."""
    import_roster(ROSTER.encode(), "roster.yaml", clock.now(), "test")

    def enter(rep: str) -> LoggedIn:
        email = f"{rep}@example.com"
        users.create(email, "rep", rep=rep, password=None, actor="test", now=clock.now())
        token = login_sessions.begin(session, users.existing(email).id, clock.now())
        session.commit()
        found = login_sessions.find(token, clock.now())
        assert found is not None
        return found

    return enter


def key_of(who: LoggedIn) -> int:
    assert who.person_id is not None
    return who.person_id


def test_who_chose_nothing_appears_by_name(enter: Callable[[str], LoggedIn], session: Session) -> None:
    ana = key_of(enter("ana"))
    assert appearance_of(ana) == Appearance()
    assert public_names(session, {ana: "Ana Souza"}) == {ana: "Ana Souza"}


def test_an_alias_stands_for_the_name_and_who_is_absent_is_not_there(
    enter: Callable[[str], LoggedIn], session: Session
) -> None:
    ana, ben = enter("ana"), enter("ben")
    choose(ana, Appearance(alias="  Silver   Fox "), clock.now())
    choose(ben, Appearance(is_absent=True), clock.now())
    named = public_names(session, {key_of(ana): "Ana Souza", key_of(ben): "Ben Costa"})
    assert named == {key_of(ana): "Silver Fox"}
    choose(ben, Appearance(), clock.now())
    assert public_names(session, {key_of(ben): "Ben Costa"}) == {key_of(ben): "Ben Costa"}
    assert session.get(DisplayChoice, key_of(ben)) is None


@pytest.mark.parametrize(
    ("alias", "why"),
    [
        ("", "length"),
        ("x", "length"),
        ("x" * 41, "length"),
        ("– –", "length"),
        ("Ben Costa", "taken"),
        ("bén  COSTA", "taken"),
        ("b.e.n", "taken"),
        ("Fox\u202e", "signs"),
        ("Fo\x00x", "signs"),
        ("F\u0335ox", "signs"),
        ("Ben Costa\u3164", "signs"),
        ("B\u0435n Costa", "mixed"),
        ("Fox \u0421osta", "mixed"),
        ("Ben C0sta", "taken"),
        ("8en Costa", "taken"),
        ("B\u1d07n Costa", "taken"),
        ("\uff22\uff45\uff4e Costa", "taken"),
        ("\U0001f171en Costa", "taken"),
        ("\u0412\u0415\u039d", "mixed"),
        ("\u0392\u0395\u039d", "taken"),
    ],
)
def test_an_alias_that_is_nobodys_to_take_is_refused_and_nothing_is_kept(
    enter: Callable[[str], LoggedIn], alias: str, why: str
) -> None:
    ana = enter("ana")
    enter("ben")
    choose(ana, Appearance(alias="Silver Fox"), clock.now())
    with pytest.raises(AliasProblem) as problem:
        choose(ana, Appearance(alias=alias), clock.now())
    assert problem.value.why == why
    assert appearance_of(key_of(ana)).alias == "Silver Fox"


@pytest.mark.parametrize(
    "alias", ["Анна Иванова", "Νίκος", "José 2", "スーパーフォックス", "Tシャツ", "Zoë-Мария", "김 Fox"]
)
def test_a_name_of_any_alphabet_is_taken_as_such(enter: Callable[[str], LoggedIn], alias: str) -> None:
    ana = enter("ana")
    choose(ana, Appearance(alias=alias), clock.now())
    assert appearance_of(key_of(ana)).alias == alias


def test_a_name_that_only_looks_like_another_ones_alias_is_refused(
    enter: Callable[[str], LoggedIn], session: Session
) -> None:
    ana, ben = enter("ana"), enter("ben")
    choose(ana, Appearance(alias="Lila 10"), clock.now())
    assert session.scalars(select(DisplayChoice.alias_key)).one() == "lila10"
    for alias in ("LiIa 10", "Li1a lO", "lila-10"):
        with pytest.raises(AliasProblem, match="taken"):
            choose(ben, Appearance(alias=alias), clock.now())
    choose(ana, Appearance(alias="Li1a 10"), clock.now())


def test_two_never_bear_the_same_alias(enter: Callable[[str], LoggedIn]) -> None:
    ana, ben = enter("ana"), enter("ben")
    choose(ana, Appearance(alias="Silver Fox"), clock.now())
    with pytest.raises(AliasProblem, match="taken"):
        choose(ben, Appearance(alias="silver-fox"), clock.now())
    choose(ana, Appearance(alias="SILVER FOX"), clock.now())
    assert appearance_of(key_of(ana)).alias == "SILVER FOX"


def test_the_audit_log_says_that_it_was_chosen_and_not_what(
    enter: Callable[[str], LoggedIn], session: Session
) -> None:
    ana = enter("ana")
    choose(ana, Appearance(alias="Silver Fox"), clock.now())
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "display.chosen")).one()
    assert (entry.subject, entry.before, entry.after) == (f"person:{ana.person_id}", None, None)


def test_names_are_compared_without_marks_signs_and_capitals() -> None:
    assert compared("Inês  D’Água") == compared("ines dagua") == "inesdagua"
    assert compared("Straße") == compared("STRASSE")


def test_names_are_told_by_their_looks_whatever_their_alphabet() -> None:
    alike = (
        "Lia Prado",
        "L\u0456a Prado",
        "L1a Pr\u0430d0",
        "LIA PRADO",
        "\u216cia Prado",
        "l\u0131a pr\u0251do",
        "|ia \uff30rado",
    )
    assert {likeness(name) for name in alike} == {likeness("Lia Prado")}
    assert likeness("Carneiro") == likeness("Cameiro")
    assert likeness("Lia Prado") != likeness("Lea Prado")
    assert likeness(likeness("Walter Burnvvood 15")) == likeness("Walter Burnvvood 15")

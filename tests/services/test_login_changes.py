"""Roles and rights of logins: what changes is noted, nobody locks themselves or everybody out."""

import json
import threading

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from leaderboard.persistence.db import current_session
from leaderboard.persistence.models import AuditEntry, LoginSession, User
from leaderboard.services import login_changes, login_sessions, users
from leaderboard.services.audit_log import actor_of
from leaderboard.services.login_changes import Access

NOW = 1_800_000_000_000_000


@pytest.fixture
def logins(session: Session) -> dict[str, int]:
    made = {
        name: users.insert(session, f"{name}@example.com", role, None, None, NOW)
        for name, role in (("ada", "admin"), ("rui", "manager"), ("ana", "rep"))
    }
    session.commit()
    return made


def notes(session: Session) -> list[tuple[str, str, str | None, object, object]]:
    session.rollback()
    return [
        (
            row.actor,
            row.action,
            row.subject,
            json.loads(row.before or "null"),
            json.loads(row.after or "null"),
        )
        for row in session.scalars(select(AuditEntry).order_by(AuditEntry.id))
    ]


def test_each_kind_of_change_is_an_entry_with_before_and_after(
    session: Session, logins: dict[str, int]
) -> None:
    wanted = Access("manager", None, may_edit_rules=True, signs_for="sales")
    actor, rui = actor_of(logins["ada"]), logins["rui"]
    assert login_changes.change(rui, wanted, actor=actor, now=NOW)
    assert not login_changes.change(rui, wanted, actor=actor, now=NOW)
    login_changes.change_role(rui, "rep", actor=actor, now=NOW)
    subject = f"user:{rui}"
    rights = {"may_edit_rules": True, "signs_for": "sales"}
    none = {"may_edit_rules": False, "signs_for": None}
    assert notes(session) == [
        (actor, "user.rights", subject, none, rights),
        (actor, "user.role", subject, {"role": "manager"}, {"role": "rep"}),
        (actor, "user.rights", subject, rights, none),
    ]


def test_an_invitation_is_one_transaction_with_its_link(session: Session, logins: dict[str, int]) -> None:
    actor = actor_of(logins["ada"])
    user_id, token = login_changes.invite(" Bia@Example.com ", Access("manager"), actor=actor, now=NOW)
    assert token
    assert [note[1] for note in notes(session)] == ["user.created", "user.link"]
    assert "example" not in str(notes(session))
    with pytest.raises(users.UserProblem, match="already"):
        login_changes.invite("bia@example.com", Access("rep"), actor=actor, now=NOW)
    with pytest.raises(users.UserProblem, match="no rep"):
        login_changes.invite("cleo@example.com", Access("rep", person_id=99), actor=actor, now=NOW)
    assert users.find("cleo@example.com") is None
    user = session.get(User, user_id)
    assert user is not None
    assert user.password_hash is None


@pytest.mark.parametrize("access", [Access("boss"), Access("manager", signs_for="legal")])
def test_words_that_are_none_change_nothing(session: Session, logins: dict[str, int], access: Access) -> None:
    with pytest.raises(users.UserProblem):
        login_changes.change(logins["rui"], access, actor="test", now=NOW)
    assert notes(session) == []


def test_nobody_takes_their_own_way_in_away(session: Session, logins: dict[str, int]) -> None:
    ada = logins["ada"]
    login_changes.invite("eva@example.com", Access("admin"), actor="test", now=NOW)
    for attempt in (
        lambda: login_changes.change(ada, Access("manager"), actor=actor_of(ada), now=NOW),
        lambda: login_changes.disable(ada, actor=actor_of(ada), now=NOW),
    ):
        with pytest.raises(users.UserProblem) as caught:
            attempt()
        assert caught.value.code == "own"
    login_changes.change(ada, Access("admin", signs_for="sales"), actor=actor_of(ada), now=NOW)
    login_changes.disable(ada, actor="user:4711", now=NOW)


def test_what_somebody_else_changed_meanwhile_is_not_overwritten(
    session: Session, logins: dict[str, int]
) -> None:
    seen = Access("manager")
    login_changes.change(logins["rui"], Access("manager", signs_for="sales"), actor="a", now=NOW, seen=seen)
    with pytest.raises(users.UserProblem) as caught:
        login_changes.change(logins["rui"], Access("rep"), actor="b", now=NOW, seen=seen)
    assert caught.value.code == "changed"
    assert len(notes(session)) == 1


def test_another_role_and_ending_sessions_log_out_and_rights_do_not(
    session: Session, logins: dict[str, int]
) -> None:
    rui = logins["rui"]

    def sessions() -> int:
        session.rollback()
        return len(session.scalars(select(LoginSession).where(LoginSession.user_id == rui)).all())

    for _ in range(2):
        login_sessions.begin(session, rui, NOW)
    session.commit()
    login_changes.change(rui, Access("manager", may_edit_rules=True), actor="test", now=NOW)
    assert sessions() == 2
    assert login_changes.end_sessions(rui, actor="test", now=NOW) == 2
    assert login_changes.end_sessions(rui, actor="test", now=NOW) == 0
    assert [note[1:] for note in notes(session)][1:] == [
        ("user.sessions_ended", f"user:{rui}", None, {"sessions": 2})
    ]
    login_sessions.begin(session, rui, NOW)
    session.commit()
    login_changes.change_role(rui, "admin", actor="test", now=NOW)
    assert sessions() == 0


def test_a_login_remembers_when_it_was_last_seen(session: Session, logins: dict[str, int]) -> None:
    token = login_sessions.begin(session, logins["ana"], NOW)
    session.commit()
    login_sessions.touch(token, NOW + 5)
    login_sessions.touch(token, NOW + 3)
    login_sessions.end(token)
    user = session.get(User, logins["ana"], populate_existing=True)
    assert user is not None
    assert user.seen_at == NOW + 5


def test_rights_come_with_the_role_or_by_being_given(session: Session, logins: dict[str, int]) -> None:
    def found(name: str) -> tuple[bool, str | None]:
        token = login_sessions.begin(session, logins[name], NOW)
        session.commit()
        who = login_sessions.find(token, NOW)
        assert who is not None
        return who.may_edit_rules, who.signs_for

    assert (found("ada"), found("rui"), found("ana")) == ((True, None), (False, None), (False, None))
    login_changes.change_rights(
        logins["rui"], may_edit_rules=True, signs_for="marketing", actor="test", now=NOW
    )
    assert found("rui") == (True, "marketing")
    with pytest.raises(users.UserProblem):
        login_changes.change_rights(logins["ana"], may_edit_rules=True, signs_for=None, actor="test", now=NOW)


def test_of_two_administrators_who_remove_each_other_at_once_one_stays(app: Flask) -> None:
    with app.app_context():
        session = current_session()
        pair = [users.insert(session, f"{n}@example.com", "admin", None, None, NOW) for n in ("a", "b")]
        session.commit()
    start, refused = threading.Barrier(2), []

    def remove(actor: int, other: int) -> None:
        with app.app_context():
            start.wait()
            try:
                login_changes.change_role(other, "rep", actor=actor_of(actor), now=NOW)
            except users.UserProblem as error:
                refused.append(error.code)

    threads = [threading.Thread(target=remove, args=both) for both in (pair, reversed(pair))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refused == ["last_admin"]

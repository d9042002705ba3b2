"""flask users, flask tokens: who and what may come in."""

from dataclasses import replace
from typing import cast

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select

from leaderboard.cli.address import known, note
from leaderboard.persistence.db import current_session
from leaderboard.persistence.models import ApiToken, AuditEntry, Person, User
from leaderboard.services import api_tokens, logins, reps
from leaderboard.settings import Settings

PASSWORD = "a bird in the hand"


def run(app: Flask, *words: str, stdin: str | None = None) -> Result:
    return app.test_cli_runner().invoke(args=list(words), input=stdin)


def fails(result: Result, text: str, code: int = 1) -> None:
    assert result.exit_code == code, result.output
    assert text in result.stderr
    assert "Traceback" not in result.output
    assert not result.stdout


def log_in(app: Flask, email: str, password: str = PASSWORD) -> bool:
    with app.app_context():
        try:
            logins.log_in(email, password, "192.0.2.1", 1_800_000_000_000_000)
        except logins.WrongPassword:
            return False
    return True


def test_a_login_is_made_with_a_password_from_standard_input(app: Flask) -> None:
    result = run(
        app,
        "users",
        "create",
        "Ada@Example.com",
        "--role",
        "admin",
        "--password-stdin",
        stdin=f"{PASSWORD}\n",
    )
    assert result.exit_code == 0, result.output
    assert result.stdout == ""
    assert log_in(app, "ada@example.com")


def test_without_a_password_a_link_is_printed_and_nothing_else(app: Flask) -> None:
    result = run(app, "users", "create", "ana@example.com", "--role", "rep")
    assert result.exit_code == 0
    address = result.stdout.strip()
    assert address.startswith("http://127.0.0.1:8000/password?link=")
    browser = app.test_client()
    assert browser.get(address.removeprefix("http://127.0.0.1:8000")).location == "/password"
    assert "ana@example.com" in browser.get("/password").text
    newer = run(app, "users", "link", "ana@example.com").stdout.strip()
    assert newer != address
    browser.get(address.removeprefix("http://127.0.0.1:8000"))
    assert browser.get("/password").location == "/login"


def test_a_link_leads_to_where_the_web_was_started(app: Flask) -> None:
    settings = cast(Settings, app.extensions["settings"])
    note(replace(settings, base_url="http://127.0.0.1:8140"))
    printed = run(app, "users", "create", "ana@example.com", "--role", "rep").stdout
    assert printed.startswith("http://127.0.0.1:8140/password?link=")
    told = replace(settings, base_url="https://board.example.com")
    assert known(told) == "https://board.example.com"


@pytest.mark.parametrize("noted", [b"", b"nonsense", b"http://a\x1b[2J", b"\xff"])
def test_a_note_that_is_damaged_is_not_believed(app: Flask, noted: bytes) -> None:
    settings = cast(Settings, app.extensions["settings"])
    (settings.instance_dir / "address").write_bytes(noted)
    assert known(settings) == settings.base_url == "http://127.0.0.1:8000"


def test_a_login_stands_for_a_rep_by_id_or_alias(app: Flask) -> None:
    with app.app_context():
        session = current_session()
        reps.make_keys(session, ["ana"], 1)
        session.commit()
    assert run(app, "users", "create", "ana@example.com", "--role", "rep", "--rep", "ana").exit_code == 0
    fails(
        run(app, "users", "create", "bia@example.com", "--role", "rep", "--rep", "bia"),
        "no rep 'bia' is known",
    )
    with app.app_context():
        session = current_session()
        person = select(Person.rep_id).join(User, User.person_id == Person.id)
        assert session.scalars(person).all() == ["ana"]


def test_what_cannot_be_made_is_told_in_one_line(app: Flask) -> None:
    run(app, "users", "create", "ana@example.com", "--role", "rep")
    fails(run(app, "users", "create", "ANA@example.com", "--role", "rep"), "has a login already")
    fails(run(app, "users", "create", "ana", "--role", "rep"), "not an e-mail address")
    fails(run(app, "users", "create", "a\x00@b", "--role", "rep"), "not an e-mail address")
    short = run(
        app, "users", "create", "bia@example.com", "--role", "rep", "--password-stdin", stdin="short\n"
    )
    fails(short, "at least 12")
    fails(run(app, "users", "create", "bia@example.com", "--role", "boss"), "boss", code=2)
    fails(run(app, "users", "create", "bia@example.com"), "--role", code=2)
    for command in ("disable", "enable", "link"):
        fails(run(app, "users", command, "nobody@example.com"), "has no login")
    fails(run(app, "users", "role", "nobody@example.com", "rep"), "has no login")
    assert run(app, "users", "list").stdout.count("@example.com") == 1


def test_a_login_is_disabled_enabled_and_given_another_role(app: Flask) -> None:
    run(app, "users", "create", "ada@example.com", "--role", "admin", "--password-stdin", stdin=PASSWORD)
    run(app, "users", "create", "rui@example.com", "--role", "rep", "--password-stdin", stdin=PASSWORD)
    assert run(app, "users", "disable", "rui@example.com").exit_code == 0
    assert not log_in(app, "rui@example.com")
    fails(run(app, "users", "link", "rui@example.com"), "is disabled")
    assert "disabled" in run(app, "users", "list").stdout
    assert run(app, "users", "enable", "rui@example.com").exit_code == 0
    assert log_in(app, "rui@example.com")
    assert run(app, "users", "role", "rui@example.com", "manager").exit_code == 0
    assert "manager" in run(app, "users", "list").stdout
    fails(run(app, "users", "disable", "ada@example.com"), "only administrator")
    with app.app_context():
        actions = current_session().scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert actions == ["user.created", "user.created", "user.disabled", "user.enabled", "user.role"]


def test_a_login_is_signed_out_everywhere(app: Flask) -> None:
    run(app, "users", "create", "ada@example.com", "--role", "admin", "--password-stdin", stdin=PASSWORD)
    assert log_in(app, "ada@example.com")
    for ended in ("1 session ended", "0 sessions ended"):
        assert ended in run(app, "users", "sign-out", "ada@example.com").stderr
    fails(run(app, "users", "sign-out", "nobody@example.com"), "has no login")


def test_a_manager_is_given_rights_and_a_rep_is_not(app: Flask) -> None:
    run(app, "users", "create", "rui@example.com", "--role", "manager")
    run(app, "users", "create", "ana@example.com", "--role", "rep")
    rights = ("users", "rights", "rui@example.com")
    assert run(app, *rights, "--edit-rules", "--signs-for", "sales").exit_code == 0
    assert "edit-rules signs-for=sales" in run(app, "users", "list").stdout
    assert run(app, *rights, "--no-edit-rules").exit_code == 0
    assert run(app, *rights, "--signs-for", "nobody").exit_code == 0
    assert "signs-for" not in run(app, "users", "list").stdout
    fails(run(app, "users", "rights", "ana@example.com", "--edit-rules"), "a rep has no rights")


def test_a_token_is_printed_once_and_kept_as_a_hash(app: Flask) -> None:
    result = run(
        app, "tokens", "create", "CRM", "--scope", "events:write", "--source", "crm", "--source", "web"
    )
    assert result.exit_code == 0
    token = result.stdout.strip()
    assert token.startswith("lb_")
    with app.app_context():
        found = api_tokens.find(token)
        assert found is not None
        assert (found.name, found.sources) == ("CRM", {"crm", "web"})
        assert token not in current_session().scalars(select(ApiToken.token_hash)).all()
    assert "crm, web" in run(app, "tokens", "list").stdout
    assert token not in run(app, "tokens", "list").output


def test_a_token_without_sources_speaks_for_any_and_says_so(app: Flask) -> None:
    result = run(app, "tokens", "create", "all", "--scope", "events:write", "--scope", "read")
    assert "any source" in result.stderr
    with app.app_context():
        found = api_tokens.find(result.stdout.strip())
        assert found is not None
        assert found.speaks_for("whatever")


def test_a_token_that_was_taken_back_opens_nothing(app: Flask) -> None:
    token = run(app, "tokens", "create", "CRM", "--scope", "read").stdout.strip()
    assert run(app, "tokens", "revoke", "1").exit_code == 0
    assert run(app, "tokens", "revoke", "1").exit_code == 0
    with app.app_context():
        assert api_tokens.find(token) is None
    assert "revoked" in run(app, "tokens", "list").stdout
    for number in ("99", "9" * 23, "-" + "9" * 23):
        fails(run(app, "tokens", "revoke", "--", number), f"no token {number}")


@pytest.mark.parametrize(
    ("words", "text", "code"),
    [
        (("CRM",), "--scope", 2),
        (("CRM", "--scope", "everything"), "everything", 2),
        (("", "--scope", "read"), "1 to 100 characters", 1),
        (("a\nb", "--scope", "read"), "1 to 100 characters", 1),
        (("CRM", "--scope", "events:write", "--source", " crm"), "a source has", 1),
        (("CRM", "--scope", "read", "--source", "crm"), "sources go with", 1),
    ],
)
def test_a_token_that_makes_no_sense_is_refused(
    app: Flask, words: tuple[str, ...], text: str, code: int
) -> None:
    fails(run(app, "tokens", "create", *words), text, code)

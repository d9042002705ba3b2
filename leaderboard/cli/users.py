"""flask users: who may come in."""

import sys
from typing import cast

import click
from flask import current_app
from flask.cli import AppGroup

from leaderboard.cli import address
from leaderboard.cli.answers import fail, print_table
from leaderboard.domain.terms import Party
from leaderboard.services import clock, login_changes, one_time_links, passwords, users
from leaderboard.settings import Settings

group = AppGroup("users", help="Logins: create, list, disable, enable, role, rights, link, sign-out.")

_ACTOR = "command line"
_ROLE = click.Choice(users.ROLES)
_PARTIES = [*(party.value for party in Party), login_changes.NOBODY]
_FLAWS = {
    passwords.Flaw.TOO_SHORT: f"the password needs at least {passwords.LEAST_CHARACTERS} characters",
    passwords.Flaw.TOO_LONG: f"the password has more than {passwords.MOST_CHARACTERS} characters",
    passwords.Flaw.TOO_PLAIN: "the password is too easy to guess",
}


@group.command("create")
@click.argument("email")
@click.option("--role", type=_ROLE, required=True)
@click.option("--rep", help="The rep whose points these are (id or alias of the roster).")
@click.option("--name", help="What the holder of a login is called that stands for no rep.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
def create(email: str, role: str, rep: str | None, name: str | None, password_stdin: bool) -> None:
    """Make a login. Without a password it prints a link that opens once, to choose one."""
    password = sys.stdin.readline().rstrip("\r\n") if password_stdin else None
    now = clock.now()
    try:
        users.create(email, role, rep=rep, name=name, password=password, actor=_ACTOR, now=now)
    except users.UserProblem as error:
        fail(str(error))
    except passwords.Unsafe as error:
        fail(_FLAWS[error.flaw])
    if password is None:
        _print_link(email)
    else:
        click.echo(f"{users.normal_email(email)} may log in.", err=True)


@group.command("list")
def list_users() -> None:
    """All logins."""
    rows: list[tuple[object, ...]] = [
        (
            row.email,
            row.role,
            row.rep_id,
            " ".join(row.rights),
            "disabled" if row.is_disabled else "active" if row.has_password else "no password yet",
        )
        for row in users.list_all()
    ]
    print_table(("email", "role", "rep", "rights", "state"), rows)


@group.command("disable")
@click.argument("email")
def disable(email: str) -> None:
    """End a login's sessions and let nobody in with it. Nothing of what it earned changes."""
    try:
        login_changes.disable(users.existing(email).id, actor=_ACTOR, now=clock.now())
    except users.UserProblem as error:
        fail(str(error))


@group.command("enable")
@click.argument("email")
def enable(email: str) -> None:
    """Let a disabled login in again."""
    try:
        login_changes.enable(users.existing(email).id, actor=_ACTOR, now=clock.now())
    except users.UserProblem as error:
        fail(str(error))


@group.command("role")
@click.argument("email")
@click.argument("role", type=_ROLE)
def change_role(email: str, role: str) -> None:
    """Give a login another role; its sessions end. A rep keeps no rights."""
    try:
        login_changes.change_role(users.existing(email).id, role, actor=_ACTOR, now=clock.now())
    except users.UserProblem as error:
        fail(str(error))


@group.command("sign-out")
@click.argument("email")
def sign_out(email: str) -> None:
    """End a login's sessions on all devices."""
    try:
        ended = login_changes.end_sessions(users.existing(email).id, actor=_ACTOR, now=clock.now())
    except users.UserProblem as error:
        fail(str(error))
    click.echo(f"{ended} session{'' if ended == 1 else 's'} ended.", err=True)


@group.command("rights")
@click.argument("email")
@click.option("--edit-rules/--no-edit-rules", default=None, help="Whether a manager may edit rulebooks.")
@click.option(
    "--signs-for",
    type=click.Choice(_PARTIES),
    help="The party in whose name they may sign the agreement.",
)
def change_rights(email: str, edit_rules: bool | None, signs_for: str | None) -> None:
    """Give a manager's or an administrator's login rights, or take them; what is not named stays."""
    try:
        login_changes.change_rights(
            users.existing(email).id,
            may_edit_rules=edit_rules,
            signs_for=signs_for,
            actor=_ACTOR,
            now=clock.now(),
        )
    except users.UserProblem as error:
        fail(str(error))


@group.command("link")
@click.argument("email")
def link(email: str) -> None:
    """Print a link that opens once, to choose a password. An earlier one opens nothing any more."""
    _print_link(email)


def _print_link(email: str) -> None:
    """On standard output the address and nothing else, so that it can be passed on."""
    try:
        token = one_time_links.make(email, actor=_ACTOR, now=clock.now())
    except users.UserProblem as error:
        fail(str(error))
    settings = cast(Settings, current_app.extensions["settings"])
    click.echo(f"{address.known(settings)}/password?link={token}")
    click.echo("It opens once, within 3 days.", err=True)

"""flask credentials: the keys by which awards are signed, and withdrawing what a person took along."""

from typing import cast

import click
from flask import current_app
from flask.cli import AppGroup

from leaderboard.cli.answers import fail, print_table
from leaderboard.services import credential_upkeep, credentials
from leaderboard.services.credential_keys import KeyProblem, published, signing_key
from leaderboard.settings import Settings

group = AppGroup("credentials", help="Awards as signed credentials: keys, rotate, withdraw.")

_ACTOR = "command line"


@group.command("keys")
def list_keys() -> None:
    """The published keys by thumbprint; the first one signs."""
    folder = cast(Settings, current_app.extensions["settings"]).keys_folder
    try:
        in_use = signing_key(folder).thumbprint
        rows: list[tuple[object, ...]] = [
            (name, "signs" if name == in_use else "published") for name in published(folder)
        ]
    except KeyProblem as problem:
        fail(str(problem))
    click.echo(f"{folder}", err=True)
    print_table(("thumbprint", "state"), rows)


@group.command("rotate")
def rotate() -> None:
    """Sign with a new key from now on. What earlier keys signed stays valid."""
    try:
        thumbprint = credential_upkeep.rotate_key(
            cast(Settings, current_app.extensions["settings"]).keys_folder, actor=_ACTOR
        )
    except KeyProblem as problem:
        fail(str(problem))
    click.echo(thumbprint)


@group.command("withdraw")
@click.argument("rep", metavar="REP")
def withdraw(rep: str) -> None:
    """Withdraw all that a rep took along: their public pages tell nothing of them any more."""
    try:
        count = credentials.withdraw_all(rep, actor=_ACTOR)
    except KeyError:
        fail(f"nobody has the id {rep}")
    click.echo(f"{count} withdrawn")

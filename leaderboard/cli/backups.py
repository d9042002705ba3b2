"""flask backup, restore."""

from pathlib import Path
from typing import cast

import click
from flask import current_app
from flask.cli import with_appcontext

from leaderboard.cli.answers import fail, tells_errors
from leaderboard.services import backups
from leaderboard.settings import Settings

_NO_KEYS = (
    "the keys of credentials are not in it: keep the folder {keys} with it, or nothing that people took along can be "
    "seen to be genuine after a restore"
)
_LOGINS = (
    "the key of cookies (SECRET_KEY) is never in it: without the same one all people have to log in again"
)


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@click.option("--without-keys", is_flag=True, help="Leave out the keys that sign credentials.")
@with_appcontext
@tells_errors
def backup(folder: Path, without_keys: bool) -> None:
    """Write a consistent copy of everything into DIR, while the product runs."""
    keys = _keys_folder()
    try:
        manifest = backups.back_up(folder, None if without_keys else keys)
    except backups.BackupRefused as error:
        fail(str(error))
    counts = manifest["at_least"]
    told = f"{folder}: {counts['events']} events, {counts['entries']} ledger entries"
    if manifest["keys"]:
        told += ", and the keys that sign credentials: whoever has this folder can sign in your name"
    click.echo(told, err=True)
    if without_keys:
        click.echo(_NO_KEYS.format(keys=keys), err=True)
    click.echo(_LOGINS, err=True)


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--replace", is_flag=True, help="Even where this database holds events; what is in it is lost.")
@with_appcontext
@tells_errors
def restore(folder: Path, replace: bool) -> None:
    """Put the copy in DIR back, into an empty database."""
    keys = _keys_folder()
    try:
        manifest = backups.restore(folder, keys, replace)
    except backups.BackupRefused as error:
        fail(str(error))
    click.echo(f"restored as of {manifest['made_at']}; bring it up to date with `flask db upgrade`", err=True)
    if manifest.get("keys") is None:
        click.echo(f"the keys of credentials are not in it: put those from its time into {keys}", err=True)


def _keys_folder() -> Path:
    return cast(Settings, current_app.extensions["settings"]).keys_folder

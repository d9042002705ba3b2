"""flask backup, restore."""

from pathlib import Path

import click
from flask.cli import with_appcontext

from leaderboard.cli.answers import fail, tells_errors
from leaderboard.services import backups


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@with_appcontext
@tells_errors
def backup(folder: Path) -> None:
    """Write a consistent copy of everything into DIR, while the product runs."""
    try:
        manifest = backups.back_up(folder)
    except backups.BackupRefused as error:
        fail(str(error))
    counts = manifest["at_least"]
    click.echo(f"{folder}: {counts['events']} events, {counts['entries']} ledger entries", err=True)


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--replace", is_flag=True, help="Even where this database holds events; what is in it is lost.")
@with_appcontext
@tells_errors
def restore(folder: Path, replace: bool) -> None:
    """Put the copy in DIR back, into an empty database."""
    try:
        manifest = backups.restore(folder, replace)
    except backups.BackupRefused as error:
        fail(str(error))
    click.echo(f"restored as of {manifest['made_at']}; bring it up to date with `flask db upgrade`", err=True)

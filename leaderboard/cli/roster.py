"""flask roster: the roster is replaced."""

from pathlib import Path

import click
from flask.cli import AppGroup

from leaderboard.cli.answers import tells_errors
from leaderboard.cli.file_errors import tells_file_problems
from leaderboard.files.yaml_nodes import read_bounded
from leaderboard.services import clock
from leaderboard.services.roster_import import import_roster

roster = AppGroup("roster", help="Teams and reps.")

_ACTOR = "command"


@roster.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@tells_errors
def import_(file: Path) -> None:
    """Replace the roster by FILE's; history follows the spans."""
    with tells_file_problems():
        change = import_roster(read_bounded(file), str(file), clock.now(), _ACTOR)
    said = "the roster is now" if change.is_new else "the roster was already"
    click.echo(f"{said} {_counted(change.reps, 'rep')} in {_counted(change.teams, 'team')}")


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"

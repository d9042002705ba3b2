"""flask rulebook: checking a rulebook, and putting it in force."""

from pathlib import Path

import click
from flask.cli import AppGroup

from leaderboard.cli.answers import fail, tells_errors
from leaderboard.cli.file_errors import tells_file_problems
from leaderboard.files.rulebook import read_rulebook
from leaderboard.files.yaml_nodes import read_bounded
from leaderboard.services import clock
from leaderboard.services.rulebook_apply import RulebookRefused, apply_rulebook

rulebook = AppGroup("rulebook", help="Check a rulebook, and put it in force.")

_ACTOR = "command"
_file = click.argument("file", type=click.Path(path_type=Path))


@rulebook.command("check", with_appcontext=False)
@_file
@tells_errors
def check(file: Path) -> None:
    """Exit 0 if FILE is good; else its errors, one a line."""
    with tells_file_problems(to_stderr=False):
        read_rulebook(read_bounded(file), str(file))


@rulebook.command("apply")
@_file
@click.option("--restate", is_flag=True, help="Although it changes what is booked already.")
@click.option("--reason", help="Why; goes with --restate, and is kept.")
@tells_errors
def apply(file: Path, restate: bool, reason: str | None) -> None:
    """Make FILE the version in force from its effective_from."""
    if restate != bool(reason and reason.strip()):
        raise click.UsageError("--restate and --reason TEXT go together")
    with tells_file_problems():
        try:
            applied = apply_rulebook(read_bounded(file), str(file), clock.now(), _ACTOR, reason)
        except RulebookRefused as refused:
            fail(f"{file}: {refused}")
    said = "is in force from" if applied.is_new else "says what was in force already, from"
    click.echo(f"{file} {said} {applied.rulebook.effective_from}")

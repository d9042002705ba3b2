"""flask tokens: which programs may come in."""

import click
from flask.cli import AppGroup

from leaderboard.cli.answers import fail, print_table
from leaderboard.domain.instants import Instant, format_instant
from leaderboard.services import api_tokens, clock

group = AppGroup("tokens", help="API tokens: create, list, revoke.")

_ACTOR = "command line"


@group.command("create")
@click.argument("name")
@click.option("--scope", "scopes", type=click.Choice(api_tokens.SCOPES), multiple=True, required=True)
@click.option("--source", "sources", multiple=True, help="A source it may speak for; may be given again.")
def create(name: str, scopes: tuple[str, ...], sources: tuple[str, ...]) -> None:
    """Make a token and print it, this once. Without --source it may speak for any source."""
    try:
        token = api_tokens.create(name, list(scopes), list(sources), actor=_ACTOR, now=clock.now())
    except api_tokens.TokenProblem as error:
        fail(str(error))
    click.echo(token)
    if api_tokens.EVENTS_WRITE in scopes and not sources:
        click.echo("It may speak for any source; name some with --source to bind it.", err=True)


@group.command("list")
def list_tokens() -> None:
    """All tokens, without what opens the door."""
    rows: list[tuple[object, ...]] = [
        (
            row.token_id,
            row.name,
            " ".join(row.scopes),
            "any" if row.sources is None else ", ".join(row.sources),
            _day(row.last_used_at),
            "revoked" if row.revoked_at is not None else "good",
        )
        for row in api_tokens.list_all()
    ]
    print_table(("id", "name", "scopes", "sources", "last used", "state"), rows)


@group.command("revoke")
@click.argument("token_id", metavar="ID", type=int)
def revoke(token_id: int) -> None:
    """Take a token back; `flask tokens list` shows the ids."""
    try:
        api_tokens.revoke(token_id, actor=_ACTOR, now=clock.now())
    except api_tokens.TokenProblem as error:
        fail(str(error))


def _day(at: Instant | None) -> str | None:
    return None if at is None else format_instant(at)[:10]

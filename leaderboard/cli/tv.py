"""flask tv: the screens on the walls."""

import click
from flask.cli import AppGroup

from leaderboard.cli.answers import fail, print_table
from leaderboard.domain.instants import format_instant
from leaderboard.services import clock, screen_lists, screens

group = AppGroup("tv", help="Screens on the wall: list, revoke.")

_ACTOR = "command line"


@group.command("list")
def list_screens() -> None:
    """All screens, those that were shut out too."""
    rows: list[tuple[object, ...]] = [
        (
            row.screen_id,
            row.name,
            row.language,
            None if row.seen_at is None else format_instant(row.seen_at),
            row.slide,
            f"{row.width}x{row.height}" if row.width else None,
            "revoked" if row.revoked_at is not None else "let in",
        )
        for row in screen_lists.all_screens(with_revoked=True)
    ]
    print_table(("id", "name", "language", "last sign of life", "slide", "size", "state"), rows)


@group.command("revoke")
@click.argument("screen_id", metavar="ID", type=int)
def revoke(screen_id: int) -> None:
    """Shut a screen out; within seconds it shows a code again. `flask tv list` shows the ids."""
    try:
        screens.revoke(screen_id, actor=_ACTOR, now=clock.now())
    except screens.ScreenProblem:
        fail(f"there is no screen {screen_id} to shut out; `flask tv list` shows them")

"""flask periods: closing, and proving what was sealed."""

import click
from flask.cli import AppGroup

from leaderboard.cli.answers import json_option, print_json, tells_errors
from leaderboard.domain.instants import format_instant
from leaderboard.services import closing
from leaderboard.services.verification import list_seals, verify_period

periods = AppGroup("periods", help="Close periods, and prove what was sealed.")


@periods.command("close")
@click.argument("period")
@json_option
@tells_errors
def close(period: str, as_json: bool) -> None:
    """Seal the standings of PERIOD (2026-08 or 2026-Q3) as they follow from all events received by now."""
    closed = closing.close_period(period, by="command")
    if as_json:
        print_json(
            {
                "period": closed.period,
                "closing_at": format_instant(closed.closing_at),
                "sha256": closed.sha256,
            }
        )
        return
    click.echo(f"{closed.period} is sealed: sha256 {closed.sha256}")


@periods.command("list")
@json_option
@tells_errors
def list_(as_json: bool) -> None:
    """The periods that are closed, in the order of their seals."""
    rows = list_seals()
    if as_json:
        print_json({"periods": rows})
        return
    for row in rows:
        click.echo(f"{row['period']}  closed {row['closing_at']}  sha256 {row['sha256']}")


@periods.command("verify")
@click.argument("period")
@json_option
@tells_errors
def verify(period: str, as_json: bool) -> None:
    """Recompute PERIOD from the events known at its sealing, and compare."""
    differences = verify_period(period)
    if as_json:
        print_json({"period": period, "equal": not differences, "differences": differences})
    else:
        for line in differences:
            click.echo(line)
        if not differences:
            click.echo(f"{period}: equal")
    if differences:
        raise SystemExit(1)

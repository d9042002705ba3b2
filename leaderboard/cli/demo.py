"""flask demo: an invented company to look at, and its life while the demo runs."""

import signal
import threading
import time
from collections.abc import Iterable

import click
from flask.cli import AppGroup

from leaderboard import job_queue
from leaderboard.cli import demo_accounts
from leaderboard.cli.answers import tells_errors
from leaderboard.services import clock
from leaderboard.services.demo import live as life
from leaderboard.services.demo import loading
from leaderboard.services.demo.marker import find_marker, is_demo

group = AppGroup("demo", help="Demo data, and new events while it runs.")


@group.command("load")
@click.option("--scale", type=click.FloatRange(0.02, 1), default=1.0, help="Of the usual number of leads.")
@tells_errors
def load(scale: float) -> None:
    """Load nine past months, closed, and the current one into an empty database; once loaded, what happened since."""
    job_queue.bell().hush()
    now = clock.now()
    try:
        world = loading.begin(now, scale)
    except loading.NotEmpty:
        click.echo("This instance has data of its own: no demo data is loaded into it.", err=True)
        return
    if is_demo():
        _run(loading.catch_up(world, loading.last_received_at(world), now), is_quiet=True)
    else:
        click.echo("Loading nine months of demo data, once.", err=True)
        _run(loading.steps(world))
    demo_accounts.tell()


def _run(steps: Iterable[loading.Step], is_quiet: bool = False) -> None:
    began = time.monotonic()
    for step in steps:
        told = step.do()
        if not is_quiet:
            click.echo(f"  {step.name:<10} {told}", err=True)
    if not is_quiet:
        click.echo(f"  {time.monotonic() - began:.0f} seconds", err=True)


@group.command("live")
def live() -> None:
    """Keep new events coming, until SIGTERM or Ctrl-C. Where no demo was loaded it only waits."""
    click.get_current_context().meta[job_queue.LONG_RUNNING] = True
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stopped.set())
    marker = find_marker()
    if marker is None or not marker.is_loaded:
        # Ending instead would have the supervisor start it again for ever.
        click.echo("No demo was loaded here; nothing to do.", err=True)
        stopped.wait()
        return
    life.live(marker.world, stopped)

"""`python -m leaderboard.cli.start`: as `flask serve`, in half the time where nothing has to be done first.

To import the application takes longer than all the rest of a start, and the web process has to do it anyway. So this
looks at the database by itself, and only where it has to be migrated or filled does `flask serve` take over.
"""

import os
import sys

import click

from leaderboard.cli import demo_accounts, supervised
from leaderboard.services import clock, first_look, setup_code
from leaderboard.settings import settings_or_exit


@click.command("start")
@click.option("--demo", "is_demo", is_flag=True, help="With demo data, and new events while it runs.")
def start(is_demo: bool) -> None:
    """Run web, workers, scheduler and the embedded Valkey until Ctrl-C."""
    settings = settings_or_exit()
    found = first_look.look(settings.database_url)
    if found is None or not found.is_ready(is_demo, clock.now()):
        command = [sys.executable, "-m", "flask", "serve", *(["--demo"] if is_demo else [])]
        os.execv(command[0], command)  # noqa: S606 -- no shell is the point
    with supervised.in_its_place(settings):
        if is_demo:
            demo_accounts.tell()
        supervised.run(settings, is_demo, setup_code.ensure(settings.instance_dir, has_login=found.has_login))


if __name__ == "__main__":
    start(prog_name="start")

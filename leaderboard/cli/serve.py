"""`flask serve`: everything that a running product is made of, under one supervisor, until Ctrl-C."""

from typing import cast

import click
from flask import current_app
from flask.cli import with_appcontext

from leaderboard.cli import supervised
from leaderboard.services import setup
from leaderboard.settings import Settings


@click.command("serve")
@click.option("--demo", "is_demo", is_flag=True, help="With demo data, and new events while it runs.")
@with_appcontext
@click.pass_context
def serve(context: click.Context, is_demo: bool) -> None:
    """Run web, workers, scheduler and the embedded Valkey until Ctrl-C."""
    settings = cast(Settings, current_app.extensions["settings"])
    with supervised.in_its_place(settings):
        _command(context, "db", "upgrade")
        if is_demo:
            _command(context, "demo", "load")
        supervised.run(settings, is_demo, setup.ensure_setup_code(settings.instance_dir))


def _command(context: click.Context, group: str, name: str) -> None:
    """Another of our commands, in this process: a second interpreter would cost a second of the start."""
    current_app.cli.commands[group].main([name], prog_name=group, obj=context.obj, standalone_mode=False)

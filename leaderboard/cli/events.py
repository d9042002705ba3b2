"""flask events: a file in, and all of it out."""

import sys
from collections.abc import Callable
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import click
from flask.cli import AppGroup

from leaderboard.cli.answers import fail, json_option, print_json, tells_errors
from leaderboard.cli.file_errors import tells_file_problems
from leaderboard.files.event_json import event_line
from leaderboard.files.profiles import read_profile
from leaderboard.files.yaml_nodes import read_bounded
from leaderboard.services.event_export import exported_events
from leaderboard.services.event_import import ImportSummary, Progress, ReadingOptions, import_events

events = AppGroup("events", help="Import and export events.")

_LINES_AT_ONCE = 1_000


class ZoneType(click.ParamType[ZoneInfo]):
    """An IANA time zone."""

    name = "ZONE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> ZoneInfo:
        """The zone; wrong usage (exit code 2) for anything else."""
        if isinstance(value, ZoneInfo):
            return value
        if value not in available_timezones():
            self.fail(f"{value!r} is not an IANA time zone such as America/Sao_Paulo", param, ctx)
        return ZoneInfo(value)


@events.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--source", help="The source of events that name none.")
@click.option("--profile", "profile_file", type=click.Path(path_type=Path), help="An import profile (YAML).")
@click.option("--timezone", "zone", type=ZoneType(), help="Of times without offset.")
@json_option
@tells_errors
def import_(
    file: Path, source: str | None, profile_file: Path | None, zone: ZoneInfo | None, as_json: bool
) -> None:
    """Import the events of FILE (CSV or NDJSON). Bad rows are written beside it; all good ones go in."""
    with tells_file_problems():
        profile = (
            None if profile_file is None else read_profile(read_bounded(profile_file), str(profile_file))
        )
        options = ReadingOptions(source, zone, profile)
        on_terminal = sys.stderr.isatty()
        summary = _import_with_bar(file, options) if on_terminal else import_events(file, options)
    if as_json:
        print_json(asdict(summary))
    else:
        _print_summary(summary)


@events.command("export")
@click.argument("file", type=click.Path(path_type=Path), default=None)
@tells_errors
def export(file: Path | None) -> None:
    """All events as NDJSON, as they were received, to FILE or standard output."""
    if file is None:
        _write(lambda lines: click.echo(lines, nl=False))
        return
    unfinished = file.with_name(file.name + ".part")
    try:
        with unfinished.open("wb") as target:
            count = _write(target.write)
        unfinished.replace(file)
    except OSError as error:
        fail(f"{file}: {error.strerror}")
    finally:
        unfinished.unlink(missing_ok=True)
    click.echo(f"{count} events", err=True)


def _write(write: Callable[[bytes], object]) -> int:
    """Writes all events as lines of UTF-8, whatever the terminal's own encoding is; how many."""
    exported, count = exported_events(), 0
    while events := list(islice(exported, _LINES_AT_ONCE)):
        write("".join(event_line(event) + "\n" for event in events).encode())
        count += len(events)
    return count


def _import_with_bar(file: Path, options: ReadingOptions) -> ImportSummary:
    with click.progressbar(length=0, label="Importing", file=sys.stderr) as bar:

        def tell(progress: Progress) -> None:
            bar.length = progress.size
            bar.update(progress.bytes_read - bar.pos)

        return import_events(file, options, tell)


def _print_summary(summary: ImportSummary) -> None:
    click.echo(
        f"{summary.read} read: {summary.accepted} accepted, {summary.duplicates} duplicates,"
        f" {summary.rejected} rejected"
    )
    if summary.rejected_file is not None:
        click.echo(f"rejected rows, each with its reason: {summary.rejected_file}")

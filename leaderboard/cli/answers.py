"""What commands share: how they print, and how they fail."""

import functools
import json
import os
import sys
from collections.abc import Callable
from typing import Any, NoReturn, ParamSpec, TypeVar

import click
import structlog

from leaderboard.domain.instants import Instant, parse_rfc3339
from leaderboard.services.answers import NoRulebook
from leaderboard.services.closing_order import ClosingRefused

P = ParamSpec("P")
R = TypeVar("R")
log = structlog.get_logger(__name__)

_TOLD = (NoRulebook, ClosingRefused, ValueError)
"""Errors whose message is written for the person at the terminal."""


def fail(message: str) -> NoReturn:
    """Ends the command with one line and exit code 1."""
    click.echo(f"error: {message}", err=True)
    raise SystemExit(1)


def tells_errors(command: Callable[P, R]) -> Callable[P, R]:
    """A command that ends with a line, never with a traceback."""

    @functools.wraps(command)
    def told(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except _TOLD as error:
            fail(str(error))
        except BrokenPipeError:
            # Who reads has seen enough. What Python would still write at its end goes nowhere.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise SystemExit(1) from None
        except (click.ClickException, click.Abort, click.exceptions.Exit, SystemExit):
            raise
        except Exception as error:
            log.debug("command failed", exc_info=True)
            fail(
                f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else 'no more is known'}"
            )

    return told


def print_json(document: Any) -> None:
    """One JSON document and nothing else on standard output."""
    click.echo(json.dumps(document, ensure_ascii=False))


def print_table(headers: tuple[str, ...], rows: list[tuple[object, ...]]) -> None:
    """A table in columns; numbers to the right."""
    texts = [tuple("–" if cell is None else str(cell) for cell in row) for row in rows]
    widths = [max(len(row[place]) for row in (headers, *texts)) for place in range(len(headers))]
    right = [
        bool(rows) and all(isinstance(row[place], int | float | None) for row in rows)
        for place in range(len(headers))
    ]
    for row in (headers, *texts):
        cells = [
            cell.rjust(width) if aligned else cell.ljust(width)
            for cell, width, aligned in zip(row, widths, right, strict=True)
        ]
        click.echo("  ".join(cells).rstrip())


class InstantType(click.ParamType[Instant]):
    """An RFC 3339 date-time with offset."""

    name = "T"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Instant:
        """The instant; wrong usage (exit code 2) for anything else."""
        if isinstance(value, int):
            return value
        try:
            return parse_rfc3339(str(value))
        except ValueError:
            self.fail(f"{value!r} is not an RFC 3339 time such as 2026-09-01T00:00:00Z", param, ctx)


as_of_option = click.option("--as-of", type=InstantType(), help="As the world stood then (RFC 3339).")
json_option = click.option("--json", "as_json", is_flag=True, help="One JSON document on standard output.")

"""What is wrong with a file, on the terminal: `FILE:LINE: key: what is wrong`, one a line."""

from collections.abc import Iterator
from contextlib import contextmanager

import click

from leaderboard.files.problems import FileProblems


@contextmanager
def tells_file_problems(to_stderr: bool = True) -> Iterator[None]:
    """Ends the command with the problems of a file and exit code 1."""
    try:
        yield
    except FileProblems as problems:
        for line in problems.lines:
            click.echo(line, err=to_stderr)
        raise SystemExit(1) from None

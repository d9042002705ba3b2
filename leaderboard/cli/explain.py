"""flask explain: every point of a rep in words."""

from collections.abc import Callable, Iterable

import click
from flask.cli import with_appcontext

from leaderboard.cli.answers import tells_errors
from leaderboard.queries.receipts import receipts
from leaderboard.queries.rep_page import ReceiptDay
from leaderboard.services import answers
from leaderboard.services.directory import Directory
from leaderboard.services.reading import open_reading

_ALL = 1_000_000
Tell = Callable[[ReceiptDay], Iterable[str]]
"""A day's receipts as lines."""


def command(tell: Tell) -> click.Command:
    """The command; it says what the rep's page says, so the words are given to it by who knows both."""

    @click.command()
    @click.argument("rep")
    @click.argument("period")
    @with_appcontext
    @tells_errors
    def explain(rep: str, period: str) -> None:
        """Every point of REP in PERIOD: rule, version, opening, open time, due, stop."""
        _explain(rep, period, tell)

    return explain


def _explain(rep: str, name: str, tell: Tell) -> None:
    question = answers.ask()
    period = question.rules.book.calendar.parse(name)
    try:
        key = Directory(question.session).person_id(question.rules.roster.resolve(rep))
    except KeyError:
        raise ValueError(f"no rep is called {rep!r}, in the roster or by any event") from None
    question.session.rollback()
    reading = open_reading(question.now)
    if reading is None or key is None:
        raise answers.NoRulebook
    days, _ = receipts(reading, period, key, most=_ALL)
    for day in reversed(days):
        for line in tell(day):
            click.echo(line)
    click.echo(f"{period.name}: {sum(day.points for day in days)} points")

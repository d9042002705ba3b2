"""flask simulate: a draft tried on what has happened."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from flask.cli import with_appcontext

from leaderboard.cli.answers import fail, json_option, print_json, print_table, tells_errors
from leaderboard.cli.file_errors import tells_file_problems
from leaderboard.files.yaml_nodes import read_bounded
from leaderboard.services.rulebook_apply import RulebookRefused
from leaderboard.services.simulation import Simulated, simulate
from leaderboard.services.simulation_document import document_of

Document = dict[str, Any]
_BETWEEN_SECONDS = 0.2
_NOTHING = "–"


@click.command("simulate")
@click.argument("rulebook", type=click.Path(path_type=Path))
@click.option("--period", required=True, help="The month (2026-08) or quarter (2026-Q3) to try it on.")
@json_option
@with_appcontext
@tells_errors
def command(rulebook: Path, period: str, as_json: bool) -> None:
    """Try RULEBOOK on what has happened in a period, as if in force from its first day. Stores nothing."""
    with tells_file_problems():
        try:
            simulated = _simulated(rulebook, period)
        except RulebookRefused as refused:
            fail(f"{rulebook}: {refused}")
    document = document_of(simulated)
    if as_json:
        print_json(document)
    else:
        _print(document)


def _simulated(rulebook: Path, period: str) -> Simulated:
    with _progress() as tell:
        return simulate(read_bounded(rulebook), str(rulebook), period, tell)


@contextmanager
def _progress() -> Iterator[Callable[[int, int], None]]:
    """A bar on a terminal; nothing elsewhere."""
    if not sys.stderr.isatty():
        yield lambda _done, _of: None
        return
    told_at = 0.0
    with click.progressbar(length=0, label="Trying", file=sys.stderr) as bar:

        def tell(done: int, of: int) -> None:
            nonlocal told_at
            bar.length = of
            if done == of or time.monotonic() - told_at > _BETWEEN_SECONDS:
                told_at = time.monotonic()
                bar.update(done - bar.pos)

        yield tell


def _print(document: Document) -> None:
    tried = document["rulebook"]["tried_from"]
    click.echo(
        f"{document['period']} · {document['state']} · as of {document['as_of']} · the draft from {tried}"
    )
    for title, rows, table in (
        ("Reps", document["standings"]["rep"], _standings),
        ("Teams", document["standings"]["team"], _standings),
        ("Points by kind", document["points"], _points),
        ("Service levels: exceeded, met, missed", document["service_levels"], _levels),
        ("Ratings that change", document["ratings"], _ratings),
        ("Badges that change", document["badges"], _badges),
        ("Winners", document["winners"], _winners),
        ("Prizes", document["prizes"], _prizes),
        ("Steps of consequences", document["steps"], _steps),
    ):
        click.echo(f"\n{title}" + ("" if rows else ": none"))
        if rows:
            table(rows)
    click.echo("")
    _print_cost(document)


def _print_cost(document: Document) -> None:
    currency, bonus = document["currency"], document["bonus"]
    if not document["ended"]:
        click.echo("The period has not ended: what is won at its end is not in these figures.")
    print_table(
        (f"cost in {currency}", "as is", "would be"),
        [
            (name, bonus[key]["as_is"], bonus[key]["would_be"])
            for name, key in (("bonuses", "cost"), ("bonuses at worst", "worst"), ("prizes", "prizes"))
        ],
    )


def _standings(rows: list[Document]) -> None:
    print_table(
        ("rank", "was", "moves", "id", "name", "points", "was", "compliance", "was"),
        [_standing(row) for row in rows],
    )


def _standing(row: Document) -> tuple[object, ...]:
    before, after = row["as_is"] or {}, row["would_be"] or {}
    return (
        after.get("rank"), before.get("rank"), _moved(row["moves"]), row["id"], row["name"],
        after.get("points"), before.get("points"), after.get("compliance"), before.get("compliance"),
    )  # fmt: skip


def _moved(moves: int | None) -> str:
    if not moves:
        return "" if moves == 0 else _NOTHING
    return f"▲ {moves}" if moves > 0 else f"▼ {-moves}"


def _points(rows: list[Document]) -> None:
    print_table(("kind", "as is", "would be"), [(row["kind"], row["as_is"], row["would_be"]) for row in rows])


def _levels(rows: list[Document]) -> None:
    print_table(
        ("service level", "outcomes as is", "would be", "ratings as is", "would be"),
        [
            (row["id"], *(_counts(row[side][what]) for what in ("outcomes", "ratings") for side in _SIDES))
            for row in rows
        ],
    )


_SIDES = ("as_is", "would_be")


def _counts(counted: Document) -> str:
    return f"{counted['exceeded']} {counted['met']} {counted['missed']}"


def _ratings(rows: list[Document]) -> None:
    print_table(
        ("month", "service level", "id", "as is", "value", "would be", "value"),
        [
            (row["month"], row["service_level"], row["id"], *_rated(row["as_is"]), *_rated(row["would_be"]))
            for row in rows
        ],
    )


def _rated(rating: Document | None) -> tuple[object, object]:
    return (_NOTHING, _NOTHING) if rating is None else (rating["rating"], rating["value"])


def _badges(rows: list[Document]) -> None:
    print_table(
        ("badge", "subject", "id", "as is", "would be"),
        [(row["badge"], row["subject"], row["id"], row["as_is"], row["would_be"]) for row in rows],
    )


def _winners(rows: list[Document]) -> None:
    print_table(
        ("period", "recognition", "id", "rank", "bonus", "would be", "bonus"),
        [
            (row["period"], row["recognition"], row["id"], *_won(row["as_is"]), *_won(row["would_be"]))
            for row in rows
        ],
    )


def _won(win: Document | None) -> tuple[object, object]:
    return (None, _NOTHING) if win is None else (win["rank"], win["bonus"] or _NOTHING)


def _prizes(rows: list[Document]) -> None:
    print_table(
        ("prize", "id", "points", "money", "would be", "money"),
        [(row["prize"], row["id"], *_prize(row["as_is"]), *_prize(row["would_be"])) for row in rows],
    )


def _prize(prize: Document | None) -> tuple[object, object]:
    return (None, _NOTHING) if prize is None else (prize["points"], prize["money"] or _NOTHING)


def _steps(rows: list[Document]) -> None:
    print_table(
        ("month", "consequence", "id", "as is", "would be"),
        [
            (row["month"], row["consequence"], row["id"], _step(row["as_is"]), _step(row["would_be"]))
            for row in rows
        ],
    )


def _step(step: Document | None) -> str:
    if step is None:
        return _NOTHING
    return f"{step['step']}: " + ", ".join(_measure(measure) for measure in step["measures"])


def _measure(measure: Document) -> str:
    points = f" {measure['points']}" if measure["points"] else ""
    return f"{measure['do']}{points}" + (" once approved" if measure["approval"] else "")

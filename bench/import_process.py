"""The process that imports and evaluates a file; tells JSON. See bench/csv_to_points.py."""

import json
import sys
import time
from pathlib import Path

from bench.databases import working_on
from bench.memory import peak_mb
from leaderboard.services import clock
from leaderboard.services.evaluation import bring_up_to_date
from leaderboard.services.event_import import import_events
from leaderboard.services.roster_import import import_roster
from leaderboard.services.rulebook_apply import apply_rulebook
from tests.databases import Database


def main() -> None:
    """Arguments: the folder with rulebook, roster and file, the number of events, the database's URL."""
    folder, events, url = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    kind = "sqlite" if url.startswith("sqlite") else "postgresql"
    with working_on(Database(kind, url), folder):
        now = clock.now()
        apply_rulebook((folder / "rulebook.yaml").read_bytes(), "rulebook.yaml", now, "bench")
        import_roster((folder / "roster.yaml").read_bytes(), "roster.yaml", now, "bench")
        before = peak_mb()
        began = time.perf_counter()
        summary = import_events(folder / f"{events}.csv")
        imported = time.perf_counter()
        assert summary.accepted == events, summary
        bring_up_to_date(clock.now())
        seconds = time.perf_counter() - began
    told = {
        "seconds": seconds,
        "import_seconds": imported - began,
        "memory_mb": peak_mb(),
        "before_mb": before,
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main()

"""The measuring works; what it measures is told by `make bench`."""

import subprocess
import sys

import pytest

from leaderboard.settings import ROOT

PARTS = ("csv_to_points", "standings", "one_event", "screens", "board_page", "post_events")


@pytest.mark.slow
@pytest.mark.parametrize("part", PARTS)
def test_every_part_measures_and_tells_its_rows(part: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bench", "--quick", part],
        cwd=ROOT, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "Against the targets" in done.stdout
    assert "not measured" not in done.stdout.replace("not measured: quick", "")


def test_a_part_that_there_is_none_of_is_named() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bench", "speed"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert "no such part: speed" in done.stderr

"""Requests are counted over all processes of a server, also over those that have ended."""

import os
import subprocess
import sys
from pathlib import Path

from leaderboard.settings import ROOT
from leaderboard.web.request_times import SHARED_BY

COUNT = """
from leaderboard.web.request_times import observe
observe("GET", "board.home", 200, 0.02)
"""
TELL = """
from prometheus_client import CollectorRegistry, generate_latest
from leaderboard.web.request_times import collector
registry = CollectorRegistry()
registry.register(collector())
print(generate_latest(registry).decode())
"""


def run(code: str, directory: Path) -> str:
    environment = os.environ | {SHARED_BY: str(directory)}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout


def test_any_process_tells_what_all_have_counted(tmp_path: Path) -> None:
    for _ in range(2):
        run(COUNT, tmp_path)
    told = run(TELL, tmp_path)
    name, labels = (
        "leaderboard_http_request_duration_seconds",
        'endpoint="board.home",method="GET",status="2xx"',
    )
    assert f"{name}_count{{{labels}}} 2.0" in told
    assert f'{name}_bucket{{endpoint="board.home",le="0.01",method="GET",status="2xx"}} 0.0' in told
    assert f'{name}_bucket{{endpoint="board.home",le="0.025",method="GET",status="2xx"}} 2.0' in told

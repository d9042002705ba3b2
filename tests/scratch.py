"""Where tests put what they throw away: in memory where there is room, as thousands of databases wait for a disk.

Set `TMPDIR` to put it elsewhere.
"""

import os
import shutil
import tempfile
from pathlib import Path

import psutil

MEMORY = Path("/dev/shm")
ROOM = 4 * 1024**3  # bytes; a whole run holds less than a quarter of it at a time
PREFIX = "leaderboard-tests-"


def make() -> Path | None:
    """A folder in memory, made this process's and its children's place for temporary files; None where it cannot be.

    What an earlier run left behind when it was killed is removed.
    """
    if "TMPDIR" in os.environ or not os.access(MEMORY, os.W_OK):
        return None
    for left in MEMORY.glob(f"{PREFIX}*"):
        if not psutil.pid_exists(int(left.name.removeprefix(PREFIX))):
            shutil.rmtree(left, ignore_errors=True)
    if shutil.disk_usage(MEMORY).free < ROOM:
        return None
    folder = MEMORY / f"{PREFIX}{os.getpid()}"
    folder.mkdir()
    folder.chmod(0o1777)  # a database's server may run as a user of its own
    os.environ["TMPDIR"] = str(folder)
    tempfile.tempdir = None  # asked anew
    return folder

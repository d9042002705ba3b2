"""How much memory a process took at its peak, by itself or with those that it started."""

import resource
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path


def peak_mb() -> float:
    """Of this process since its program began; `ru_maxrss` would count what its parent had at the fork, too."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) / 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (2**20 if sys.platform == "darwin" else 2**10)


_LOOKS_EVERY_SECONDS = 0.05


class Watched:
    """A program run to its end: what it printed, and the memory of all its processes together at the peak, in MB.

    What processes share is counted once (PSS). Their sum is looked at twenty times a second; 0 where the system does
    not tell.
    """

    def __init__(self, command: Sequence[str], longest_seconds: float) -> None:
        self.memory_mb = 0.0
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
            for _ in range(int(longest_seconds / _LOOKS_EVERY_SECONDS)):
                self.memory_mb = max(self.memory_mb, _together_mb(process.pid))
                try:
                    self.printed, errors = process.communicate(timeout=_LOOKS_EVERY_SECONDS)
                    break
                except subprocess.TimeoutExpired:
                    continue
            else:
                process.kill()
                raise RuntimeError(f"not done after {longest_seconds} s")
        if process.returncode:
            raise RuntimeError(errors[-2000:])


def _together_mb(pid: int) -> float:
    """A process may be gone while it is looked at."""
    total = 0.0
    with suppress(OSError):
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
        total += sum(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:")) / 1024
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        total += sum(_together_mb(int(child)) for child in children)
    return total

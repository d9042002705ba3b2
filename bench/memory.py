"""How much memory a process took at its peak."""

import resource
import sys
from pathlib import Path


def peak_mb() -> float:
    """Of this process since its program began; `ru_maxrss` would count what its parent had at the fork, too."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) / 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (2**20 if sys.platform == "darwin" else 2**10)

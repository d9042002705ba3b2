"""Results as a Markdown table, under the machine they were taken on."""

import os
import platform
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Row:
    """One measurement; `other` and `ratio` are empty where it is not a comparison."""

    what: str
    ours: str
    other: str
    ratio: str
    target: str
    met: bool


def print_machine(packages: Sequence[str] = ()) -> None:
    """The processor, its cores, Python, and the versions of the packages that were measured."""
    print(f"- machine: {_processor()}, {os.cpu_count()} cores, {platform.system()} {platform.machine()}")
    print(f"- Python {platform.python_version()} ({sys.implementation.name})")
    if packages:
        print("- " + ", ".join(f"{package} {version(package)}" for package in packages))
    print()


def print_table(rows: Sequence[Row]) -> None:
    """All rows, columns aligned."""
    cells = [("what", "ours", "other", "ratio", "target", "met")]
    cells += [(row.what, row.ours, row.other, row.ratio, row.target, _yes(row.met)) for row in rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    lines = [
        " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in cells
    ]
    lines.insert(1, " | ".join("-" * width for width in widths))
    print("\n".join(f"| {line} |" for line in lines))


def exit_code(rows: Sequence[Row]) -> int:
    """0 where every target is met."""
    return 0 if all(row.met for row in rows) else 1


def _yes(met: bool) -> str:
    return "yes" if met else "NO"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or "unknown processor"

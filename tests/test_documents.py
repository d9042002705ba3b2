"""Documents lead to where they say, and the commands they show are there."""

import re
import subprocess
from functools import lru_cache
from pathlib import Path

import click
import pytest

from leaderboard.app import create_app
from leaderboard.settings import ROOT
from tests.databases import SqliteFiles, settings_for

_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)|<img[^>]* src=\"([^\"]+)\"")
_HEADING = re.compile(r"^#+ +(.+)$", re.M)
_FENCED = re.compile(r"^```.*?^```", re.M | re.S)
_COMMAND = re.compile(r"(?:^ *(?:[A-Z_]+=\S+ )*|`|; |do )flask ([a-z][a-z-]*)(?: ([a-z][a-z-]*))?", re.M)
_TARGET = re.compile(r"\bmake ([a-z]+)\b(?= *(?:`|#|$|PORT|TESTS|BENCH))", re.M)
_FLASK_S_OWN = {"db", "run", "shell", "routes"}


@lru_cache(maxsize=1)
def documents() -> tuple[Path, ...]:
    """Those that git knows, or would take."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.md"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return tuple(ROOT / name for name in sorted(set(listed.split("\n"))) if name and (ROOT / name).exists())


def links(document: Path) -> list[str]:
    text = _FENCED.sub("", document.read_text("utf-8"))
    return [first or second for first, second in _LINK.findall(text)]


def anchors(document: Path) -> set[str]:
    """As GitHub makes them of headings."""
    titles = _HEADING.findall(document.read_text("utf-8"))
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("document", documents(), ids=named)
def test_every_link_leads_somewhere(document: Path) -> None:
    for link in links(document):
        if link.startswith(("https://", "http://", "mailto:")):
            continue
        path, _, anchor = link.partition("#")
        target = document.parent / path if path else document
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


def test_every_command_that_is_shown_is_there(sqlite_files: SqliteFiles, tmp_path: Path) -> None:
    groups = create_app(settings_for(sqlite_files.migrated(), tmp_path)).cli.commands
    for document in documents():
        for name, second in _COMMAND.findall(document.read_text("utf-8")):
            if name in _FLASK_S_OWN:
                continue
            group = groups.get(name)
            assert group is not None, f"{named(document)}: flask {name}"
            if second and isinstance(group, click.Group):
                assert second in group.commands, f"{named(document)}: flask {name} {second}"


@pytest.mark.parametrize("document", documents(), ids=named)
def test_every_target_of_make_that_is_shown_is_there(document: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.M))
    assert set(_TARGET.findall(document.read_text("utf-8"))) <= targets


def test_the_pictures_of_the_readme_are_small() -> None:
    pictures = list((ROOT / "docs" / "img").iterdir())
    assert pictures
    assert [picture.name for picture in pictures if picture.stat().st_size >= 200_000] == []

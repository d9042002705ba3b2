"""Compiled templates are kept, and whatever becomes of what is kept, pages are made."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import DictLoader

from leaderboard.web.template_cache import TemplateCache


@pytest.fixture
def render(tmp_path: Path) -> Callable[[str], str]:
    """As each process would: with an environment of its own."""

    def made(text: str) -> str:
        app = Flask("any")
        app.jinja_options = {"bytecode_cache": TemplateCache(tmp_path / "kept")}
        app.jinja_env.loader = DictLoader({"page": text})
        return app.jinja_env.get_template("page").render(word="x")

    return made


def kept(folder: Path) -> list[Path]:
    return sorted((folder / "kept").iterdir())


def test_what_was_compiled_once_is_not_compiled_again(
    render: Callable[[str], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert render("a {{ word }}") == "a x"
    assert len(kept(tmp_path)) == 1
    assert (tmp_path / "kept").stat().st_mode & 0o077 == 0
    monkeypatch.setattr("jinja2.Environment.compile", None)
    assert render("a {{ word }}") == "a x"
    with pytest.raises(TypeError):
        render("another {{ word }}")


def test_a_new_release_has_its_own_words(render: Callable[[str], str], tmp_path: Path) -> None:
    assert (render("a {{ word }}"), render("b {{ word }}")) == ("a x", "b x")
    assert len(kept(tmp_path)) == 1


@pytest.mark.parametrize("left", [0, 5, 30, -20])
def test_a_torn_file_is_made_anew(render: Callable[[str], str], tmp_path: Path, left: int) -> None:
    render("a {{ word }}")
    (file,) = kept(tmp_path)
    whole = file.read_bytes()
    for torn in (whole[:left], whole[:left] + bytes(200)):
        file.write_bytes(torn)
        assert render("a {{ word }}") == "a x"
        assert file.read_bytes() == whole


def test_where_nothing_can_be_kept_pages_are_made_all_the_same(
    render: Callable[[str], str], tmp_path: Path
) -> None:
    (tmp_path / "kept").write_text("in the way")
    assert render("a {{ word }}") == "a x"
    (tmp_path / "kept").unlink()
    os.symlink("/dev/full", tmp_path / "kept")
    assert render("a {{ word }}") == "a x"

"""What a television runs is small and plain enough for browsers from Chromium 79 on, of which none is at hand."""

import re

import esprima
import pytest

from leaderboard.settings import ROOT

SCRIPT = (ROOT / "static/js/tv.js").read_text("utf-8")
STYLE = re.sub(r"/\*.*?\*/", "", (ROOT / "static/css/tv.css").read_text("utf-8"), flags=re.DOTALL)
PAGES = sorted((ROOT / "templates/tv").rglob("*.html"))

# Chromium had these later than 79.
_LATER_SCRIPT = (
    r"\.replaceChildren\(", r"\.replaceAll\(", r"\.at\(", r"\.flatMap\(",
    r"Promise\.(any|allSettled)\(", r"structuredClone\(",
    r"crypto\.randomUUID", r"ResizeObserver", r"Object\.hasOwn\(", r"AbortSignal", r"queueMicrotask",
)  # fmt: skip
_LATER_STYLE = (
    r"(?<![-\w])gap\s*:", r"(?<![-\w])(row|column)-gap\s*:", r"\binset\s*:", r"aspect-ratio",
    r":(is|where|has)\(", r"\d[dsl]v[hw]\b", r"color-mix", r"@(layer|container|property|supports)",
    r"overflow-wrap:\s*anywhere",
    r"content-visibility", r"oklch",
    r"\b(translate|scale|rotate)\s*:", r"accent-color", r"::marker",
)  # fmt: skip


def test_the_script_is_of_the_language_of_2017() -> None:
    """The parser knows nothing newer: optional chaining, `??` or a private field would be an error of it."""
    assert esprima.parseScript(SCRIPT).body
    with pytest.raises(esprima.Error):
        esprima.parseScript("a?.b")
    assert len(SCRIPT) < 20_000


@pytest.mark.parametrize("pattern", _LATER_SCRIPT)
def test_the_script_asks_for_nothing_that_came_later(pattern: str) -> None:
    assert re.findall(pattern, SCRIPT) == []


@pytest.mark.parametrize("pattern", _LATER_STYLE)
def test_the_style_asks_for_nothing_that_came_later(pattern: str) -> None:
    assert re.findall(pattern, STYLE) == []


def test_nothing_on_a_wall_is_smaller_than_22_pixels_of_1080() -> None:
    sizes = [int(size) for size in re.findall(r"font-size: calc\(var\(--u\) \* (\d+)\)", STYLE)]
    named = [
        int(size) for size in re.findall(r"--(?:small|plain|name|figure): calc\(var\(--u\) \* (\d+)\)", STYLE)
    ]
    assert len(named) >= 4
    assert min(sizes + named) >= 22


def test_the_pages_of_a_wall_do_without_htmx() -> None:
    for page in PAGES:
        assert not re.search(r"\bhx-|htmx", page.read_text("utf-8")), page.name

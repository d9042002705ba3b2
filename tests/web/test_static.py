"""What the browser is given: nothing inline, no eval, one set of colours, vendored parts with their licences."""

import re
from pathlib import Path

import pytest

from leaderboard.settings import ROOT

TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
STYLES = sorted((ROOT / "static" / "css").glob("*.css"))
SCRIPTS = [path for path in sorted((ROOT / "static" / "js").glob("*.js")) if ".min." not in path.name]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_template_keeps_the_content_security_policy(path: Path) -> None:
    text = path.read_text("utf-8")
    assert not re.search(r"\sstyle\s*=", text), "no inline style"
    assert not re.search(r"\son[a-z]+\s*=", text), "no inline handler"
    assert not re.search(r"<style|<script(?![^>]*\ssrc=)", text), "no inline block"
    assert not re.search(r"hx-on|\bjs:|javascript:", text), "nothing that htmx would evaluate"
    assert not re.search(r'hx-trigger="[^"]*\[', text), "no trigger filter: htmx would evaluate it"
    assert not re.search(r'(src|href)="(https?:)?//', text), "nothing from elsewhere"
    assert "|safe" not in text


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_a_script_of_ours_evaluates_nothing_and_styles_nothing_inline(path: Path) -> None:
    text = path.read_text("utf-8")
    assert not re.search(r"\beval\(|new Function|innerHTML|\.style\b|setAttribute\(.style", text)


def test_the_two_dark_themes_are_one() -> None:
    text = (ROOT / "static/css/tokens.css").read_text("utf-8")
    by_system = re.search(r':root:not\(\[data-theme="light"\]\) \{(.*?)\}', text, re.DOTALL)
    by_choice = re.search(r':root\[data-theme="dark"\] \{(.*?)\}', text, re.DOTALL)
    assert by_system is not None
    assert by_choice is not None
    assert by_system[1].split() == by_choice[1].split()


@pytest.mark.parametrize(
    "path", [path for path in STYLES if path.name != "tokens.css"], ids=lambda path: path.name
)
def test_colours_are_named_in_one_place_and_text_is_never_set_in_capitals(path: Path) -> None:
    text = path.read_text("utf-8")
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b(?![^{]*\{)", text.replace("#fff", "")) == []
    assert "text-transform" not in text


def test_dark_is_for_screens_alone_so_that_paper_is_printed_on_white() -> None:
    text = (ROOT / "static/css/tokens.css").read_text("utf-8")
    for dark in (r':root:not\(\[data-theme="light"\]\)', r':root\[data-theme="dark"\]'):
        assert re.search(r"@media screen[^{]*\{\s*" + dark, text), dark


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


ON_CARD = ("ink", "ink-soft", "press", "met", "gold", "miss", "violet", "broken")
PAIRS = [
    *((text, ground) for text in ON_CARD for ground in ("card", "paper")),
    *((text, f"{text}-soft") for text in ("press", "met", "gold", "miss", "violet", "broken")),
    ("ink", "sunk"), ("ink-soft", "sunk"), ("ink-soft", "press-soft"), ("press-ink", "press"),
    ("night-ink", "night"), ("night-soft", "night"), ("night-gold", "night"), ("night-teal", "night-2"),
    ("night-soft", "night-2"), ("night-gold", "night-2"), ("night-cream", "night-warm"), ("night-cream", "night-ember"),
]  # fmt: skip


WALL_TEXT = [
    *(("ink", ground) for ground in ("bar-from", "bar-to", "bar-first-from", "bar-first-to", "gold-soft")),
    *((text, "bar-from") for text in ("ink-soft", "met", "gold")),
    ("gold", "bar-first-from"), ("met", "bar-first-from"),
]  # fmt: skip
"""What stands on the bars of a wall beside what stands on its cards and its paper."""
WALL_LARGE = [("ink-soft", "bar-to"), ("met", "bar-to"), ("gold", "bar-to"), ("gold", "bar-first-to")]
"""Numbers of 36 pixels of 1080 and more."""
WALL_SHAPES = [
    (shape, ground)
    for shape in ("met-fill", "violet-fill", "gold", "ink-soft", "ink")
    for ground in ("sunk", "card")
]
"""Rings, bars, marks and signs, on their tracks and cards."""


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(
    ("least", "pairs"),
    [(4.5, WALL_TEXT), (3.0, WALL_LARGE), (3.0, WALL_SHAPES)],
    ids=["text", "large numbers", "shapes"],
)
def test_everything_on_a_wall_stands_out_from_its_ground(
    theme: str, least: float, pairs: list[tuple[str, str]]
) -> None:
    colours = colours_of(theme)
    pale = [(one, ground) for one, ground in pairs if contrast(colours[one], colours[ground]) < least]
    assert pale == []


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_text_can_be_read_on_its_ground(theme: str, text: str, ground: str) -> None:
    colours = colours_of(theme)
    least = 3.0 if text == "night-cream" and ground == "night-warm" else 4.5
    assert contrast(colours[text], colours[ground]) >= least


def colours_of(theme: str) -> dict[str, str]:
    tokens = (ROOT / "static/css/tokens.css").read_text("utf-8")
    selectors = {
        "light": r":root \{\s*color-scheme: light;",
        "dark": r':root\[data-theme="dark"\] \{',
    }
    block = re.search(selectors[theme] + r"(.*?)\}", tokens, re.DOTALL)
    assert block is not None
    return dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{6});", block[1]))


def test_vendored_parts_bear_their_version_and_have_their_licence_beside_them() -> None:
    scripts = [path for path in (ROOT / "static/js").iterdir() if ".min.js" in path.name]
    assert scripts
    for path in scripts:
        assert re.search(r"-\d+\.\d+\.\d+\.min\.js$", path.name)
        assert path.with_name(path.name.replace(".min.js", ".LICENSE.txt")).is_file()
    assert list((ROOT / "static/fonts").glob("archivo-*.OFL.txt"))


def test_every_icon_that_a_template_names_is_drawn() -> None:
    drawn = set(re.findall(r'<symbol id="([a-z-]+)"', (ROOT / "static/img/icons.svg").read_text("utf-8")))
    named = {
        name
        for path in TEMPLATES
        for call in re.findall(r"\bicon\(([^)]*)", path.read_text("utf-8"))
        for name in re.findall(r'^"([a-z-]+)"', call)
    }
    assert named
    assert named <= drawn

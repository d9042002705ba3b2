"""What is kept of what a browser sends of a field."""

import pytest

from leaderboard.web.settings.typed_text import typed_line, typed_text


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("  a\r\nb  ", "a\nb"),
        ("\x00a\x1b[31m\ud800", "a[31m"),
        ("São Paulo\t– 9h", "São Paulo\t– 9h"),
        ("\x00\x00", ""),
        ("x" * 50_000, "x" * 10_000),
    ],
)
def test_a_text_is_kept_without_what_nobody_types(written: str, kept: str) -> None:
    assert typed_text(written) == kept


def test_a_line_is_one_line() -> None:
    assert typed_line(" two\r\n  words\t\x00") == "two words"

"""Two edits of one text become one where they do not touch each other."""

import pytest

from leaderboard.files.merging import merged

BASE = "a\nb\nc\nd\ne\n"


@pytest.mark.parametrize(
    ("mine", "theirs", "together"),
    [
        ("A\nb\nc\nd\ne\n", "a\nb\nc\nd\nE\n", "A\nb\nc\nd\nE\n"),
        ("a\nb\nc\nd\ne\nf\n", "b\nc\nd\ne\n", "b\nc\nd\ne\nf\n"),
        ("a\nx\nc\nd\ne\n", "a\nx\nc\nd\ne\n", "a\nx\nc\nd\ne\n"),
        (BASE, "a\n", "a\n"),
        ("a\nx\nc\nd\ne\n", "a\ny\nc\nd\ne\n", None),
        ("a\nx\nc\nd\ne\n", "a\nb\ny\nd\ne\n", None),
        ("a\nb\nc\nd\ne\nmine\n", "a\nb\nc\nd\ne\ntheirs\n", None),
    ],
)  # fmt: skip
def test_what_touches_nothing_of_the_other_is_kept(mine: str, theirs: str, together: str | None) -> None:
    assert merged(BASE, mine, theirs) == together
    assert merged(BASE, theirs, mine) == together

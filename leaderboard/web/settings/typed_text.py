"""What was typed into a field of a draft's form, as it is kept: lines end in one way, nothing unprintable is left."""

import unicodedata

_LONGEST = 10_000
_NEITHER_TYPED_NOR_SEEN = ("Cc", "Cs")


def typed_text(written: str, longest: int = _LONGEST) -> str:
    """Trimmed, cut where it is longer than any field, and without control characters, which nobody types."""
    text = written[: longest * 2].replace("\r\n", "\n")
    kept = (one for one in text if one in "\n\t" or unicodedata.category(one) not in _NEITHER_TYPED_NOR_SEEN)
    return "".join(kept).strip()[:longest]


def typed_line(written: str, longest: int = _LONGEST) -> str:
    """The same on one line."""
    return " ".join(typed_text(written, longest).split())

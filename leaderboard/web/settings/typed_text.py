"""What was typed into a field of a draft's form, as it is kept: lines end in one way, nothing unprintable is left."""

import re
import unicodedata

from leaderboard.web.formats import decimal_sign

_LONGEST = 10_000
_NEITHER_TYPED_NOR_SEEN = ("Cc", "Cs")
_NO_CHARACTERS = "\ufffe\uffff"
"""No YAML may hold them."""
_PLAIN = re.compile(r"[+-]?\d+(?:[.,]\d+)?", re.ASCII)
_GROUPED = {
    sign: re.compile(rf"[+-]?[1-9]\d{{0,2}}(?:[{other}\s]\d{{3}})+(?:{re.escape(sign)}\d+)?")
    for sign, other in ((".", ","), (",", "."))
}
"""Thousands apart, by the sign before the decimals."""


def typed_text(written: str, longest: int = _LONGEST) -> str:
    """Trimmed, cut where it is longer than any field, and without control characters, which nobody types."""
    text = written[: longest * 2].replace("\r\n", "\n")
    return "".join(one for one in text if _is_typed(one)).strip()[:longest]


def _is_typed(one: str) -> bool:
    if one in "\n\t":
        return True
    return unicodedata.category(one) not in _NEITHER_TYPED_NOR_SEEN and one not in _NO_CHARACTERS


def typed_line(written: str, longest: int = _LONGEST) -> str:
    """The same on one line."""
    return " ".join(typed_text(written, longest).split())


def typed_number(written: str) -> str:
    """A number as the rulebook writes it, typed as the reader writes numbers; what is none as it was typed.

    `18.000` is eighteen thousand in Portuguese, and eighteen in English; a comma or a point before other than
    three figures begins the decimals in both.
    """
    text, sign = typed_line(written), decimal_sign()
    plain = text.replace("−", "-")
    if _GROUPED[sign].fullmatch(plain):
        return "".join(one for one in plain if one in "+-0123456789" or one == sign).replace(",", ".")
    return plain.replace(",", ".") if _PLAIN.fullmatch(plain) else text


def typed_share(written: str) -> str:
    """The same of a share in percent, whose sign may be typed too."""
    return typed_number(typed_line(written).removesuffix("%"))

"""QR codes, drawn as one path of an SVG."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import segno

_QUIET = 4
"""As ISO/IEC 18004 asks for: some cameras read nothing with less around it."""


@dataclass(frozen=True, slots=True)
class QrCode:
    """A code of `size` times `size` fields, its quiet margin included; `path` are the dark ones."""

    size: int
    path: str


def qr_code(text: str) -> QrCode:
    """The code of a text, legible even where a quarter of it is covered."""
    rows = tuple(segno.make_qr(text, error="q").matrix)
    return QrCode(len(rows) + 2 * _QUIET, "".join(_runs(rows)))


def _runs(rows: Sequence[bytearray]) -> Iterator[str]:
    """Dark fields side by side as one piece each."""
    for y, row in enumerate(rows, start=_QUIET):
        x = _QUIET
        for is_dark, fields in groupby(row):
            length = len(list(fields))
            if is_dark:
                yield f"M{x} {y}h{length}v1h-{length}z"
            x += length

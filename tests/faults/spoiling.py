"""Good documents, spoilt in as many ways as wanted, the same at every run."""

import os
import random
from collections.abc import Iterator, Sequence

EXAMPLES = int(os.environ.get("MALFORMED_EXAMPLES", "100"))
"""Of each door and database; 10,000 were run before the first release."""

_PIECES = (
    *(b"\n", b"\r", b"\r\n", b"\t", b"\x00", b"\xff", b"\xed\xa0\x80", b"\xef\xbb\xbf", b"\xff\xfe", b"\xc3"),
    *(
        b": ",
        b"- ",
        b"[",
        b"]",
        b"{",
        b"}",
        b"'",
        b'"',
        b"\\",
        b"\\u0000",
        b"\\ud800",
        b"&a ",
        b"*a",
        b"---\n",
    ),
    *(
        b"|",
        b">",
        b"#",
        b"%",
        b"%00",
        b"%ff",
        b"&",
        b"=",
        b",",
        b";",
        b"~",
        b"<<: ",
        b"!!python/name:os.system ",
    ),
    *(b"null", b"true", b"NaN", b"Infinity", b"-1", b"0", b"9" * 50, b"1e999", b"1e400", b"0x10", b"+99:99"),
    *(b"9999-12-31T23:59:60Z", b"0000-00-00", b"2026-02-30", b"../../etc/passwd", b"=cmd|' /C calc'!A0"),
    *("\u202e", "\u2028", "e\u0301", "\u00e9", "\U0001f600", "\ufeff"),
    *(b"a" * 5_000, b"[" * 200, b'{"a":' * 200, b"<script>alert(1)</script>", b"' OR 1=1 --"),
)
PIECES = tuple(piece if isinstance(piece, bytes) else piece.encode() for piece in _PIECES)


def spoilt(good: Sequence[bytes], seed: int, examples: int = EXAMPLES) -> Iterator[bytes]:
    """So many documents: pieces put in, cut out, doubled, moved, bits turned over."""
    chance = random.Random(seed)
    for _ in range(examples):
        document = chance.choice(good)
        for _ in range(chance.choice((1, 1, 1, 2, 3, 6))):
            document = _changed(document, chance)
        yield document


def _changed(document: bytes, chance: random.Random) -> bytes:
    start = chance.randint(0, len(document))
    end = min(len(document), start + chance.choice((0, 1, 4, 30)))
    kind = chance.randrange(6)
    if kind == 0:
        return document[:start] + document[end:]
    if kind == 1:
        return document[:start] + document[start:end] * 2 + document[end:]
    if kind == 2:
        return document[:start]
    if kind == 3 and document:
        place = start % len(document)
        turned = document[place] ^ (1 << chance.randrange(8))
        return document[:place] + bytes((turned,)) + document[place + 1 :]
    if kind == 4:
        other = chance.randint(0, len(document))
        return document[:other] + document[start:end] + document[other:]
    return document[:start] + chance.choice(PIECES) + document[end:]

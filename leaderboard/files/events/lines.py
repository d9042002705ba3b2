"""A file as blocks of whole decoded lines, in bounded memory whatever the file is.

Bytes that the encoding lacks are kept as lone surrogates (U+DC00 + the byte): the row that holds one
is refused, its neighbours are not, and the rejected file gets the very bytes back.
"""

import codecs
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

MOST_LINE = 1_000_000
"""The longest line that is read, in characters; a longer one is a rejected row, and is skipped unread."""

_BLOCK_BYTES = 1 << 18
_START_KEPT = 200
_KEEP = "leaderboard.keep"
_SUSPICIOUS = re.compile(r"[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]|\r(?!\n|\Z)")
_SURROGATES = re.compile("[\ud800-\udfff]")
_ASCII_CONTROLS = bytes([*range(9), 9, 11, 12, *range(14, 32), 127])


def _keep(error: UnicodeError) -> tuple[str | bytes, int]:
    if isinstance(error, UnicodeDecodeError):
        return "".join(chr(0xDC00 + byte) for byte in error.object[error.start : error.end]), error.end
    assert isinstance(error, UnicodeEncodeError)
    kept = [ord(character) - 0xDC00 for character in error.object[error.start : error.end]]
    return bytes(byte if 0 <= byte <= 0xFF else ord("?") for byte in kept), error.end


codecs.register_error(_KEEP, _keep)


def encoded(text: str, encoding: str) -> bytes:
    """The bytes of a text that was decoded here: the same as they were, wherever the encoding can hold them."""
    try:
        return text.encode(encoding, _KEEP)
    except UnicodeError:  # single bytes have no place in UTF-16
        return _SURROGATES.sub("?", text).encode(encoding, _KEEP)


@dataclass(frozen=True, slots=True)
class Block:
    """Whole lines, without their line feeds. `clean`: all characters are beyond doubt, and in NFC."""

    lines: list[str]
    first_line: int
    clean: bool
    quoted: bool
    too_long: bool = False

    def after(self, count: int) -> "Block":
        """The block less its first lines."""
        return Block(self.lines[count:], self.first_line + count, self.clean, self.quoted, self.too_long)


class LineBlocks:
    """Reads a binary file block by block. `bytes_read` tells how far it has come."""

    def __init__(self, file: BinaryIO, encoding: str) -> None:
        self._file = file
        self._decoder = codecs.getincrementaldecoder(encoding)(_KEEP)
        self._line = 1
        self._carry = ""
        self._only_returns: bool | None = None
        self.bytes_read = 0

    def __iter__(self) -> Iterator[Block]:
        while raw := self._file.read(_BLOCK_BYTES):
            self.bytes_read += len(raw)
            yield from self._blocks(self._decoded(raw))
        rest = self._carry + self._decoder.decode(b"", True)
        if rest:
            yield self._block(rest)

    def _decoded(self, raw: bytes) -> str:
        text = self._decoder.decode(raw)
        if self._only_returns is None:  # as old Macs ended lines
            self._only_returns = "\r" in text and "\n" not in text
        return text.replace("\r", "\n") if self._only_returns else text

    def _blocks(self, text: str) -> Iterator[Block]:
        if len(self._carry) > MOST_LINE:
            _, end, text = text.partition("\n")
            if not end:
                return
            yield self._skipped()
        whole, end, rest = (self._carry + text).rpartition("\n")
        if end:
            yield self._block(whole)
        self._carry = rest

    def _skipped(self) -> Block:
        """A line too long to be kept, told by its start."""
        start, self._carry = self._carry[:_START_KEPT], ""
        self._line += 1
        return Block([start], self._line - 1, clean=False, quoted=False, too_long=True)

    def _block(self, text: str) -> Block:
        lines = text.split("\n")
        first, self._line = self._line, self._line + len(lines)
        return Block(lines, first, _is_clean(text), '"' in text)


def _is_clean(text: str) -> bool:
    if not text.isascii():
        return _SUSPICIOUS.search(text) is None and unicodedata.is_normalized("NFC", text)
    raw = text.encode("ascii")
    if len(raw.translate(None, _ASCII_CONTROLS)) != len(raw):
        return False
    return raw.count(b"\r") == raw.count(b"\r\n") + raw.endswith(b"\r")

"""What a signed credential travels in: a text, JSON around it, or a picture it is baked into. Any bytes may come."""

import json
import re
import struct
import zlib

_TOKEN = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+", re.ASCII)
_BAKED_SVG = re.compile(r"<openbadges:credential\b[^>]{0,400}?\bverify=[\"']([A-Za-z0-9_.-]+)[\"']", re.ASCII)
_SVG = re.compile(r"<svg\b[^>]*>", re.ASCII)
_NAMESPACE = "https://purl.imsglobal.org/ob/v3p0"
_ENVELOPE = "data:application/vc+jwt,"
_PNG, _KEYWORD = b"\x89PNG\r\n\x1a\n", "openbadgecredential"
_FIRST_CHUNK = 25
"""Bytes of the chunk IHDR, which must be the first one."""


def baked(svg: str, token: str) -> str:
    """The picture with the credential in it, as Open Badges 3.0 bakes SVG."""
    opening = _SVG.search(svg)
    assert opening is not None
    tag = f'{opening[0][:-1]} xmlns:openbadges="{_NAMESPACE}">'
    held = f'<openbadges:credential verify="{token}"></openbadges:credential>'
    return svg[: opening.start()] + tag + held + svg[opening.end() :]


def baked_png(png: bytes, token: str) -> bytes:
    """The picture with the credential in it, as Open Badges 3.0 bakes PNG."""
    return with_text(png, _KEYWORD, token)


def with_text(png: bytes, keyword: str, text: str) -> bytes:
    """The picture with a text in it: a chunk iTXt, not compressed, after the first one."""
    body = b"iTXt" + keyword.encode("latin-1") + b"\0\0\0\0\0" + text.encode()
    chunk = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    place = len(_PNG) + _FIRST_CHUNK
    return png[:place] + chunk + png[place:]


def text_in(png: bytes, keyword: str) -> str | None:
    """The text of the first chunk iTXt of that keyword, not compressed; None for none. Any bytes may come."""
    at, head = len(_PNG), keyword.encode("latin-1") + b"\0\0\0"
    while at + 8 <= len(png):
        length, kind = struct.unpack(">I4s", png[at : at + 8])
        body = png[at + 8 : at + 8 + length]
        if kind == b"iTXt" and body.startswith(head):
            parts = body[len(head) :].split(b"\0", 2)
            return parts[2].decode("ascii", "replace") if len(parts) == 3 else None
        at += 12 + length
    return None


def token_in(data: bytes) -> str | None:
    """The token that a text, a JSON document or a picture bears; None for none. Nothing in it is followed."""
    if data.startswith(_PNG):
        return _token_of(text_in(data, _KEYWORD))
    try:
        text = data.decode("utf-8-sig").strip()
    except UnicodeDecodeError:
        return None
    if text.startswith("<"):
        found = _BAKED_SVG.search(text)
        return _token_of(found[1] if found else None)
    return _token_of(_enveloped(text) if text.startswith("{") else text)


def _token_of(text: str | None) -> str | None:
    return text if text is not None and _TOKEN.fullmatch(text) else None


def _enveloped(text: str) -> str | None:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return None
    address = document.get("id") if isinstance(document, dict) else None
    return address.removeprefix(_ENVELOPE) if isinstance(address, str) else None

"""What a credential says, what it is carried in, and the list of the revoked; no bytes break the reader."""

import gzip
import hashlib
import json
import re
import struct
import zlib
from base64 import urlsafe_b64decode
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leaderboard.domain.instants import parse_rfc3339
from leaderboard.files.credential_carriers import baked, baked_png, token_in
from leaderboard.files.open_badges import (
    LIST_LENGTH,
    Achievement,
    Holder,
    Issuer,
    Slot,
    claims,
    encoded_list,
    enveloped,
    issuer_profile,
    open_badge,
    status_list,
)
from leaderboard.settings import ROOT

ACME = Issuer("https://board.example.com", "Acme")
FAST = Achievement("fast/2026-01-01", "Fast lane", "Quick.", "For 10 in a row.", "bolt", "en")
TOKEN = "eyJhbGciOiJSUzI1NiJ9.e30.c2ln"
AWARDED = parse_rfc3339("2026-08-02T10:00:00.5Z")


def made(holder: Holder) -> dict:
    return open_badge("abc", ACME, FAST, holder, AWARDED, Slot(1, 77))


def test_a_credential_has_what_open_badges_asks_for() -> None:
    document = made(Holder("Ana Souza", "ana@example.com", "s4lt"))
    assert document["@context"] == [
        "https://www.w3.org/ns/credentials/v2",
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
    ]
    assert document["type"] == ["VerifiableCredential", "OpenBadgeCredential"]
    assert document["id"] == "https://board.example.com/credentials/abc"
    assert document["issuer"]["id"] == "https://board.example.com/credentials/issuer"
    assert document["validFrom"] == "2026-08-02T10:00:00Z"
    subject = document["credentialSubject"]
    assert subject["type"] == ["AchievementSubject"]
    assert subject["achievement"]["criteria"] == {"narrative": "For 10 in a row."}
    assert subject["achievement"]["image"]["id"].endswith("/credentials/badges/bolt.svg")
    assert document["credentialStatus"] == {
        "id": "https://board.example.com/credentials/status/1#77",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": "77",
        "statusListCredential": "https://board.example.com/credentials/status/1",
    }
    payload = claims(document)
    assert (payload["iss"], payload["jti"]) == (document["issuer"]["id"], document["id"])
    assert payload["sub"] == subject["id"]


def test_whose_it_is_stands_in_it_as_far_as_they_want() -> None:
    both = made(Holder("Ana Souza", "ana@example.com", "s4lt"))["credentialSubject"]["identifier"]
    hashed = hashlib.sha256(b"ana@example.coms4lt").hexdigest()
    assert [one["identityType"] for one in both] == ["name", "emailAddress"]
    assert both[1]["identityHash"] == f"sha256${hashed}"
    assert both[1]["salt"] == "s4lt"
    nobody = made(Holder(None, None, "s4lt"))
    assert "identifier" not in nobody["credentialSubject"]
    assert "s4lt" not in json.dumps(nobody)
    assert "ana@example.com" not in json.dumps(made(Holder(None, "ana@example.com", "s4lt")))


def test_the_same_badge_is_the_same_achievement_whoever_has_it() -> None:
    one = open_badge("one", ACME, FAST, Holder(None, None, ""), AWARDED, Slot(1, 1))["credentialSubject"]
    other = open_badge("two", ACME, FAST, Holder(None, None, ""), AWARDED, Slot(1, 2))["credentialSubject"]
    assert one["achievement"]["id"] == other["achievement"]["id"]
    assert one["id"] != other["id"]


@given(st.sets(st.integers(0, LIST_LENGTH - 1), max_size=30))
def test_the_list_has_a_bit_for_each_of_the_revoked_and_for_no_other(revoked: set[int]) -> None:
    packed = encoded_list(revoked)
    assert packed[0] == "u"
    bits = gzip.decompress(urlsafe_b64decode(packed[1:] + "=" * (-len(packed[1:]) % 4)))
    assert len(bits) * 8 == LIST_LENGTH
    assert {
        at * 8 + bit for at, byte in enumerate(bits) for bit in range(8) if byte & (0x80 >> bit)
    } == revoked
    assert encoded_list(revoked) == packed


def test_a_list_names_itself_and_its_issuer() -> None:
    document = status_list(ACME, 3, [5], AWARDED)
    assert document["issuer"] == ACME.id
    assert document["credentialSubject"]["type"] == "BitstringStatusList"
    assert document["id"] == ACME.status_list(3)


def test_the_issuer_publishes_every_key_it_ever_had() -> None:
    profile = issuer_profile(ACME, {"new": {"kty": "RSA"}, "old": {"kty": "RSA"}})
    assert profile["assertionMethod"] == [ACME.key("new"), ACME.key("old")]
    assert [one["controller"] for one in profile["verificationMethod"]] == [ACME.id, ACME.id]


PICTURE = (ROOT / "static" / "img" / "badges" / "bolt.png").read_bytes()
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9"/></svg>'


def png(keyword: bytes = b"openbadgecredential", text: bytes = TOKEN.encode()) -> bytes:
    body = keyword + b"\0\0\0\0\0" + text
    chunk = struct.pack(">I", len(body)) + b"iTXt" + body + struct.pack(">I", zlib.crc32(b"iTXt" + body))
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 0) + b"IHDR" + b"\0\0\0\0" + chunk


def test_a_baked_png_is_whole_and_bears_the_token_once() -> None:
    picture, kinds, at = baked_png(PICTURE, TOKEN), [], 8
    while at < len(picture):
        length, kind = struct.unpack(">I4s", picture[at : at + 8])
        body = picture[at + 4 : at + 8 + length]
        assert struct.unpack(">I", picture[at + 8 + length : at + 12 + length]) == (zlib.crc32(body),)
        kinds.append((kind, body.partition(b"\0")[0][4:] if kind == b"iTXt" else b""))
        at += 12 + length
    assert (kinds[0][0], kinds[-1][0]) == (b"IHDR", b"IEND")
    assert kinds.count((b"iTXt", b"openbadgecredential")) == 1


def test_a_baked_picture_is_still_one_and_bears_the_token_first() -> None:
    picture = baked(SVG, TOKEN)
    root = ElementTree.fromstring(picture)
    assert root[0].tag == "{https://purl.imsglobal.org/ob/v3p0}credential"
    assert root[0].get("verify") == TOKEN
    assert root.tag == "{http://www.w3.org/2000/svg}svg"


@pytest.mark.parametrize(
    "carrier",
    [
        TOKEN.encode(),
        f"\n {TOKEN} \r\n".encode(),
        f"\ufeff{TOKEN}".encode(),
        json.dumps(enveloped(TOKEN)).encode(),
        baked(SVG, TOKEN).encode(),
        png(),
        baked_png(PICTURE, TOKEN),
    ],
    ids=["text", "spaces", "mark", "envelope", "svg", "png", "baked"],
)
def test_the_token_is_found_in_whatever_carries_it(carrier: bytes) -> None:
    assert token_in(carrier) == TOKEN


@pytest.mark.parametrize(
    "junk",
    [
        b"",
        b"\xff\xfe\x00",
        b"hello",
        b"{",
        b"{}",
        b"[" * 90_000,
        b'{"id":' + b"[" * 90_000,
        b'{"id": 7}',
        b'{"id": "data:application/vc+jwt,"}',
        b"<svg>",
        b'<!DOCTYPE x [<!ENTITY a "aaaa">]><svg>&a;</svg>',
        b"<openbadges:credential " + b"a" * 90_000,
        b"\x89PNG\r\n\x1a\n",
        b"\x89PNG\r\n\x1a\n" + b"\xff" * 40,
        png(b"something"),
        png(text=b"\x00\xff.."),
        TOKEN.encode() + b"\0",
        b"a.b",
        b"a.b.c.d",
    ],
)
def test_junk_bears_none(junk: bytes) -> None:
    assert token_in(junk) is None


@given(st.binary(max_size=300))
def test_no_bytes_break_the_reader(data: bytes) -> None:
    for prefix in (b"", b"\x89PNG\r\n\x1a\n", b"<svg ", b"{"):
        found = token_in(prefix + data)
        assert found is None or re.fullmatch(r"[A-Za-z0-9_.-]+", found)

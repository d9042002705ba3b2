"""The keys: made once, for their owner alone; a new one leaves the old ones published; damage is told, not mended."""

import subprocess
import sys
from pathlib import Path

import pytest

from leaderboard.files.open_badges import Issuer
from leaderboard.services.credential_keys import (
    KeyProblem,
    public_jwk,
    public_key,
    published,
    rotate,
    signing_key,
)
from leaderboard.services.credential_signing import Altered, Desk, NotOurs, opened, signed

DOCUMENT = {
    "id": "https://board.example.com/credentials/x",
    "issuer": "https://board.example.com/credentials/issuer",
    "validFrom": "2026-08-02T10:00:00Z",
    "credentialSubject": {"id": "urn:uuid:1"},
}


def desk(folder: Path) -> Desk:
    return Desk(Issuer("https://board.example.com", "Acme"), folder)


def test_the_key_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    first, again = signing_key(folder), signing_key(folder)
    assert first.thumbprint == again.thumbprint
    assert (folder / "signing.pem").stat().st_mode & 0o777 == 0o600
    assert folder.stat().st_mode & 0o777 == 0o700
    assert sorted(path.name for path in folder.iterdir()) == sorted(
        ["signing.pem", f"{first.thumbprint}.pub.pem"]
    )


def test_what_is_published_has_no_private_part(tmp_path: Path) -> None:
    found = public_jwk(tmp_path, signing_key(tmp_path).thumbprint)
    assert set(found) == {"kty", "n", "e", "kid", "use", "alg"}


def test_a_new_key_signs_and_what_the_old_one_signed_still_opens(tmp_path: Path) -> None:
    old = signing_key(tmp_path).thumbprint
    before = signed(desk(tmp_path), DOCUMENT)
    new = rotate(tmp_path)
    after = signed(desk(tmp_path), DOCUMENT)
    assert list(published(tmp_path)) == [new, old]
    assert opened(tmp_path, before) == opened(tmp_path, after)
    assert before.split(".")[0] != after.split(".")[0]


def test_of_two_that_start_at_once_both_have_the_same_key(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from leaderboard.services.credential_keys import signing_key; "
        "print(signing_key(Path(sys.argv[1])).thumbprint)"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "keys")]
    started = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    told = {process.communicate()[0].strip() for process in started}
    assert len(told) == 1
    assert told == {signing_key(tmp_path / "keys").thumbprint}
    assert [path.name for path in (tmp_path / "keys").iterdir() if path.name.startswith("signing")] == [
        "signing.pem"
    ]


def test_a_key_that_was_put_back_alone_is_published_again(tmp_path: Path) -> None:
    first = signing_key(tmp_path / "here").thumbprint
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "signing.pem").write_bytes((tmp_path / "here" / "signing.pem").read_bytes())
    assert list(published(tmp_path / "there")) == [first]


@pytest.mark.parametrize(
    "content", ["", "nonsense", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"]
)
def test_a_damaged_key_is_not_replaced_in_silence(tmp_path: Path, content: str) -> None:
    (tmp_path / "signing.pem").write_text(content)
    with pytest.raises(KeyProblem, match=r"signing\.pem"):
        signing_key(tmp_path)
    assert (tmp_path / "signing.pem").read_text() == content


def test_no_name_leads_out_of_the_folder(tmp_path: Path) -> None:
    signing_key(tmp_path / "keys")
    for name in ("../secret", "", "x", "a" * 43, "/" * 43, "..", "é" * 43, "\0" * 43):
        assert public_key(tmp_path / "keys", name) is None


def test_what_is_altered_and_what_others_signed_is_told_apart(tmp_path: Path) -> None:
    token = signed(desk(tmp_path / "ours"), DOCUMENT)
    header, payload, signature = token.split(".")
    for wrong in (
        f"{header}.{payload[:-2]}AA.{signature}",
        f"{header}.{payload}.{signature[:-8]}AAAAAAAA",
        f"{header}.e30.{signature}",
        f"{header}.{payload}.AAAA",
    ):
        with pytest.raises(Altered):
            opened(tmp_path / "ours", wrong)
    signing_key(tmp_path / "theirs")
    for foreign in (token, "a.b.c", "e30.e30.e30", "W10.e30.e30", f"{'A' * 70_000}.e30.e30"):
        with pytest.raises(NotOurs):
            opened(tmp_path / "theirs", foreign)

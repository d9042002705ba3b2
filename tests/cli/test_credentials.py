"""flask credentials: which keys there are, another one from now on, and withdrawing what a rep took along."""

from flask import Flask

from leaderboard.services.credential_keys import published
from leaderboard.settings import Settings
from tests.signing_keys import keys_in
from tests.web.house import build_house


def run(app: Flask, *words: str) -> tuple[int, str]:
    done = app.test_cli_runner().invoke(args=["credentials", *words])
    return done.exit_code, done.output


def test_a_new_key_signs_and_the_old_one_stays_published(app: Flask) -> None:
    settings: Settings = app.extensions["settings"]
    keys_in(settings.keys_folder)
    before = list(published(settings.keys_folder))
    code, told = run(app, "rotate")
    assert code == 0
    after = list(published(settings.keys_folder))
    assert told.strip() == after[0]
    assert after[1:] == before
    code, told = run(app, "keys")
    assert code == 0
    assert [line.split()[-1] for line in told.splitlines() if line.split()[0] in after] == [
        "signs",
        "published",
    ]


def test_a_damaged_key_is_told_in_one_line(app: Flask) -> None:
    settings: Settings = app.extensions["settings"]
    keys_in(settings.keys_folder).joinpath("signing.pem").write_text("broken")
    for word in ("keys", "rotate"):
        code, told = run(app, word)
        assert code == 1
        assert told.startswith("error: ")
        assert "signing.pem" in told


def test_withdrawing_for_a_rep_says_how_many(app: Flask) -> None:
    build_house(app)
    assert run(app, "withdraw", "ana") == (0, "0 withdrawn\n")
    code, told = run(app, "withdraw", "nobody")
    assert (code, told) == (1, "error: nobody has the id nobody\n")

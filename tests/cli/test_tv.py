"""flask tv: the screens, and shutting one out."""

from flask import Flask

from leaderboard.domain.line_ups import STANDARD
from leaderboard.services import clock, screen_pairing
from leaderboard.services.screens import Look
from tests.cli.test_users_and_tokens import fails, run


def test_a_screen_is_listed_shut_out_and_then_unknown_like_any_number(app: Flask) -> None:
    with app.app_context():
        waiting = screen_pairing.begin(clock.now())
        made = screen_pairing.let_in(
            waiting.code, Look("Entrance", "en", STANDARD), actor="test", now=clock.now()
        )
    assert "let in" in run(app, "tv", "list").stdout
    assert run(app, "tv", "revoke", str(made)).exit_code == 0
    assert "revoked" in run(app, "tv", "list").stdout
    for number in (str(made), "99", "9" * 23, "-" + "9" * 23):
        fails(run(app, "tv", "revoke", "--", number), f"there is no screen {number} to shut out")

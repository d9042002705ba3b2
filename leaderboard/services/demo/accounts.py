"""The demo's logins are made where the demo is loaded and nowhere else; anybody may know their password."""

from contextlib import suppress

from leaderboard.domain.instants import Instant
from leaderboard.services import users
from leaderboard.services.demo.logins import ACCOUNTS, PASSWORD, DemoAccount
from leaderboard.services.demo.marker import is_demo
from leaderboard.services.demo.signs import ACTOR
from leaderboard.services.login_changes import change_rights


def create_accounts(now: Instant) -> None:
    """Makes those that are not there yet."""
    for account in ACCOUNTS:
        with suppress(users.UserProblem):
            user_id = users.create(
                account.email,
                account.role,
                rep=account.rep,
                name=account.name,
                password=PASSWORD,
                actor=ACTOR,
                now=now,
            )
            if account.signs_for is not None:
                change_rights(user_id, may_edit_rules=True, signs_for=account.signs_for, actor=ACTOR, now=now)


def shown_accounts() -> tuple[DemoAccount, ...]:
    """Those to be told to whoever comes; none where this is no demo."""
    return ACCOUNTS if is_demo() else ()

"""The demo's three logins. They are made where the demo is loaded and nowhere else; anybody may know their password."""

from contextlib import suppress
from dataclasses import dataclass

from leaderboard.domain.instants import Instant
from leaderboard.services import users
from leaderboard.services.demo.company import MAIL_DOMAIN
from leaderboard.services.demo.marker import ACTOR, is_demo
from leaderboard.services.login_changes import change_rights

PASSWORD = "demo-leaderboard"  # noqa: S105 (known to all, and good for invented data only)


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """A login, as the console and the login page show it."""

    email: str
    role: str
    rep: str | None
    name: str | None = None
    """What the holder is called, where the login stands for no rep."""
    signs_for: str | None = None
    """So that an agreement can be signed by both parties; whoever signs may edit rulebooks, too."""


ACCOUNTS = (
    DemoAccount(f"ana@{MAIL_DOMAIN}", "rep", "ana"),
    DemoAccount(f"marta@{MAIL_DOMAIN}", "manager", "marta", signs_for="sales"),
    DemoAccount(f"admin@{MAIL_DOMAIN}", "admin", None, "Helena Duarte", "marketing"),
)


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

"""The demo's three logins, as they are told to whoever comes."""

from dataclasses import dataclass

from leaderboard.services.demo.company import MAIL_DOMAIN

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

"""What the console tells of the demo's logins."""

import click

from leaderboard.services.demo.logins import ACCOUNTS, PASSWORD


def tell() -> None:
    """Prints them, with their password and the way to a wall."""
    click.echo(f"\nDemo accounts, each with the password {PASSWORD}")
    for account in ACCOUNTS:
        role = "administrator" if account.role == "admin" else account.role
        click.echo(f"  {account.email:<20} {role}")
    click.echo(
        "A screen for the wall: open /tv in another browser, and let it in as the manager (Settings, Screens)."
    )

"""A link that was just made, on its way to the one page that shows it.

It travels in the cookie of whoever made it, and is gone from there when the page was made: nothing of it is kept
here but its hash, and it stands in no address.
"""

from typing import cast

from flask import current_app, request, session, url_for

from leaderboard.settings import DEFAULT_ADDRESS, Settings

_LINK = "link_to_show"


def put_aside(user_id: int, token: str) -> None:
    """For the page of this login."""
    session[_LINK] = [user_id, token]


def take(user_id: int) -> str | None:
    """The link's whole address, this once; None where none was made for this login."""
    held = session.get(_LINK)
    if not isinstance(held, list) or held[0] != user_id:
        return None
    del session[_LINK]
    return f"{_address()}{url_for('auth.password', link=held[1])}"


def _address() -> str:
    """Where people reach the product: as BASE_URL says, else as this browser did."""
    base = cast(Settings, current_app.extensions["settings"]).base_url
    return base if base != DEFAULT_ADDRESS else request.host_url.rstrip("/")

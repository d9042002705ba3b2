"""Whether the live part of a page has changed since a browser last took it."""

from hashlib import blake2b

from leaderboard.domain.instants import MINUTE
from leaderboard.queries.board_page import Freshness


def digest(freshness: Freshness, *shown: object) -> str:
    """Names what is shown: where it is the same, nothing is swapped.

    The time goes in by the minute, so that 'as of' moves on and the screen does not flicker in between.
    """
    values = (*shown, freshness.waiting, freshness.as_of // MINUTE)
    return blake2b(repr(values).encode(), digest_size=9).hexdigest()

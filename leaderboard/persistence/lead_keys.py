"""Under which key an event is evaluated: its lead, or for one without a lead a key of its own."""

from leaderboard.domain.events import Event


def lead_key(event: Event) -> str:
    """The lead, or a text that no lead can be: a lead is trimmed, this begins with a space.

    The source's length stands in it, so that no two events without a lead share a key.
    """
    if event.lead is not None:
        return event.lead
    return f" {len(event.source)} {event.source} {event.id}"


def lead_of(key: str) -> str | None:
    """The lead that a key names; None for the key of an event without one."""
    return None if key.startswith(" ") else key

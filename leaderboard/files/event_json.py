"""Writing events out as they came: NDJSON, fields first and then the attributes."""

import json

from leaderboard.domain.events import Event
from leaderboard.domain.instants import format_instant


def event_document(event: Event) -> dict[str, str]:
    """The event in our JSON form: what is not given is left out; attributes stand beside the fields."""
    fields = {
        "id": event.id,
        "source": event.source,
        "type": event.type,
        "time": format_instant(event.time),
        "lead": event.lead,
        "rep": event.rep,
    }
    return {name: text for name, text in fields.items() if text is not None} | dict(event.attributes)


def event_line(event: Event) -> str:
    """The event as a line of NDJSON, without its line feed. Reading it gives the event back."""
    return json.dumps(event_document(event), ensure_ascii=False, separators=(",", ":"))

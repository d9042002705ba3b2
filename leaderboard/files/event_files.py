"""Opening an event file of any kind, told by its content first and its name second."""

from pathlib import Path
from zoneinfo import ZoneInfo

from leaderboard.files.events.csv_events import CsvEvents
from leaderboard.files.events.json_events import NotJson, parse_json
from leaderboard.files.events.ndjson_events import JsonEvents, NdjsonEvents
from leaderboard.files.events.offered import EventFile
from leaderboard.files.opening import first_bytes
from leaderboard.files.profile_events import ProfileEvents
from leaderboard.files.profiles import Profile

_LOOKED_AT = 1 << 16
_NDJSON = (".ndjson", ".jsonl")


def open_events(
    path: Path, source: str | None = None, zone: ZoneInfo | None = None, profile: Profile | None = None
) -> EventFile:
    """The events of a file: CSV (by a profile, if there is one), NDJSON, or a JSON document.

    `source` is for events that name none, `zone` for times without offset. Raises FileProblems where
    the file cannot be read as what it is.
    """
    if profile is not None:
        return ProfileEvents(path, profile, source, zone)
    start = first_bytes(path, _LOOKED_AT).removeprefix(b"\xef\xbb\xbf").lstrip()
    suffix = path.suffix.lower()
    if start.startswith(b"[") or (start.startswith(b"{") and _is_document(start, suffix)):
        return JsonEvents(path, source, zone)
    if start.startswith(b"{") or suffix in _NDJSON:
        return NdjsonEvents(path, source, zone)
    return CsvEvents(path, source, zone)


def _is_document(start: bytes, suffix: str) -> bool:
    """Whether one object runs over lines: its first line alone is none, and the name does not say otherwise."""
    first, end, _ = start.partition(b"\n")
    if suffix in _NDJSON:
        return False
    try:
        parse_json(first.decode("utf-8", "replace"))
    except NotJson:
        return bool(end) or suffix == ".json"
    return False

"""Event files and messages: CSV, NDJSON, JSON, CloudEvents (interfaces.md, Events)."""

from leaderboard.files.events.csv_events import CsvEvents
from leaderboard.files.events.forms import Original, RejectedForm
from leaderboard.files.events.json_events import BodyEvent, NotJson, read_body
from leaderboard.files.events.ndjson_events import JsonEvents, NdjsonEvents
from leaderboard.files.events.offered import Accepted, EventFile, Offered, Rejected
from leaderboard.files.events.reasons import Reason, Refusal, joined_reasons
from leaderboard.files.events.records import parse_record
from leaderboard.files.events.rejected import RejectedFile
from leaderboard.files.events.times import parse_time

__all__ = [
    "Accepted",
    "BodyEvent",
    "CsvEvents",
    "EventFile",
    "JsonEvents",
    "NdjsonEvents",
    "NotJson",
    "Offered",
    "Original",
    "Reason",
    "Refusal",
    "Rejected",
    "RejectedFile",
    "RejectedForm",
    "joined_reasons",
    "parse_record",
    "parse_time",
    "read_body",
]

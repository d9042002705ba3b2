"""Event files and messages: CSV, NDJSON, JSON, CloudEvents (interfaces.md, Events)."""

from leaderboard.files.events.csv_events import CsvEvents
from leaderboard.files.events.offered import Accepted, EventFile, Offered, Original, Rejected
from leaderboard.files.events.reasons import Reason, Refusal, joined_reasons
from leaderboard.files.events.records import parse_record
from leaderboard.files.events.times import parse_time

__all__ = [
    "Accepted",
    "CsvEvents",
    "EventFile",
    "Offered",
    "Original",
    "Reason",
    "Refusal",
    "Rejected",
    "joined_reasons",
    "parse_record",
    "parse_time",
]

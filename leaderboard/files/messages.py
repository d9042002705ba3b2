"""What is said to people about files and events: a code each, and its English sentence.

A caller that speaks another language translates the sentence (it is the message id) and then puts in
the same parameters.
"""

from collections.abc import Mapping
from typing import TypeAlias

Param: TypeAlias = str | int
Params: TypeAlias = Mapping[str, Param]

_SHOWN_CHARACTERS = 60

ENGLISH: Mapping[str, str] = {
    # A whole file
    "unreadable": "cannot be read: {detail}",
    "too_large": "is larger than {most} MB",
    "not_text": "is {kind}, not a text file",
    "not_utf8": "is not valid UTF-8 (byte {byte}); save it as UTF-8",
    "control_character": "holds the control character {character}, which no text file needs",
    "empty_file": "is empty",
    # YAML
    "yaml_syntax": "is not valid YAML: {detail}",
    "yaml_alias": "anchors, aliases and merge keys (`&`, `*`) are not read; write the value out",
    "yaml_tag": "tags such as `{tag}` are not read; write the plain value",
    "yaml_documents": "holds more than one document; keep one per file",
    "too_deep": "is nested deeper than {most} levels",
    "too_many_values": "holds more than {most} values",
    "duplicate_key": "is given twice; the first is in line {first}",
    "key_not_text": "a key must be plain text",
    # Values
    "missing": "is required",
    "unknown_key": "is not a key that is known here; expected one of: {known}",
    "unknown_key_near": "is not a key that is known here; did you mean `{near}`?",
    "need_mapping": "expected keys with values, found {found}",
    "need_list": "expected a list, found {found}",
    "need_text": "expected text, found {found}",
    "need_one_line": "expected text on one line",
    "need_whole": "expected a whole number, found {found}",
    "need_number": "expected a number such as 12 or 0.5, found {found}",
    "need_share": "expected a share such as 0.9 or 90%, found {found}",
    "need_date": "expected a date such as 2026-07-01, found {found}",
    "need_flag": "expected true or false, found {found}",
    "need_choice": "expected one of {choices}, found {found}",
    "need_duration": "expected a duration: one whole number of s, m, h or d, such as 90m, found {found}",
    "day_with_calendar": "a duration in days (`d`) is only for clocks without a calendar; write hours of open time",
    "empty_list": "expected at least one entry",
    "too_long": "is longer than {most} characters",
    "too_small": "must be at least {least}",
    "too_large_number": "must be at most {most}",
    "too_many_digits": "has more than {most} digits",
    "bad_id": "is not an id: expected small letters, digits, `.`, `_` and `-`, beginning with a letter or digit",
    "bad_event_type": "expected an event type such as lead.assigned (small letters, with a dot), found {found}",
    "bad_text_character": "holds the control character {character}",
    "date_out_of_range": "expected a year from {first} to {last}",
    # The rulebook
    "rulebook_format": "expected 1, the format that is read here, found {found}",
    "not_first_of_month": "expected the first day of a month, such as {example}",
    "bad_timezone": "expected an IANA time zone such as America/Sao_Paulo, found {found}",
    "bad_currency": "expected a currency's three capital letters, such as BRL, found {found}",
    "bad_locale": "expected a locale such as en or pt_BR, found {found}",
    "bad_window": "expected opening hours such as 09:00-18:00, found {found}",
    "window_past_midnight": "ends before it starts; no window runs past midnight: end it at 24:00",
    "windows_overlap": "overlaps {other}",
    "unknown_country": "the package `holidays` has no country {found}; expected a code such as BR",
    "unknown_subdivision": "the package `holidays` has no subdivision {found} in {country}",
    "unknown_subdivision_of": "the package `holidays` has no subdivision {found} in {country}; it has {known}",
    "unknown_reference": "there is no {what} {found} in this file",
    "unknown_reference_near": "there is no {what} {found} in this file; did you mean `{near}`?",
    "pause_without_resume": "`pause` needs `resume`: without it a paused clock would never run again",
    "resume_without_pause": "`resume` needs `pause`",
    "share_above_one": "a share above 100% cannot be reached; write 90% or 0.9",
    "share_below_zero": "a share cannot be below 0",
    "exceed_below_target": "`exceed` must not be below `target`",
    "too_little_open_time": "the calendar {calendar} offers less open time than this in the 5 years from {date}",
    "needs_outcomes": "{found} is a {measure}, which has no outcomes; name a response or recorded service level",
    "needs_target": "the service level {found} has no `target`, so its months are never rated",
    "one_worth": "expected either `attribute` or `grade`, not both",
    "badge_rule_kind": "expected exactly one of count, streak, clean_month or rank",
    "deduct_points": "`do: deduct` needs `points`, a whole number above 0",
    "points_without_deduct": "`points` are only for `do: deduct`",
    "needs_volume": "{found} is a {measure}; a contest by `value` names volumes",
    "one_or_several_levels": "expected either `service_level` or `service_levels`",
    "minimum_without_share": "`minimum` is only for `by: share`",
    "empty_prize": "a prize needs `points`, `money` or both",
    "need_above_zero": "must be more than 0",
    "ends_before_in_force": "ends before this version comes into force ({date}), so nobody could win it; leave it out",
    "prorate_of_reps": "only a rep's days can be counted: `prorate` is not for `subject: team`",
    "cuts_time_otherwise": "is {mine}, but {given} in the version of {other}; all versions have the same",
    # The roster
    "until_before_from": "`until` must not be before `from` ({date})",
    "spans_overlap": "overlaps the span that begins on {date}; a rep is in one team at a time",
    "name_taken": "is already {how} of {rep}; each must name one rep only",
    "rep_given_twice": "names the same rep as another key",
    "bad_email": "expected an e-mail address, found {found}",
    "row_says_otherwise": "line {line} says {other}; leave it empty here, or write the same",
    "cell_needs": "needs the column `{column}` in the same row",
    # Import profiles
    "profile_format": "expected 1, the format that is read here, found {found}",
    "bad_delimiter": "expected one character such as , or ;",
    "bad_encoding": "expected a text encoding such as utf-8 or windows-1252, found {found}",
    "attribute_is_field": "is a field of an event, not an attribute",
    "bad_template": "expected text with columns in braces, such as {{Lead ID}}/created, found {found}",
    "bad_time_format": "{found} does not name a whole date: expected one such as %d-%m-%Y %H:%M",
    "source_nowhere": "neither the profile nor the command (--source) names the source of the events",
    "unknown_column": "the file has no column {found}; it has: {known}",
    # Event files
    "header_missing": "the first line must name the columns; missing: {missing}; it has: {known}",
    "header_unreadable": "the first line, which must name the columns, cannot be read: {detail}",
    "header_twice": "the column {found} is there twice",
    "source_needed": "there is no column `source`; name the source of the file (--source)",
    "not_json": "is no JSON: {detail}",
    # Events and rows
    "field_missing": "{field} is missing",
    "field_missing_for": "{field} is missing; {type} needs it",
    "field_too_long": "{field} is longer than {most} characters",
    "field_not_text": "{field} is not text",
    "field_control": "{field} holds the control character {character}",
    "field_broken_text": "{field} holds half a character (a lone surrogate)",
    "field_undecodable": "{field} holds bytes that are not {encoding}",
    "event_type": "type {found} is not a lower-case dotted name such as lead.created",
    "time_shape": "time {found} is not a date and time such as 2026-08-03T10:00:00Z",
    "time_no_offset": "time {found} has no offset such as Z or -03:00; write it, or name the file's time zone",
    "time_calendar": "time {found} is not in the calendar or on the clock",
    "time_range": "time {found} is out of range: expected a year from {first} to {last}",
    "time_format": "time {found} fits none of the formats {formats}",
    "attribute_not_text": "attribute {name} is {kind}; expected text, a number or true or false",
    "attribute_name": "an attribute has no name, or one longer than {most} characters",
    "attribute_too_long": "attribute {name} is longer than {most} characters",
    "attribute_control": "attribute {name} holds the control character {character}",
    "attribute_broken_text": "attribute {name} holds half a character (a lone surrogate)",
    "attribute_undecodable": "attribute {name} holds bytes that are not {encoding}",
    "attributes_too_many": "more than {most} attributes",
    "source_foreign": "source {found} is not one that this token may speak for",
    "row_width": "the row has {found} cells, the header {expected}",
    "row_quote": "a quote is opened and not closed, or text follows a closing quote",
    "row_return": "there is a carriage return inside the row",
    "cell_too_long": "a cell is longer than {most} characters",
    "row_too_long": "the row is longer than {most} bytes",
    "cell_without_column": "there is a value in a column without a name",
    "json_syntax": "the line is no JSON: {detail}",
    "json_not_object": "expected an object with the fields of an event",
    "json_duplicate": "the key {name} is there twice",
    "conflict": "this id was received before with another {fields}; the first received stands",
    "cloudevent_version": "specversion {found} is not 1.0",
    "cloudevent_data": "data is {kind}; expected an object",
    "cloudevent_base64": "data_base64 is not read; send data as an object",
    "cloudevent_field_in_data": "data may not hold {name}, which is the event's own",
}
"""Code -> English sentence with {parameters}."""


def english(code: str, params: Params) -> str:
    """The sentence of a code with its parameters put in."""
    return ENGLISH[code].format_map(params)


def shown(text: str) -> str:
    """Text from a file as it may stand in a sentence: quoted, on one line, not too long."""
    return "`" + printable(cut_off(text)) + "`"


def cut_off(text: str, most: int = _SHOWN_CHARACTERS) -> str:
    """Text that is not too long, with "…" where some of it was left out."""
    return text if len(text) <= most else text[: most - 1] + "…"


def printable(text: str) -> str:
    """Text on one line, with what cannot be seen written as an escape."""
    return "".join(c if c.isprintable() else _escaped(c) for c in text)


def _escaped(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")


def character_name(character: str) -> str:
    """A character that cannot be shown, as U+0000."""
    return f"U+{ord(character):04X}"

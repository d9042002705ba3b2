"""Why an event was not taken, in the reader's language.

What intake keeps of a refusal is the code of its sentence with the parameters (leaderboard/files/messages.py); the
English sentence is the text that is translated. Those that an event or a row can meet are marked here for
translation, and a test holds the two lists together.
"""

import json
import re
from collections.abc import Mapping

from leaderboard.files.messages import ENGLISH
from leaderboard.files.problems import Problem
from leaderboard.web.languages import N_, gettext

SPOKEN = (
    N_("{field} is missing"),
    N_("{field} is missing; {type} needs it"),
    N_("{field} is longer than {most} characters"),
    N_("{field} is not text"),
    N_("{field} holds the control character {character}"),
    N_("{field} holds half a character (a lone surrogate)"),
    N_("{field} holds bytes that are not {encoding}"),
    N_("type {found} is not a lower-case dotted name such as lead.created"),
    N_("time {found} is not a date and time such as 2026-08-03T10:00:00Z"),
    N_("time {found} has no offset such as Z or -03:00; write it, or name the file's time zone"),
    N_("time {found} is not in the calendar or on the clock"),
    N_("time {found} is out of range: expected a year from {first} to {last}"),
    N_("time {found} fits none of the formats {formats}"),
    N_("attribute {name} is {kind}; expected text, a number or true or false"),
    N_("an attribute has no name, or one longer than {most} characters"),
    N_("attribute {name} is longer than {most} characters"),
    N_("attribute {name} holds the control character {character}"),
    N_("attribute {name} holds half a character (a lone surrogate)"),
    N_("attribute {name} holds bytes that are not {encoding}"),
    N_("more than {most} attributes"),
    N_("source {found} is not one that this token may speak for"),
    N_("the row has {found} cells, the header {expected}"),
    N_("a quote is opened and not closed, or text follows a closing quote"),
    N_("there is a carriage return inside the row"),
    N_("a cell is longer than {most} characters"),
    N_("the row is longer than {most} bytes"),
    N_("there is a value in a column without a name"),
    N_("the line is no JSON: {detail}"),
    N_("expected an object with the fields of an event"),
    N_("the key {name} is there twice"),
    N_("this id was received before with another {fields}; the first received stands"),
    N_("specversion {found} is not 1.0"),
    N_("data is {kind}; expected an object"),
    N_("data_base64 is not read; send data as an object"),
    N_("data may not hold {name}, which is the event's own"),
)

OF_ROSTERS = (
    N_("is {kind}, not a text file"),
    N_("is not valid UTF-8 (byte {byte}); save it as UTF-8"),
    N_("is empty"),
    N_("is not valid YAML: {detail}"),
    N_("is given twice; the first is in line {first}"),
    N_("is required"),
    N_("is not a key that is known here; expected one of: {known}"),
    N_("is not a key that is known here; did you mean `{near}`?"),
    N_("expected keys with values, found {found}"),
    N_("expected a list, found {found}"),
    N_("expected text, found {found}"),
    N_("expected text on one line"),
    N_("expected a date such as 2026-07-01, found {found}"),
    N_("is longer than {most} characters"),
    N_("is not an id: expected small letters, digits, `.`, `_` and `-`, beginning with a letter or digit"),
    N_("there is no {what} {found} in this file"),
    N_("there is no {what} {found} in this file; did you mean `{near}`?"),
    N_("`until` must not be before `from` ({date})"),
    N_("overlaps the span that begins on {date}; a rep is in one team at a time"),
    N_("is already {how} of {rep}; each must name one rep only"),
    N_("names the same rep as another key"),
    N_("expected an e-mail address, found {found}"),
    N_("line {line} says {other}; leave it empty here, or write the same"),
    N_("needs the column `{column}` in the same row"),
    N_("the first line must name the columns; missing: {missing}; it has: {known}"),
    N_("the column {found} is there twice"),
)
"""What can be wrong with a roster's file; what is not here is told in English."""

KINDS = (N_("a list"), N_("text"), N_("an object"), N_("true or false"), N_("a number"))
"""What was given where something else belongs, as reasons name it (`kind`)."""

_QUOTED = re.compile("`([^`]*)`")
"""As consoles show what was found; a page has real quotes."""


def reason_words(reason: str, params: str | None) -> str:
    """The sentences of a problem; the English ones as they were kept, where they cannot be told anew."""
    try:
        found = [_sentence(one) for one in json.loads(params or "[]")]
    except (AttributeError, IndexError, KeyError, TypeError, ValueError):
        found = []
    return _QUOTED.sub("“\\1”", "; ".join(found) or reason)


def problem_words(problem: Problem) -> str:
    """What is wrong with a value of a file."""
    sentence = gettext(ENGLISH[problem.code]).format_map(problem.params)
    return _QUOTED.sub("“\\1”", sentence)


def _sentence(one: Mapping[str, Mapping[str, object]]) -> str:
    params = dict(one["params"])
    if params.get("kind") in KINDS:
        params["kind"] = gettext(str(params["kind"]))
    return gettext(ENGLISH[str(one["code"])]).format_map(params)

"""One event from its texts: the rules that all doors share."""

from zoneinfo import ZoneInfo

import pytest

from leaderboard.domain.events import Event
from leaderboard.files.events import Refusal, parse_record, parse_time
from leaderboard.files.events.reasons import Refused

GOOD = {"id": "1", "source": "crm", "type": "lead.created", "time": "2026-08-03T10:00:00Z", "lead": "L1"}
TEN = 1_785_751_200_000_000


def codes(**changes: str | None) -> list[str]:
    read = parse_record(GOOD | changes)
    assert isinstance(read, Refusal), read
    assert read.message
    return [f"{reason.code} {reason.params.get('field', '')}".strip() for reason in read.reasons]


def test_fields_are_taken_and_the_rest_are_attributes() -> None:
    read = parse_record(GOOD | {"rep": "ana", "grade": "A", "note": "", "none": None})
    assert read == Event("crm", "1", "lead.created", TEN, "L1", "ana", {"grade": "A"})


@pytest.mark.parametrize("kind", ["outcome.recorded", "event.voided", "task.completed"])
def test_what_is_no_leads_needs_none(kind: str) -> None:
    read = parse_record(GOOD | {"type": kind, "lead": None, "voids": "7"})
    assert isinstance(read, Event)
    assert read.lead is None


def test_spaces_around_texts_are_trimmed() -> None:
    read = parse_record({name: f"  {text} " for name, text in GOOD.items()} | {"grade": " A\t", "rep": " "})
    assert read == Event("crm", "1", "lead.created", TEN, "L1", None, {"grade": "A"})


def test_the_default_source_is_for_records_without_one() -> None:
    without = {name: text for name, text in GOOD.items() if name != "source"}
    read = parse_record(without, "export")
    assert isinstance(read, Event)
    assert read.source == "export"
    assert isinstance(parse_record(without | {"source": " "}, "export"), Refusal)
    assert isinstance(parse_record(without), Refusal)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"id": " "}, ["field_missing id"]),
        ({"id": None}, ["field_missing id"]),
        ({"id": "x" * 201}, ["field_too_long id"]),
        ({"source": "x" * 101}, ["field_too_long source"]),
        ({"id": "a\x00b"}, ["field_control id"]),
        ({"lead": "a\nb"}, ["field_control lead"]),
        ({"rep": "a\x85b"}, ["field_control rep"]),
        ({"lead": "a\ud800"}, ["field_broken_text lead"]),
        ({"type": "Lead.created"}, ["event_type"]),
        ({"type": "lead"}, ["event_type"]),
        ({"type": "lead..created"}, ["event_type"]),
        ({"type": "lead.creátéd"}, ["event_type"]),
        ({"lead": ""}, ["field_missing_for lead"]),
        ({"type": "lead.assigned"}, ["field_missing_for rep"]),
        ({"type": "event.voided"}, ["field_missing_for attribute voids"]),
        ({"note": "x" * 10_001}, ["attribute_too_long"]),
        ({"note": "x\x00"}, ["attribute_control"]),
        ({"note": "x\udfff"}, ["attribute_broken_text"]),
        ({"": "x"}, ["attribute_name"]),
        ({"n" * 201: "x"}, ["attribute_name"]),
        ({"a\nb": "x"}, ["attribute_name"]),
        ({f"a{i}": "x" for i in range(201)}, ["attributes_too_many"]),
        ({"id": "", "time": "now", "lead": ""}, ["field_missing id", "time_shape", "field_missing_for lead"]),
    ],
)
def test_what_is_wrong_is_told_all_at_once(changes: dict[str, str | None], expected: list[str]) -> None:
    assert codes(**changes) == expected


@pytest.mark.parametrize(
    "changes",
    [
        {"type": "outcome.recorded", "lead": None},
        {"type": "event.voided", "lead": None, "voids": "7"},
        {"id": "x" * 200, "source": "x" * 100, "lead": "x" * 200},
        {"type": "_.9"},
        {"note": "two\nlines\tand more"},
        {"note": "x" * 10_000},
        {"rep": "Zoë 🙂"},
    ],
)
def test_what_the_specification_allows_is_accepted(changes: dict[str, str | None]) -> None:
    assert isinstance(parse_record(GOOD | changes), Event)


def test_what_is_compared_is_brought_into_its_composed_form_and_attributes_are_kept() -> None:
    decomposed, composed = "Jose\u0301", "Jos\u00e9"
    read = parse_record(GOOD | {"id": decomposed, "lead": decomposed, "rep": decomposed, "note": decomposed})
    assert isinstance(read, Event)
    assert (read.id, read.lead, read.rep, read.attributes["note"]) == (
        composed,
        composed,
        composed,
        decomposed,
    )
    voided = parse_record(GOOD | {"type": "event.voided", "voids": decomposed})
    assert isinstance(voided, Event)
    assert voided.attributes["voids"] == composed


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-08-03T10:00:00Z", TEN),
        ("2026-08-03t10:00:00z", TEN),
        ("2026-08-03 10:00:00+00:00", TEN),
        ("2026-08-03T07:00:00-03:00", TEN),
        ("2026-08-03T10:00:00.1234567891Z", TEN + 123_456),
        ("2026-08-03T10:00:00-00:00", TEN),
    ],
)
def test_a_time_is_an_rfc_3339_date_time(text: str, instant: int) -> None:
    assert parse_time(text) == instant
    assert parse_time(text, ZoneInfo("Asia/Tokyo")) == instant


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2026-08-03T10:00:00", "time_no_offset"),
        ("2026-08-03", "time_no_offset"),
        ("2026-08-03T10:00:60Z", "time_calendar"),
        ("2026-02-29T10:00:00Z", "time_calendar"),
        ("2026-08-03T24:00:00Z", "time_calendar"),
        ("2026-08-03T10:00:00+24:00", "time_calendar"),
        ("0000-01-01T00:00:00Z", "time_calendar"),
        ("2026-08-03T10:00Z", "time_calendar"),
        ("20260803T100000Z", "time_shape"),
        ("2026-W32-1T10:00:00Z", "time_shape"),
        ("03/08/2026 10:00", "time_shape"),
        ("1785751200", "time_shape"),
        ("٢٠٢٦-08-03T10:00:00Z", "time_shape"),
        ("1899-12-31T23:59:59Z", "time_range"),
        ("9999-12-31T23:59:59Z", "time_range"),
    ],
)
def test_any_other_time_is_refused(text: str, code: str) -> None:
    with pytest.raises(Refused) as raised:
        parse_time(text)
    assert raised.value.reason.code == code


def test_a_local_time_becomes_an_instant_in_the_zone_that_the_import_names() -> None:
    new_york = ZoneInfo("America/New_York")
    assert parse_time("2026-08-03T06:00:00", new_york) == TEN
    assert parse_time("2026-08-03 06:00", new_york) == TEN
    assert parse_time("2026-08-03T06:00:00.5", new_york) == TEN + 500_000
    # Twice that day by the clock: the first. Not at all that day: as zoneinfo does it.
    assert parse_time("2026-11-01T01:30:00", new_york) == parse_time("2026-11-01T01:30:00-04:00")
    assert parse_time("2026-03-08T02:30:00", new_york) == parse_time("2026-03-08T02:30:00-05:00")
    with pytest.raises(Refused):
        parse_time("2026-02-30T06:00:00", new_york)

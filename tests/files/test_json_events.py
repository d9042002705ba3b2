"""Events as JSON, NDJSON and CloudEvents, read strictly."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leaderboard.domain.events import NO_ATTRIBUTES, Event
from leaderboard.files.event_files import open_events
from leaderboard.files.event_json import event_document, event_line
from leaderboard.files.events import (
    Accepted,
    CsvEvents,
    JsonEvents,
    NdjsonEvents,
    NotJson,
    Offered,
    Refusal,
    Rejected,
    parse_record,
    read_body,
)
from leaderboard.files.problems import FileProblems
from tests.files.documents import written

AT = "2026-08-03T10:00:00Z"
EVENT = {"id": "1", "source": "crm", "type": "lead.created", "time": AT, "lead": "L1"}
CLOUD = {
    "specversion": "1.0",
    "id": "1",
    "source": "crm",
    "type": "lead.created",
    "time": AT,
    "subject": "L1",
}


def one(document: object, cloudevents: bool = False) -> Event | Refusal:
    text = document if isinstance(document, str) else json.dumps(document)
    (found,) = read_body(text.encode("utf-8", "surrogatepass"), cloudevents=cloudevents)
    return found.result


def codes(document: object, cloudevents: bool = False) -> list[str]:
    read = one(document, cloudevents)
    assert isinstance(read, Refusal), read
    assert read.message
    return [reason.code for reason in read.reasons]


def attributes(extra: str) -> dict[str, str]:
    read = one(json.dumps(EVENT)[:-1] + "," + extra + "}")
    assert isinstance(read, Event), read
    return dict(read.attributes)


def test_numbers_are_kept_as_written_booleans_as_words_and_null_is_not_given() -> None:
    extra = (
        '"a": 1.50, "b": 1e3, "c": -0, "d": true, "e": false, "f": null, "g": " x ", "h": 9007199254740993'
    )
    assert attributes(extra) == {
        "a": "1.50", "b": "1e3", "c": "-0", "d": "true", "e": "false", "g": "x", "h": "9007199254740993",
    }  # fmt: skip


def test_numbers_of_any_size_are_texts() -> None:
    assert attributes('"a": 1' + "0" * 5000)["a"] == "1" + "0" * 5000
    assert attributes('"a": 1e999999')["a"] == "1e999999"


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ([], []),
        ({}, ["field_missing"] * 4),
        (EVENT | {"a": [1]}, ["attribute_not_text"]),
        (EVENT | {"a": {"b": 1}, "c": []}, ["attribute_not_text", "attribute_not_text"]),
        (EVENT | {"id": True}, ["field_not_text"]),
        (EVENT | {"id": ["1"], "lead": {}}, ["field_not_text", "field_not_text"]),
        (EVENT | {"lead": "\ud800"}, ["field_broken_text"]),
        (EVENT | {"a": "\ud800"}, ["attribute_broken_text"]),
        (EVENT | {"a": "\u0000"}, ["attribute_control"]),
        (EVENT | {"a": "x" * 10_001}, ["attribute_too_long"]),
        ("1", ["json_not_object"]),
        ('"text"', ["json_not_object"]),
        ("null", ["json_not_object"]),
        ('{"id": "1", "id": "2"}', ["json_duplicate"]),
    ],
)
def test_what_is_no_event_is_told(document: object, expected: list[str]) -> None:
    assert (codes(document) if expected else read_body(b"[]")) == (expected or ())


@pytest.mark.parametrize(
    "body",
    [
        b"", b" ", b"[", b"[1", b"[1,", b"[1,]", b"[1 2]", b"[] x", b"{} {}", b"nope", b"{'a': 1}", b'{"a": NaN}',
        b"[Infinity]", b'{"a": -Infinity}', b'{"a": "\x01"}', b'{"a": "\xff"}', b"\xff\xfe{}", b"[" * 100_000,
        b'{"a":' * 100_000, b"01", b"[1,,2]", b'{"a": 1,}',
    ],
)  # fmt: skip
def test_what_is_no_json_is_refused_whole(body: bytes) -> None:
    with pytest.raises(NotJson) as raised:
        read_body(body)
    assert raised.value.reason.message.startswith("is no JSON: ")


def test_a_list_gives_each_event_its_place_and_id() -> None:
    body = json.dumps([EVENT, {"id": "x"}, 5, EVENT | {"id": 7}]).encode()
    found = read_body(body)
    assert [(event.index, event.id, type(event.result)) for event in found] == [
        (0, "1", Event), (1, "x", Refusal), (2, None, Refusal), (3, "7", Event),
    ]  # fmt: skip


def test_the_source_must_be_in_the_body() -> None:
    assert codes({name: text for name, text in EVENT.items() if name != "source"}) == ["field_missing"]


def test_a_body_of_more_entries_than_could_be_events_is_refused() -> None:
    with pytest.raises(NotJson):
        read_body(b"[" + b"0," * 1_000_000 + b"0]")


def test_a_cloudevent_has_the_lead_as_subject_and_the_rest_in_data() -> None:
    cloud = CLOUD | {
        "type": "lead.assigned",
        "data": {"rep": "ana", "amount": 12.0, "x": None},
        "datacontenttype": "json",
    }
    assert one(cloud) == Event(
        "crm", "1", "lead.assigned", 1_785_751_200_000_000, "L1", "ana", {"amount": "12.0"}
    )
    assert one(CLOUD) == one(EVENT)
    assert one(CLOUD | {"data": {"id": "1", "lead": "L1"}}) == one(EVENT)


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (CLOUD | {"specversion": "0.3"}, ["cloudevent_version"]),
        (EVENT, ["cloudevent_version", "field_missing_for"]),
        (CLOUD | {"data": "text"}, ["cloudevent_data"]),
        (CLOUD | {"data": [1]}, ["cloudevent_data"]),
        (CLOUD | {"data": {"a": {"b": 1}}}, ["attribute_not_text"]),
        (CLOUD | {"data_base64": "eA=="}, ["cloudevent_base64"]),
        (CLOUD | {"data": {"id": "2"}}, ["cloudevent_field_in_data"]),
        (CLOUD | {"data": {"lead": "L2"}}, ["cloudevent_field_in_data"]),
        (CLOUD | {"time": None}, ["field_missing"]),
        ('{"specversion": "1.0", "data": {"a": 1, "a": 2}}', ["json_duplicate"] + ["field_missing"] * 4),
    ],
)
def test_what_is_no_cloudevent_is_told(document: object, expected: list[str]) -> None:
    assert codes(document, cloudevents=True) == expected


# Files


def reasons(offered: list[Offered]) -> list[tuple[int, str]]:
    return [
        (item.line, reason.code) for item in offered if isinstance(item, Rejected) for reason in item.reasons
    ]


def test_a_bad_line_of_ndjson_is_rejected_alone(tmp_path: Path) -> None:
    good = json.dumps(EVENT).encode()
    lines = [
        good, b"", b"nope", b"[1]", b'{"id":"1","id":"2"}', b'{"a":NaN}', good[:-1] + b',"n":"\xff"}', b"[" * 900_000,
        b'{"id":"' + b"x" * 3_000_000, good, json.dumps(CLOUD).encode() + b"\r",
    ]  # fmt: skip
    path = written(tmp_path, "e.ndjson", b"\xef\xbb\xbf" + b"\n".join(lines))
    offered = list(NdjsonEvents(path))
    assert [item.line for item in offered if isinstance(item, Accepted)] == [1, 10, 11]
    assert reasons(offered) == [
        (3, "json_syntax"), (4, "json_not_object"), (5, "json_duplicate"), (6, "json_syntax"),
        (7, "attribute_undecodable"), (8, "json_syntax"), (9, "row_too_long"),
    ]  # fmt: skip


def test_the_source_of_a_file_is_for_lines_without_one(tmp_path: Path) -> None:
    line = json.dumps({"id": "1", "source": None, "type": "a.b", "time": AT, "lead": "L"})
    (item,) = NdjsonEvents(written(tmp_path, "e.ndjson", line), "crm")
    assert isinstance(item, Accepted)
    assert item.event.source == "crm"


def test_a_json_document_gives_its_events_with_the_lines_they_begin_in(tmp_path: Path) -> None:
    text = f"[\n{json.dumps(EVENT, indent=1)},\n\n  {{}}\n]"
    offered = list(JsonEvents(written(tmp_path, "e.json", text)))
    assert [(type(item), item.line) for item in offered] == [(Accepted, 2), (Rejected, 10)]
    assert "\n" not in offered[0].row
    for bad in ("[", "", b"\xff"):
        with pytest.raises(FileProblems):
            JsonEvents(written(tmp_path, "e.json", bad))


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("e.csv", "id,type,time,source\n", CsvEvents),
        ("export", "id;type;time;source\n", CsvEvents),
        ("e.ndjson", json.dumps(EVENT), NdjsonEvents),
        ("e.jsonl", "", NdjsonEvents),
        ("e.jsonl", "{broken\n", NdjsonEvents),
        ("e.txt", json.dumps(EVENT) + "\n" + json.dumps(EVENT), NdjsonEvents),
        ("e.csv", json.dumps(EVENT), NdjsonEvents),
        ("e.json", json.dumps(EVENT) + "\n" + json.dumps(EVENT), NdjsonEvents),
        ("e.json", json.dumps([EVENT]), JsonEvents),
        ("e.json", json.dumps(EVENT, indent=1), JsonEvents),
        ("e.txt", " \n" + json.dumps([EVENT]), JsonEvents),
    ],
)
def test_the_kind_of_a_file_is_told_by_content_and_name(
    tmp_path: Path, name: str, content: str, kind: type
) -> None:
    with open_events(written(tmp_path, name, content)) as events:
        assert type(events) is kind


# Out again

texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=1, max_size=20)


@settings(deadline=None)
@given(
    st.tuples(texts, texts, st.sampled_from(["a.b", "lead.assigned"]), texts, texts),
    st.integers(-2_208_988_800_000_000, 7_258_118_399_999_999),
    st.dictionaries(
        texts.filter(lambda name: name not in EVENT and name not in ("rep", "specversion")), texts
    ),
)
def test_an_exported_event_is_read_back_as_it_was(
    given_texts: tuple[str, str, str, str, str], at: int, extra: dict[str, str]
) -> None:
    event_id, source, kind, lead, rep = given_texts
    event = parse_record(
        {"id": event_id, "source": source, "type": kind, "time": AT, "lead": lead, "rep": rep, **extra}
    )
    if isinstance(event, Event):
        event = event._replace(time=at)
        assert one(event_line(event)) == event


def test_an_exported_event_has_its_fields_first_and_nothing_that_was_not_given() -> None:
    event = Event("crm", "1", "a.b", 1_785_751_200_500_000, None, None, {"z": "é", "a": "1.50"})
    assert event_line(event) == (
        '{"id":"1","source":"crm","type":"a.b","time":"2026-08-03T10:00:00.5Z","z":"é","a":"1.50"}'
    )
    assert list(event_document(event._replace(lead="L", rep="ana", attributes=NO_ATTRIBUTES))) == [
        "id", "source", "type", "time", "lead", "rep",
    ]  # fmt: skip

"""Import profiles: any CSV file as events, several a row."""

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from leaderboard.domain.events import Event
from leaderboard.domain.instants import format_instant
from leaderboard.files.events import Accepted, Offered, Rejected
from leaderboard.files.problems import FileProblems
from leaderboard.files.profile_events import ProfileEvents
from leaderboard.files.profiles import Condition, Template, TimeColumn, read_profile
from tests.files.documents import PROFILE, spoilt, told, written

HEADER = "Lead ID,Lead Source,Created Date,Owner,Last Status Change,Status,Channel\n"


def read(
    folder: Path, rows: str, profile: str = PROFILE, header: str = HEADER, **given: object
) -> list[Offered]:
    path = written(folder, "crm.csv", header + rows)
    return list(ProfileEvents(path, read_profile(profile, "p.yaml"), **given))  # type: ignore[arg-type]


def events(offered: list[Offered]) -> list[Event]:
    return [item.event for item in offered if isinstance(item, Accepted)]


def codes(offered: list[Offered]) -> list[tuple[int, str]]:
    return [
        (item.line, reason.code) for item in offered if isinstance(item, Rejected) for reason in item.reasons
    ]


def test_a_profile_is_read_into_templates() -> None:
    profile = read_profile(PROFILE, "p.yaml")
    assert (profile.source, profile.zone, profile.encoding) == (
        "crm-export",
        ZoneInfo("America/Sao_Paulo"),
        "utf-8",
    )
    created, disqualified = profile.events
    assert created.id == Template((("", "Lead ID"), ("/created", None)))
    assert created.time == TimeColumn("Created Date", ("%d-%m-%Y %H:%M", "%d-%m-%Y"))
    assert disqualified.when == (Condition("Status", frozenset({"Disqualified", "Lost"})),)
    assert disqualified.attributes == {
        "channel": Template((("", "Channel"),), {"Ringing": "phone", "Mail": "email"})
    }
    assert profile.columns == (
        "Lead ID", "Lead Source", "Created Date", "Owner", "Channel", "Last Status Change", "Status",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("good", "bad", "problem"),
    [
        ("profile: 1", "profile: 2", "1: profile: profile_format"),
        ("source: crm-export", f"source: {'x' * 101}", "2: source: too_long"),
        ("America/Sao_Paulo", "Brasilia", "3: timezone: bad_timezone"),
        ("events:\n", 'delimiter: ",,"\nevents:\n', "4: delimiter: bad_delimiter"),
        ("events:\n", "encoding: rot13\nevents:\n", "4: encoding: bad_encoding"),
        ("events:\n", "encoding: latin-9000\nevents:\n", "4: encoding: bad_encoding"),
        ("events:\n", "sheet: 1\nevents:\n", "4: sheet: unknown_key"),
        ("type: lead.created", "type: Created", "5: events.1.type: bad_event_type"),
        ('id: "{Lead ID}/created"', 'id: "{Lead ID/created"', "6: events.1.id: bad_template"),
        ('id: "{Lead ID}/created"', 'id: "{}/created"', "6: events.1.id: bad_template"),
        ('    id: "{Lead ID}/created"\n', "", "5: events.1.id: missing"),
        ("column: Created Date, ", "", "8: events.1.time.column: missing"),
        ('["%d-%m-%Y %H:%M", "%d-%m-%Y"]', '["%H:%M"]', "8: events.1.time.formats.1: bad_time_format"),
        ('["%d-%m-%Y %H:%M", "%d-%m-%Y"]', '["%d-%m-%Q"]', "8: events.1.time.formats.1: bad_time_format"),
        ('["%d-%m-%Y %H:%M", "%d-%m-%Y"]', "[]", "8: events.1.time.formats: empty_list"),
        ('origin: "{Lead Source}"', 'lead: "{Lead Source}"', "9: events.1.attributes.lead: attribute_is_field"),
        ("[Disqualified, Lost]", "{is: Lost}", "15: events.2.when.Status.not: missing"),
        ("[Disqualified, Lost]", "[]", "15: events.2.when.Status: empty_list"),
        ("[Disqualified, Lost]", "", "15: events.2.when.Status: need_text"),
        ("column: Channel, ", "", "16: events.2.attributes.channel.column: missing"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_line_and_key(good: str, bad: str, problem: str) -> None:
    assert problem in told(read_profile, spoilt(PROFILE, good, bad))


def test_a_row_gives_the_events_whose_conditions_hold(tmp_path: Path) -> None:
    rows = "L1,web,03-08-2026 07:00,ana,05-08-2026, Lost ,Mail\nL2,,03-08-2026,ben,05-08-2026,Open,Mail\n"
    made = events(read(tmp_path, rows))
    assert [(e.id, e.type, e.lead, e.rep, dict(e.attributes), format_instant(e.time)) for e in made] == [
        ("L1/created", "lead.created", "L1", None, {"origin": "web", "grade": "A"}, "2026-08-03T10:00:00Z"),
        ("L1/status", "lead.disqualified", "L1", "ana", {"channel": "email"}, "2026-08-05T03:00:00Z"),
        ("L2/created", "lead.created", "L2", None, {"grade": "A"}, "2026-08-03T03:00:00Z"),
    ]
    assert {e.source for e in made} == {"crm-export"}


def test_an_empty_time_gives_no_such_event_and_no_error(tmp_path: Path) -> None:
    assert read(tmp_path, "L1,web, ,ana,,Lost,Mail\n") == []


def test_each_event_of_a_row_is_accepted_or_fails_alone(tmp_path: Path) -> None:
    offered = read(tmp_path, "L1,web,03-08-2026,ana,soon,Lost,Mail\n")
    assert [event.id for event in events(offered)] == ["L1/created"]
    assert codes(offered) == [(2, "time_format")]


def test_an_id_whose_columns_are_all_empty_is_missing(tmp_path: Path) -> None:
    assert codes(read(tmp_path, ",web,03-08-2026,ana,,,\n")) == [
        (2, "field_missing"),
        (2, "field_missing_for"),
    ]


def test_values_that_are_not_listed_pass_as_they_are(tmp_path: Path) -> None:
    offered = read(tmp_path, "L1,,,ana,03-08-2026,Lost,Fax\nL2,,,ana,03-08-2026,Lost,\n")
    assert [dict(event.attributes) for event in events(offered)] == [{"channel": "Fax"}, {}]


def test_none_of_a_list_and_a_single_text_are_conditions_too(tmp_path: Path) -> None:
    rows = "".join(
        f"{name},,,,03-08-2026,{status},\n"
        for name, status in zip("abcd", ["Lost", "Won", "", "x"], strict=True)
    )
    for condition, ids in {
        "{not: [Won, x]}": ["a/status", "c/status"],
        "{not: Won}": ["a/status", "c/status", "d/status"],
        "Won": ["b/status"],
        '""': ["c/status"],
    }.items():
        made = read(tmp_path, rows, PROFILE.replace("[Disqualified, Lost]", condition))
        assert [event.id for event in events(made)] == ids


def test_without_formats_a_time_is_iso(tmp_path: Path) -> None:
    profile = PROFILE.replace(', formats: ["%d-%m-%Y %H:%M", "%d-%m-%Y"]', "")
    rows = "L1,,2026-08-03T07:00,,,,\nL2,,2026-08-03T10:00:00Z,,,,\nL3,,03-08-2026,,,,\n"
    offered = read(tmp_path, rows, profile)
    assert [format_instant(event.time) for event in events(offered)] == ["2026-08-03T10:00:00Z"] * 2
    assert codes(offered) == [(4, "time_shape")]
    short = PROFILE.replace(
        '{column: Created Date, formats: ["%d-%m-%Y %H:%M", "%d-%m-%Y"]}', '"{Created Date}"'
    )
    assert events(read(tmp_path, rows, short)) == events(offered)


def test_a_time_without_offset_needs_a_zone_from_the_profile_or_the_command(tmp_path: Path) -> None:
    profile = PROFILE.replace("timezone: America/Sao_Paulo\n", "")
    row = "L1,,03-08-2026 10:00,,,,\n"
    assert codes(read(tmp_path, row, profile)) == [(2, "time_no_offset")]
    (event,) = events(read(tmp_path, row, profile, zone=ZoneInfo("UTC")))
    assert format_instant(event.time) == "2026-08-03T10:00:00Z"
    with_offset = profile.replace('"%d-%m-%Y %H:%M"', '"%d-%m-%Y %H:%M %z"')
    assert len(events(read(tmp_path, "L1,,03-08-2026 10:00 +0000,,,,\n", with_offset))) == 1


def test_the_source_of_the_command_goes_before_the_profiles(tmp_path: Path) -> None:
    (event,) = events(read(tmp_path, "L1,,03-08-2026,,,,\n", source="other"))
    assert event.source == "other"
    with pytest.raises(FileProblems, match="names the source"):
        read(tmp_path, "", PROFILE.replace("source: crm-export\n", ""))


def test_columns_that_the_file_lacks_refuse_it_whole_all_at_once(tmp_path: Path) -> None:
    with pytest.raises(FileProblems) as raised:
        read(tmp_path, "", header=HEADER.replace("Owner", "Agent").replace("Status,", "State,"))
    assert [problem.params["found"] for problem in raised.value.problems] == ["`Owner`", "`Status`"]


def test_delimiter_and_encoding_are_the_profiles(tmp_path: Path) -> None:
    profile = PROFILE.replace("events:", 'delimiter: "|"\nencoding: windows-1252\nevents:')
    path = tmp_path / "crm.csv"
    path.write_bytes(
        (HEADER + "L1,café €,03-08-2026,,,,\n").replace(",", "|").encode("cp1252")
        + b"L2|\x81|03-08-2026||||\n"
    )
    offered = list(ProfileEvents(path, read_profile(profile, "p.yaml")))
    assert [dict(event.attributes) for event in events(offered)] == [{"origin": "café €", "grade": "A"}]
    assert codes(offered) == [(3, "attribute_undecodable")]
    utf16 = PROFILE.replace("events:", "encoding: utf-16\nevents:")
    path.write_bytes((HEADER + "L1,日本,03-08-2026,,,,\n").encode("utf-16"))
    (event,) = events(list(ProfileEvents(path, read_profile(utf16, "p.yaml"))))
    assert event.attributes["origin"] == "日本"


def test_rows_of_the_wrong_width_and_blank_lines_are_as_in_any_csv(tmp_path: Path) -> None:
    offered = read(tmp_path, '\nL1,web\nL2,"x\ny",03-08-2026,,,,\n')
    assert codes(offered) == [(3, "row_width")]
    assert [item.line for item in offered] == [3, 4]


def test_braces_are_written_twice() -> None:
    profile = read_profile(PROFILE.replace('"A"', '"{{A}} {Owner}"'), "p.yaml")
    assert profile.events[0].attributes is not None
    assert profile.events[0].attributes["grade"].pieces == (("{A} ", "Owner"),)

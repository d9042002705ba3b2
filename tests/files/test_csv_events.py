"""CSV files of events: a bad row costs only itself, whatever it is."""

import csv
import io
import tracemalloc
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leaderboard.domain.events import Event
from leaderboard.files.events import Accepted, CsvEvents, Offered, Refusal, Rejected, parse_record
from leaderboard.files.problems import FileProblems
from tests.files.documents import written

HEADER = "id,source,type,time,lead,rep,note\n"
AT = "2026-08-03T10:00:00Z"


def row(number: int, note: str = "") -> str:
    return f"{number},crm,lead.created,{AT},L{number},,{note}\n"


def read(
    folder: Path, content: str | bytes, zone: ZoneInfo | None = None, source: str | None = None
) -> list[Offered]:
    return list(CsvEvents(written(folder, "events.csv", content), source, zone))


def ids(offered: list[Offered]) -> list[str]:
    return [item.event.id for item in offered if isinstance(item, Accepted)]


def wrong(offered: list[Offered]) -> list[tuple[int, str]]:
    return [
        (item.line, reason.code) for item in offered if isinstance(item, Rejected) for reason in item.reasons
    ]


def refused(folder: Path, content: str | bytes, source: str | None = None) -> list[str]:
    with pytest.raises(FileProblems) as raised:
        read(folder, content, source=source)
    return [problem.code for problem in raised.value.problems]


def test_a_row_is_an_event_with_its_line(tmp_path: Path) -> None:
    (item,) = read(tmp_path, HEADER + row(1, "hello"))
    assert item == Accepted(
        2,
        Event("crm", "1", "lead.created", 1_785_751_200_000_000, "L1", None, {"note": "hello"}),
        ["1", "crm", "lead.created", AT, "L1", "", "hello"],
    )


def test_columns_may_stand_in_any_order_and_be_left_out(tmp_path: Path) -> None:
    offered = read(tmp_path, f"time,grade,lead,id,type\n{AT},A,L1,1,lead.graded\n", source="crm")
    assert isinstance(offered[0], Accepted)
    assert offered[0].event == Event(
        "crm", "1", "lead.graded", 1_785_751_200_000_000, "L1", None, {"grade": "A"}
    )


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("delimiter", [",", ";"])
def test_delimiters_line_ends_and_byte_order_marks_of_all_kinds_are_read(
    tmp_path: Path, end: str, mark: str, delimiter: str
) -> None:
    text = mark + (HEADER + row(1) + row(2)).replace(",", delimiter).replace("\n", end)
    assert ids(read(tmp_path, text)) == ["1", "2"]


def test_a_quoted_cell_may_hold_line_breaks_and_the_line_is_the_one_where_the_row_starts(
    tmp_path: Path,
) -> None:
    offered = read(tmp_path, HEADER + row(1, '"a\nb, ""c"""') + row(2) + "x\n")
    assert [item.line for item in offered] == [2, 4, 5]
    assert isinstance(offered[0], Accepted)
    assert offered[0].event.attributes == {"note": 'a\nb, "c"'}


def test_spaces_around_cells_are_trimmed_quoted_or_not(tmp_path: Path) -> None:
    offered = read(tmp_path, HEADER + f' 1 , "crm" ,lead.created , {AT} ,  L1,ana ,"x, y" \n')
    assert isinstance(offered[0], Accepted)
    assert offered[0].event[:2] == ("crm", "1")
    assert offered[0].event[4:] == ("L1", "ana", {"note": "x, y"})


def test_blank_lines_are_no_rows(tmp_path: Path) -> None:
    assert [
        item.line for item in read(tmp_path, "\n" + HEADER + "\n" + row(1) + "   \n\n" + row(2) + "\n")
    ] == [4, 7]


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        ("2,crm,lead.created\n", "row_width"),
        (f"2,crm,lead.created,{AT},L2,,,,,\n", "row_width"),
        (f"2,crm,lead.created,{AT},L2,,,=1+1\n", "row_width"),
        (f"2,crm,lead.created,{AT},L\x002,,\n", "field_control"),
        (f"2,crm,lead.created,{AT},L\t2,,\n", "field_control"),
        (f'2,crm,lead.created,{AT},"L\n2",,\n', "field_control"),
        (f'2,crm,lead.created,{AT},L2,,"never closed\n', "row_quote"),
        (f'2,crm,lead.created,{AT},L2,,"a" b\n', "row_quote"),
        (f"2,crm,lead.created,{AT},L\r2,,\n", "row_return"),
        (f"2,crm,lead.created,{AT},L2,,{'x' * 10_001}\n", "attribute_too_long"),
        (f"2,crm,lead.created,{AT},L2,,{'x' * 200_000}\n", "cell_too_long"),
        (f"2,crm,lead.created,{AT},L2,,{'x' * 3_000_000}\n", "row_too_long"),
        (f"2,crm,lead.created,{AT},L2,,{'x,' * 300_000}\n", "row_width"),
        ("2,crm,lead.created,2026-08-03T10:00:00,L2,,\n", "time_no_offset"),
        (f",crm,lead.created,{AT},L2,,\n", "field_missing"),
        (f"2,,lead.created,{AT},L2,,\n", "field_missing"),
        (f"2,crm,lead.assigned,{AT},L2,,\n", "field_missing_for"),
        (",,,,,,\n", "field_missing"),
    ],
)
def test_a_bad_row_is_rejected_alone_with_its_line(tmp_path: Path, bad: str, code: str) -> None:
    offered = read(tmp_path, HEADER + row(1) + bad + row(3) + row(4, '"ok"') + row(5))
    assert ids(offered) == ["1", "3", "4", "5"]
    assert wrong(offered)[0] == (3, code)
    assert {line for line, _ in wrong(offered)} == {3}


def test_a_very_long_row_of_short_cells_is_rejected_by_its_length(tmp_path: Path) -> None:
    offered = read(tmp_path, HEADER + row(1) + "x," * 2_000_000 + "\n" + row(3))
    assert (ids(offered), wrong(offered)) == (["1", "3"], [(3, "row_too_long")])


def test_bytes_that_are_not_utf_8_reject_their_row_only(tmp_path: Path) -> None:
    bad = f"2,crm,lead.created,{AT},L2,,caf".encode() + b"\xe9\n"
    offered = read(tmp_path, (HEADER + row(1)).encode() + bad + row(3, "café").encode())
    assert (ids(offered), wrong(offered)) == (["1", "3"], [(3, "attribute_undecodable")])


def test_text_beyond_ascii_is_read_and_compared_composed(tmp_path: Path) -> None:
    (item,) = read(tmp_path, HEADER + f"Jose\u0301,crm,lead.created,{AT},Jos\u00e9,,日本\r\n")
    assert isinstance(item, Accepted)
    assert (item.event.id, item.event.lead, item.event.attributes) == (
        "Jos\u00e9",
        "Jos\u00e9",
        {"note": "日本"},
    )


def test_a_quote_that_is_never_closed_does_not_swallow_the_rows_after_it(tmp_path: Path) -> None:
    rows = [row(number) for number in range(40_000)]  # over several blocks
    rows[10] = f'10,crm,lead.created,{AT},L10,,"oh\n'
    offered = read(tmp_path, HEADER + "".join(rows))
    assert len(ids(offered)) == 39_999
    assert wrong(offered) == [(12, "row_quote")]


def test_quoted_rows_over_the_borders_of_blocks_are_read_whole(tmp_path: Path) -> None:
    offered = read(tmp_path, HEADER + "".join(row(n, f'"{n}\n{"x" * (n % 50)}"') for n in range(30_000)))
    assert ids(offered) == [str(n) for n in range(30_000)]
    assert [item.line for item in offered] == list(range(2, 60_002, 2))


def test_a_zone_is_for_times_without_offset(tmp_path: Path) -> None:
    local = HEADER + row(1).replace(AT, "2026-08-03T07:00") + row(2)
    times = [
        item.event.time
        for item in read(tmp_path, local, ZoneInfo("America/Sao_Paulo"))
        if isinstance(item, Accepted)
    ]
    assert times == [1_785_751_200_000_000] * 2


@pytest.mark.parametrize(
    ("content", "codes"),
    [
        ("", ["empty_file"]),
        ("\n \n", ["empty_file"]),
        ("id,type,time", ["source_needed"]),
        ("source,lead\n1,2\n", ["header_missing"]),
        ("id,type,time,source,id,lead,lead\n", ["header_twice", "header_twice"]),
        ('"id,type,time\n', ["header_unreadable"]),
        ("id,type,time,source,no\x00te\n", ["header_unreadable"]),
        (b"id,type,time,source,caf\xe9\n", ["header_unreadable"]),
        ("x" * 3_000_000, ["header_unreadable"]),
        (b"PK\x03\x04....", ["not_text"]),
        ("id,type,time,source\n".encode("utf-16"), ["not_text"]),
    ],
)
def test_a_file_that_is_no_csv_of_events_is_refused_whole(
    tmp_path: Path, content: str | bytes, codes: list[str]
) -> None:
    assert refused(tmp_path, content) == codes


@pytest.mark.parametrize(
    ("content", "words"), [("x" * 200_000, "a name in it is longer"), ('"id,type\n', "a quote is opened")]
)
def test_what_is_wrong_with_the_first_line_is_told_in_words(tmp_path: Path, content: str, words: str) -> None:
    with pytest.raises(FileProblems) as refusal:
        read(tmp_path, content)
    assert words in str(refusal.value.problems[0].params["detail"])


def test_what_cannot_be_opened_is_refused_in_words(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none.csv"):
        with pytest.raises(FileProblems, match="cannot be read: "):
            CsvEvents(path)


def test_a_value_in_a_column_without_a_name_rejects_the_row(tmp_path: Path) -> None:
    text = HEADER.replace("note", "note,") + row(1).replace("\n", ",\n") + row(2).replace("\n", ",x\n")
    offered = read(tmp_path, text)
    assert (ids(offered), wrong(offered)) == (["1"], [(3, "cell_without_column")])


def test_progress_goes_up_to_the_size_of_the_file(tmp_path: Path) -> None:
    events = CsvEvents(written(tmp_path, "e.csv", HEADER + "".join(map(row, range(20_000)))))
    seen = [events.bytes_read for _ in events]
    assert seen == sorted(seen)
    assert 0 < seen[0] < seen[-1] == events.size


def test_a_line_without_end_takes_no_memory(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    with path.open("wb") as file:
        file.write((HEADER + row(1)).encode())
        for _ in range(60):
            file.write(b"y" * 1_000_000)
        file.write(b"\n" + row(3).encode())
    tracemalloc.start()
    offered = list(CsvEvents(path))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (ids(offered), wrong(offered)) == (["1", "3"], [(3, "row_too_long")])
    assert peak < 12_000_000
    assert len(offered[1].row[0]) < 1000


# The quick way against the careful one

cells = st.one_of(
    st.sampled_from(
        [
            AT,
            "2026-08-03T10:00:00.5-03:00",
            "2026-08-03 10:00:00z",
            "2026-02-30T10:00:00Z",
            "2026-08-03T10:00:00",
        ]
    ),
    st.sampled_from(
        ["lead.created", "lead.assigned", "event.voided", "outcome.recorded", "Lead", "a.b", "x" * 250]
    ),
    st.sampled_from(
        ["", " ", "1", " crm ", "ana", "e\u0301", "é", "x" * 101, "x" * 201, "=1", "a\tb", "\x00", "\xa0q"]
    ),
    st.text(st.characters(codec="utf-8", exclude_characters="\r"), max_size=5),
)
likely = st.tuples(
    st.text("abc1", min_size=1, max_size=3),
    st.sampled_from(["crm", "tel", " crm"]),
    st.sampled_from(["lead.created", "lead.assigned", "outcome.recorded", "event.voided"]),
    st.sampled_from([AT, "2026-08-03T10:00:00.250-03:00"]),
    st.sampled_from(["L1", "L2 ", ""]),
    st.sampled_from(["ana", "", " "]),
    st.sampled_from(["", "1", "x y"]),
).map(list)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(likely | st.lists(cells, min_size=7, max_size=7), max_size=12), crlf=st.booleans())
def test_a_file_gives_what_each_row_gives_by_itself(
    tmp_path: Path, rows: list[list[str]], crlf: bool
) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n" if crlf else "\n")
    names = ["id", "source", "type", "time", "lead", "rep", "voids"]
    writer.writerows([names, *rows])
    offered = read(tmp_path, text.getvalue())
    expected = [parse_record(dict(zip(names, one, strict=True))) for one in rows]
    assert [
        item.event if isinstance(item, Accepted) else Refusal(item.reasons) for item in offered
    ] == expected

"""The file of rejected rows: the rows as they were, each once, with all its reasons."""

import json
from pathlib import Path

import pytest

from leaderboard.files.event_files import open_events
from leaderboard.files.events import Accepted, Reason, Rejected, RejectedFile
from leaderboard.files.profiles import read_profile
from tests.files.documents import PROFILE, written

AT = "2026-08-03T10:00:00Z"
HEADER = "id,source,type,time,lead,amount\n"
GOOD = f"1,crm,lead.created,{AT},L1,5\n"
CONFLICT = Reason("field_missing", {"field": "peace"})


def reject(path: Path, profile: str | None = None) -> bytes | None:
    """What is written for a file; None if nothing is."""
    read = read_profile(profile, "p.yaml") if profile else None
    with open_events(path, profile=read) as events, RejectedFile(path, events.form) as rejected:
        for item in events:
            if isinstance(item, Rejected):
                rejected.add(item.line, item.row, item.reasons)
        finished = rejected.finish()
    assert not list(path.parent.glob("*.part"))
    return finished.read_bytes() if finished else None


def test_rejected_rows_keep_their_columns_and_get_a_reason(tmp_path: Path) -> None:
    bad = f'2,crm,Lead,{AT},,"=1,5"\n'
    out = reject(written(tmp_path, "e.csv", HEADER + GOOD + bad))
    assert (tmp_path / "e.csv.rejected.csv").exists()
    reason = "type `Lead` is not a lower-case dotted name such as lead.created"
    assert out == f'id,source,type,time,lead,amount,reason\n2,crm,Lead,{AT},,"=1,5",{reason}\n'.encode()


def test_several_reasons_are_joined_and_a_row_of_any_width_has_its_reason_in_its_column(
    tmp_path: Path,
) -> None:
    out = reject(written(tmp_path, "e.csv", HEADER + ",crm,,,,\n1,2\n1,2,3,4,5,6,7\n"))
    assert out is not None
    lines = out.decode().splitlines()
    assert lines[1].endswith(",id is missing; type is missing; time is missing")
    assert lines[2] == '1,2,,,,,"the row has 2 cells, the header 6"'
    assert lines[3] == '1,2,3,4,5,6,"the row has 7 cells, the header 6",7'


def test_nothing_rejected_leaves_no_file_and_removes_a_stale_one(tmp_path: Path) -> None:
    stale = written(tmp_path, "e.csv.rejected.csv", "stale")
    assert reject(written(tmp_path, "e.csv", HEADER + GOOD)) is None
    assert not stale.exists()


def test_delimiter_byte_order_mark_and_broken_bytes_come_out_as_they_came_in(tmp_path: Path) -> None:
    content = (
        b"\xef\xbb\xbf"
        + HEADER.replace(",", ";").encode()
        + f"2;crm;lead.created;{AT};L".encode()
        + b"\xe9;\xc3\xa9\n"
    )
    out = reject(written(tmp_path, "e.csv", content))
    assert out is not None
    head, line = out.splitlines()
    assert head == b"\xef\xbb\xbfid;source;type;time;lead;amount;reason"
    assert (
        line == f"2;crm;lead.created;{AT};L".encode() + b"\xe9;\xc3\xa9;lead holds bytes that are not UTF-8"
    )


def test_a_corrected_rejected_file_is_imported_without_our_column(tmp_path: Path) -> None:
    path = written(tmp_path, "e.csv", HEADER + f"2,crm,Lead,{AT},L2,5\n3,crm,Lead,{AT},L3,5\n")
    out = reject(path)
    assert out is not None
    again = written(tmp_path, "e.csv.rejected.csv", out.replace(b"2,crm,Lead", b"2,crm,lead.created"))
    first, second = open_events(again)
    assert isinstance(first, Accepted)
    assert first.event.attributes == {"amount": "5"}
    assert isinstance(second, Rejected)
    third = reject(again)
    assert third is not None
    assert third.splitlines()[0] == b"id,source,type,time,lead,amount,reason"
    assert third.count(b"is not a lower-case") == 1


def test_a_column_named_reason_of_the_files_own_is_an_attribute(tmp_path: Path) -> None:
    path = written(
        tmp_path, "e.csv", HEADER.replace("amount", "reason") + GOOD + f"2,crm,Lead,{AT},L2,mine\n"
    )
    first, _ = open_events(path)
    assert isinstance(first, Accepted)
    assert first.event.attributes == {"reason": "5"}
    out = reject(path)
    assert out is not None
    again = written(tmp_path, "e.csv.rejected.csv", out.replace(b"Lead", b"lead.created"))
    (item,) = open_events(again)
    assert isinstance(item, Accepted)
    assert item.event.attributes == {"reason": "mine"}


def test_a_rejected_line_of_ndjson_keeps_its_numbers_as_written(tmp_path: Path) -> None:
    event = '{"id": 2, "source": "crm", "type": "Lead", "time": "AT", "lead": "L", "n": 1.50}'.replace(
        "AT", AT
    )
    path = written(tmp_path, "e.ndjson", event + "\nnope\n{}\n" + event.replace('"n"', '"reason"') + "\n")
    out = reject(path)
    assert out is not None
    assert (tmp_path / "e.ndjson.rejected.ndjson").exists()
    first, second, third, fourth = out.decode().splitlines()
    assert first.startswith(event[:-1] + ',"reason":"type ')
    assert json.loads(second) == {
        "line": "nope",
        "reason": "the line is no JSON: Expecting value at line 1 column 1",
    }
    assert json.loads(third)["reason"].startswith("id is missing")
    assert json.loads(fourth)["reason"] == 1.50
    assert json.loads(fourth)["rejection"].startswith("type ")
    again = written(tmp_path, "e.ndjson.rejected.ndjson", out.replace(b"Lead", b"lead.created"))
    found = [item.event.attributes for item in open_events(again) if isinstance(item, Accepted)]
    assert found == [{"n": "1.50"}, {"reason": "1.50"}]


def test_a_row_of_several_events_is_written_once_with_all_its_reasons(tmp_path: Path) -> None:
    header = "Lead ID,Lead Source,Created Date,Owner,Last Status Change,Status,Channel\n"
    path = written(tmp_path, "crm.csv", header + "L1,web,soon,ana,later,Lost,Mail\n")
    out = reject(path, PROFILE)
    assert out is not None
    (line,) = out.decode().splitlines()[1:]
    assert line.count("fits none of the formats") == 2


def test_reasons_that_come_later_join_their_row_and_rows_stay_in_order(tmp_path: Path) -> None:
    path = written(tmp_path, "e.csv", HEADER)
    with open_events(path) as events, RejectedFile(path, events.form) as rejected:
        rejected.add(5, ["5"], (Reason("row_quote"),))
        rejected.add(3, ["3"], (CONFLICT,))
        rejected.flush()
        rejected.add(5, ["5"], (CONFLICT, CONFLICT))
        finished = rejected.finish()
    assert rejected.rows == 2
    assert finished is not None
    lines = finished.read_text().splitlines()[1:]
    assert [line[0] for line in lines] == ["3", "5"]
    assert lines[1].count("peace is missing") == 1
    assert "a quote is opened" in lines[1]


def fail_halfway(path: Path) -> None:
    with open_events(path) as events, RejectedFile(path, events.form) as rejected:
        rejected.add(2, ["2"], (CONFLICT,))
        rejected.add(3, ["3"], (CONFLICT,))
        rejected.flush()
        raise RuntimeError


def test_an_import_that_fails_leaves_no_half_written_file(tmp_path: Path) -> None:
    path = written(tmp_path, "e.csv", HEADER)
    with pytest.raises(RuntimeError):
        fail_halfway(path)
    assert [one.name for one in tmp_path.iterdir()] == ["e.csv"]

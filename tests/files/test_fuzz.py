"""Whatever bytes come: a result or problems in words, soon."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from leaderboard.files.event_files import open_events
from leaderboard.files.events import NotJson, Rejected, RejectedFile, read_body
from leaderboard.files.problems import FileProblems
from leaderboard.files.profiles import read_profile
from leaderboard.files.roster import read_roster, write_roster
from leaderboard.files.rulebook import read_rulebook, write_rulebook
from tests.files.documents import PROFILE, ROSTER, RULEBOOK, written

FUZZ = settings(
    max_examples=150,
    deadline=timedelta(seconds=2),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
PIECES = [
    *(b"\n", b"\r", b"\t", b"\x00", b"\xff", b"\xed\xa0\x80", b"\xef\xbb\xbf", b"---\n"),
    *(b": ", b"- ", b"[", b"]", b"{", b"}", b"'", b'"', b"&a", b"*a", b"!!x", b"|", b">", b"#", b"%", b","),
    *(b"~", b"null", b"9" * 50, b"1e999", b"<<: "),
]


@st.composite
def spoilt_bytes(draw: st.DrawFn, good: bytes) -> bytes:
    """A good document with pieces put in, cut out and moved."""
    for _ in range(draw(st.integers(1, 6))):
        start, end = sorted(draw(st.tuples(st.integers(0, len(good)), st.integers(0, len(good)))))
        piece = draw(st.sampled_from(PIECES) | st.binary(max_size=4))
        good = good[:start] + piece + good[start if draw(st.booleans()) else min(end, start + 30) :]
    return good


def check(problems: FileProblems) -> None:
    """Problems are told in words, one a line."""
    assert problems.problems
    assert len(problems.lines) == len(str(problems).splitlines())


def problems_or_result(read: Callable[[bytes, str], object], document: bytes) -> object:
    try:
        return read(document, "f.yaml")
    except FileProblems as problems:
        return check(problems)


@FUZZ
@given(st.binary() | spoilt_bytes(RULEBOOK.encode()))
@example(b"a: \xc2\x85b")
def test_any_bytes_are_a_rulebook_or_problems(document: bytes) -> None:
    rulebook = problems_or_result(read_rulebook, document)
    if rulebook is not None:
        assert read_rulebook(write_rulebook(rulebook), "again") == rulebook  # type: ignore[arg-type]


@FUZZ
@given(st.binary() | spoilt_bytes(ROSTER.encode()))
def test_any_bytes_are_a_roster_or_problems(document: bytes) -> None:
    roster = problems_or_result(read_roster, document)
    if roster is not None:
        assert read_roster(write_roster(roster), "again") == roster  # type: ignore[arg-type]


@FUZZ
@given(st.binary() | spoilt_bytes(PROFILE.encode()))
def test_any_bytes_are_a_profile_or_problems(document: bytes) -> None:
    problems_or_result(read_profile, document)


CSV = b'id,source,type,time,lead,rep,note\n1,crm,lead.created,2026-08-03T10:00:00Z,L1,,"a ""b"", c"\n' * 2
NDJSON = (
    b'{"id":"1","source":"crm","type":"lead.created","time":"2026-08-03T10:00:00Z","lead":"L1","n":1.5,"x":null}\n'
    * 2
)


def read_and_reject(path: Path, profile: str | None = None) -> None:
    try:
        events = open_events(path, "crm", profile=read_profile(profile, "p") if profile else None)
    except FileProblems as problems:
        check(problems)
        return
    lines = [0]
    with events, RejectedFile(path, events.form) as rejected:
        for item in events:
            lines.append(item.line)
            if isinstance(item, Rejected):
                assert all(reason.message for reason in item.reasons)
                rejected.add(item.line, item.row, item.reasons)
        rejected.finish()
    assert lines == sorted(lines)


@FUZZ
@given(
    st.binary() | spoilt_bytes(CSV) | spoilt_bytes(NDJSON),
    st.sampled_from(["e.csv", "e.ndjson", "e.json", "e"]),
)
def test_any_bytes_are_events_and_rejected_rows_or_problems(
    tmp_path: Path, content: bytes, name: str
) -> None:
    read_and_reject(written(tmp_path, name, content))


@FUZZ
@given(
    spoilt_bytes(
        b'Lead ID,Lead Source,Created Date,Owner,Last Status Change,Status,Channel\nL1,"w",03-08-2026,a,,Lost,x\n'
    ),
    st.sampled_from(["utf-8", "utf-16", "utf-32", "windows-1252", "shift_jis", "gb18030", "utf-7", "ascii"]),
)
def test_any_bytes_are_read_by_a_profile_in_any_encoding(
    tmp_path: Path, content: bytes, encoding: str
) -> None:
    if encoding.startswith(("utf-16", "utf-32")):
        content = content.decode("latin-1").encode(encoding) + b"\x00"
    read_and_reject(
        written(tmp_path, "crm.csv", content), PROFILE.replace("events:", f"encoding: {encoding}\nevents:")
    )


@FUZZ
@given(
    st.binary()
    | spoilt_bytes(NDJSON.splitlines()[0])
    | spoilt_bytes(b"[" + NDJSON.replace(b"\n", b",") + b"{}]")
)
def test_any_body_is_events_or_no_json(body: bytes) -> None:
    try:
        found = read_body(body)
    except NotJson:
        found = ()
    assert [event.index for event in found] == list(range(len(found)))


@pytest.mark.parametrize(
    "pattern",
    [
        b"[",
        b"{",
        b"- ",
        b"? ",
        b"a: ",
        b"&a ",
        b"*a ",
        b"[],",
        b"a,",
        b'"',
        b"'",
        b"|\n",
        b"#",
        b"\n",
        b"---\n",
        b"{}",
    ],
)
def test_five_megabytes_of_nonsense_are_refused_in_seconds(pattern: bytes) -> None:
    document = pattern * (4_900_000 // len(pattern))
    for start in (b"", b"x: [", b"x: {"):
        problems_or_result(read_roster, start + document)
    with pytest.raises(NotJson):
        read_body(document)

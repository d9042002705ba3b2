"""Rosters as CSV: the same rosters as in YAML, held to the same rules, told by line and column."""

import datetime as dt
import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leaderboard.domain.roster import Rep, Roster, Team, TeamSpan, TimeOff
from leaderboard.files.problems import FileProblems
from leaderboard.files.roster import read_roster
from leaderboard.files.roster_csv import COLUMNS, read_roster_csv, write_roster_csv
from leaderboard.files.roster_files import read_roster_file
from tests.files.documents import ROSTER, spoilt, told

CSV = """\
id,name,email,aliases,team,from,until,off_from,off_until,team_name,department,manager
,,,,inbound,,,,,Inbound,sales,rui
rui,Rui Faria,,,,,,,,,,
ana,Ana Souza,ana@example.com,0055A00000BxYzQ; asouza,outbound,2026-07-01,,2026-02-09,2026-02-13,Outbound,sales,
ana,,,,inbound,2026-01-01,2026-06-30,,,,,
"""

PLAIN = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cf", "Zl", "Zp", "Zs"))
ODD = st.sampled_from(["=1+1", "'=x", "''-y", "a;b", 'q"q', "'plain", "null", "~", "+55"])
NAMED = (st.text(PLAIN, min_size=1, max_size=8) | ODD).map(lambda text: unicodedata.normalize("NFC", text))
TEAMS = ("a", "b.c")


@st.composite
def rosters(draw: st.DrawFn) -> Roster:
    names: list[str] = draw(st.lists(NAMED, unique=True))
    ids, others = names[: len(names) // 2], names[len(names) // 2 :]
    managers: list[str | None] = [*ids, None]
    teams = {one: Team(one, draw(NAMED), "sales", draw(st.sampled_from(managers))) for one in TEAMS}
    reps = {}
    for rep_id in ids:
        days = sorted(draw(st.sets(st.dates(dt.date(2020, 1, 1), dt.date(2027, 1, 1)), max_size=4)))
        spans = tuple(
            TeamSpan(draw(st.sampled_from(TEAMS)), start, end)
            for start, end in zip(days[::2], days[1::2], strict=False)
        )
        aliases = tuple(others[-1:]) if rep_id == ids[0] else ()
        offs = tuple(TimeOff(day, day) for day in days)
        reps[rep_id] = Rep(rep_id, draw(NAMED), None, aliases, spans, offs)
    return Roster(teams, reps)


def test_a_table_says_what_the_yaml_says() -> None:
    found, wanted = read_roster_csv(CSV, "f.csv"), read_roster(ROSTER, "f.yaml")
    assert found == wanted
    assert read_roster_file(CSV.encode(), "Roster.CSV") == read_roster_file(ROSTER.encode(), "roster.yaml")


@given(rosters())
def test_what_is_written_is_read_again_the_same(roster: Roster) -> None:
    assert read_roster_csv(write_roster_csv(roster), "f.csv") == roster


def test_no_cell_is_taken_for_a_formula() -> None:
    names = ("=1+1", "+55 11", "-x", "@here", "＝full")
    roster = Roster({}, {name: Rep(name, name, None, (f"{name}!",)) for name in names})
    written = write_roster_csv(roster)
    for line in written.splitlines()[1:]:
        assert all(not cell.startswith(("=", "+", "-", "@", "＝")) for cell in line.split(","))
    assert read_roster_csv(written, "f.csv") == roster


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("asouza", 'asouza"').replace("0055", '"0055').replace(",", ";"),
        lambda text: text.replace(",", "\t"),
        lambda text: "\ufeff" + text.replace("\n", "\r\n"),
        lambda text: text.replace("id,name", "ID, Name"),
        lambda text: "\n" + text + "\n,,,,,,,,,,,\n",
    ],
)
def test_what_spreadsheets_make_of_it_is_read_too(change: Callable[[str], str]) -> None:
    assert read_roster_csv(change(CSV).encode(), "f.csv") == read_roster(ROSTER, "f.yaml")


@pytest.mark.parametrize(
    ("good", "bad", "problem"),
    [
        ("inbound,,,,,Inbound", "in bound,,,,,Inbound", "2: team: bad_id"),
        (",Inbound,sales,rui", ",,sales,rui", "2: team_name: missing"),
        (",Inbound,sales,rui", ",Inbound,,rui", "2: department: missing"),
        ("sales,rui", "sales,rue", "2: manager: unknown_reference_near"),
        ("Rui Faria,,", ",,", "3: name: missing"),
        ("rui,Rui Faria,,,,,,", "rui,Rui Faria,,,,,2026-01-01,", "3: team: missing"),
        ("ana@example.com", "ana at example", "4: email: bad_email"),
        ("; asouza", "; rui", "4: aliases: name_taken"),
        ("ana,,,,inbound,2026-01-01,2026-06-30", "ana,,,,inbound,,2026-06-30", "5: from: missing"),
        ("2026-06-30", "30/06/2026", "5: until: need_date"),
        ("2026-06-30", "2025-06-30", "5: until: until_before_from"),
        ("2026-06-30", "2026-07-01", "4: from: spans_overlap"),
        ("2026-02-13", "", "4: off_until: missing"),
        ("2026-02-13", "2026-02-08", "4: off_until: until_before_from"),
        ("\nana,,,", "\nana,Anna,,", "5: name: row_says_otherwise"),
        ("\nana,,,,inbound", "\n,,,,inbound", "5: from: cell_needs"),
        ("rui,Rui Faria,,,,,,,,,,", "rui,Rui Faria,,,,,,,,,sales,", "3: department: cell_needs"),
        ("rui,Rui Faria,,,,,,,,,,", "rui,Rui Faria,,,,,,,,,,,,x", "3: row: row_width"),
        ("manager\n", "boss\n", "1: boss: unknown_key"),
        ("email,aliases", "email,email", "1: email: header_twice"),
        ("rui,Rui Faria", 'rui,"Rui" Faria', "3: row: row_quote"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_line_and_column(good: str, bad: str, problem: str) -> None:
    assert problem in told(read_roster_csv, spoilt(CSV, good, bad))


def test_all_that_is_wrong_is_told_at_once() -> None:
    bad = (
        CSV.replace("ana@example.com", "ana").replace("2026-06-30", "x").replace("sales,rui", "sales,nobody")
    )
    assert len(told(read_roster_csv, bad)) == 3


@pytest.mark.parametrize(
    "nonsense", [b"", b"PK\x03\x04zip", b"\xff\xfea", b"a,b\n1,2", b"\x00", b"caf\xe9,id", b"name\nx"]
)
def test_nonsense_is_refused(nonsense: bytes) -> None:
    with pytest.raises(FileProblems):
        read_roster_csv(nonsense, "f.csv")


def test_an_empty_roster_is_a_header() -> None:
    assert write_roster_csv(Roster()).strip() == ",".join(COLUMNS)
    assert read_roster_csv(write_roster_csv(Roster()), "f.csv") == Roster()

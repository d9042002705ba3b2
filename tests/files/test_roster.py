"""Roster files (rulebook.md, Roster)."""

import datetime as dt

import pytest

from leaderboard.domain.roster import TeamSpan, TimeOff
from leaderboard.files.roster import read_roster
from tests.files.documents import ROSTER, spoilt, told


def test_a_roster_is_read_with_spans_in_the_order_of_their_dates() -> None:
    roster = read_roster(ROSTER, "f.yaml")
    assert roster.teams["inbound"].manager == "rui"
    ana = roster.reps["ana"]
    assert ana.teams == (
        TeamSpan("inbound", dt.date(2026, 1, 1), dt.date(2026, 6, 30)),
        TeamSpan("outbound", dt.date(2026, 7, 1)),
    )
    assert ana.time_off == (TimeOff(dt.date(2026, 2, 9), dt.date(2026, 2, 13)),)
    assert roster.resolve("asouza") == "ana"


@pytest.mark.parametrize(
    ("good", "bad", "problem"),
    [
        ("  outbound:", "  out bound: {name: O, department: d}\n  outbound:", "3: teams.out bound: bad_id"),
        ("name: Inbound, ", "", "2: teams.inbound.name: missing"),
        ("department: sales, manager", "manager", "2: teams.inbound.department: missing"),
        ("manager: rui", "manager: rue", "2: teams.inbound.manager: unknown_reference_near"),
        ("manager: rui", 'manager: ""', "2: teams.inbound.manager: need_text"),
        ("{name: Rui Faria}", "{}", "5: reps.rui.name: missing"),
        ("{name: Rui Faria}", "", "5: reps.rui: need_mapping"),
        ("{name: Rui Faria}", "{name: Rui, nickname: R}", "5: reps.rui.nickname: unknown_key_near"),
        ("  rui: {", "  ana: {name: A}\n  rui: {", "7: reps.ana: duplicate_key"),
        ("  ana:", f"  {'a' * 201}:", f"6: reps.{'a' * 199}…: too_long"),
        ("  ana:", '  "":', "6: reps.(empty): need_text"),
        ("ana@example.com", "ana at example", "8: reps.ana.email: bad_email"),
        ("asouza]", "rui]", "9: reps.ana.aliases.2: name_taken"),
        ("{name: Rui Faria}", "{name: R, aliases: [asouza]}", "9: reps.ana.aliases.2: name_taken"),
        ("[0055A00000BxYzQ, asouza]", "asouza", "9: reps.ana.aliases: need_list"),
        ("team: outbound", "team: outbond", "11: reps.ana.teams.1.team: unknown_reference_near"),
        ("team: outbound, ", "", "11: reps.ana.teams.1.team: missing"),
        ("until: 2026-06-30", "until: 2025-06-30", "12: reps.ana.teams.2.until: until_before_from"),
        ("until: 2026-06-30", "until: 2026-07-01", "11: reps.ana.teams.1: spans_overlap"),
        (", until: 2026-06-30", "", "11: reps.ana.teams.1: spans_overlap"),
        ("until: 2026-06-30", "until: 30/06/2026", "12: reps.ana.teams.2.until: need_date"),
        (", until: 2026-02-13", "", "14: reps.ana.time_off.1.until: missing"),
        ("until: 2026-02-13", "until: 2026-02-08", "14: reps.ana.time_off.1.until: until_before_from"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_line_and_key(good: str, bad: str, problem: str) -> None:
    assert told(read_roster, spoilt(ROSTER, good, bad)) == [problem]


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        ("rui: {name", "NO: {name: Ingrid}\n  rui: {name"),
        ("asouza]", "ana]"),  # her own id
        ("asouza]", "0055A00000BxYzQ]"),  # twice hers
        ("department: sales}", "department: support}"),
        ("until: 2026-02-13", "until: 9999-12-31"),
        ("time_off:", "time_off:\n      - {from: 2026-02-10, until: 2026-02-11}"),
        ("  ana:", "  Ana Souza / 7:"),
    ],
)
def test_what_the_specification_allows_is_accepted(good: str, bad: str) -> None:
    assert told(read_roster, spoilt(ROSTER, good, bad)) == []


def test_a_span_within_a_longer_one_is_found_even_behind_others() -> None:
    document = ROSTER.replace(", until: 2026-06-30", "")
    document = document.replace("from: 2026-07-01", "from: 2026-02-01, until: 2026-02-02")
    document = document.replace("    time_off:", "      - {team: outbound, from: 2026-03-01}\n    time_off:")
    assert told(read_roster, document) == [
        "11: reps.ana.teams.1: spans_overlap",
        "13: reps.ana.teams.3: spans_overlap",
    ]


def test_names_are_compared_in_their_composed_form() -> None:
    composed, decomposed = "Jos\u00e9", "Jose\u0301"
    roster = read_roster(f"reps: {{{decomposed}: {{name: J}}}}", "f.yaml")
    assert list(roster.reps) == [composed]
    twice = f"reps: {{{composed}: {{name: J}}, {decomposed}: {{name: K}}}}"
    assert told(read_roster, twice) == ["1: reps.Jose\u0301: rep_given_twice"]
    alias = f"reps: {{a: {{name: A, aliases: [{composed}]}}, {decomposed}: {{name: K}}}}"
    assert told(read_roster, alias) == ["1: reps.a.aliases.1: name_taken"]


def test_many_problems_in_a_large_roster_are_told_quickly() -> None:
    reps = "\n".join(f"  r{i}: {{name: R, teams: [{{team: t{i}, from: 2026-01-01}}]}}" for i in range(5_000))
    assert len(told(read_roster, "reps:\n" + reps)) == 5_000

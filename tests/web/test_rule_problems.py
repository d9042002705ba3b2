"""What is wrong with a rulebook is told in every language, with its line."""

from leaderboard.files.messages import ENGLISH
from leaderboard.files.problems import Problem
from leaderboard.web.presenters.rule_problems import SPOKEN, present_problems

_NOT_MET = {"unreadable"}
"""Of files that are opened by name."""


def test_every_problem_that_a_rulebook_can_have_is_marked_for_translation() -> None:
    told = list(ENGLISH)
    met = {ENGLISH[code] for code in told[: told.index("until_before_from") + 1] if code not in _NOT_MET}
    assert sorted(met ^ set(SPOKEN)) == []


def test_a_problem_shows_its_line_as_it_stands() -> None:
    document = "rulebook: 1\norganization: {currency: <b>}\n"
    problems = (
        Problem(2, "organization.currency", "bad_currency", {"found": "`<b>`"}),
        Problem(9, "file", "empty_file"),
    )
    (one, whole) = present_problems(problems, document)
    assert (one.line, one.text, one.key) == (2, "organization: {currency: <b>}", "organization.currency")
    assert one.words == "Expected a currency's three capital letters, such as BRL, found “<b>”"
    assert (whole.line, whole.text, whole.key, whole.words) == (None, "", "", "Is empty")

"""A rulebook for a later month: what ended before it is left out, whatever its key looks like."""

from leaderboard.files.rulebook.moving import without_ended

DOCUMENT = """\
rulebook: 1
effective_from: 2030-06-01
organization: {name: Acme, timezone: UTC, currency: EUR}
service_levels:
  quiet: {name: Quiet, party: sales, measure: recorded, target: 0.9}
tasks:
"""


def task(key: str, until: str) -> str:
    return f"  {key}: {{name: T{key[-3:]}, until: {until}, prize: {{points: 1}}}}\n"


def test_what_has_ended_goes_by_its_whole_key() -> None:
    stays = task("k" * 199 + "1", "2030-07-01")
    ended = ("k" * 199 + "2", "a.b.c", "old")
    document = DOCUMENT + stays + "".join(task(key, "2030-05-01") for key in ended)
    assert without_ended(document) == (DOCUMENT + stays, ("Tkk2", "Tb.c", "Told"))

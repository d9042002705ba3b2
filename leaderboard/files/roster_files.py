"""A roster's file, of whichever kind it is."""

from leaderboard.domain.roster import Roster
from leaderboard.files.roster import read_roster
from leaderboard.files.roster_csv import read_roster_csv

_TABLES = (".csv", ".tsv", ".txt")


def read_roster_file(document: bytes, name: str) -> Roster:
    """The roster of a CSV file, by its name's ending, else of a YAML file. Raises FileProblems."""
    read = read_roster_csv if name.lower().endswith(_TABLES) else read_roster
    return read(document, name)

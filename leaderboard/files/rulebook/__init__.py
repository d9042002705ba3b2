"""Rulebook files (rulebook.md): reading with every problem told, and writing."""

from leaderboard.files.rulebook.reader import read_rulebook
from leaderboard.files.rulebook.regions import resolve_holidays, with_holidays
from leaderboard.files.rulebook.writer import canonical, write_rulebook

__all__ = ["canonical", "read_rulebook", "resolve_holidays", "with_holidays", "write_rulebook"]

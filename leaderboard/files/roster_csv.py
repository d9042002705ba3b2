"""Rosters as CSV: a row for each team, each team span and each time off (docs/administrator.md, The roster as a file).

The rows are put together to the tree that a YAML roster is read from, so that both kinds of file are held to the same
rules; what is wrong is told with the row's line and the column.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import zip_longest

from leaderboard.domain.roster import Rep, Roster, Team, TeamSpan, TimeOff
from leaderboard.files import values
from leaderboard.files.csv_out import csv_lines, safe_cell
from leaderboard.files.messages import shown
from leaderboard.files.problems import FileProblems, Problem, refuse
from leaderboard.files.roster import roster_of
from leaderboard.files.values import Value
from leaderboard.files.yaml_nodes import MOST_NODES, ListNode, MapNode, Node, Scalar, text_of

COLUMNS = (
    "id", "name", "email", "aliases", "team", "from", "until", "off_from", "off_until",
    "team_name", "department", "manager",
)  # fmt: skip
_REP_COLUMNS = {"name": "name", "email": "email"}
_TEAM_COLUMNS = {"name": "team_name", "department": "department", "manager": "manager"}
_SPAN_COLUMNS = {"team": "team", "from": "from", "until": "until"}
_OFF_COLUMNS = {"from": "off_from", "until": "off_until"}
_DELIMITERS = ",;\t"
_BETWEEN_ALIASES = ";"
_IN_LIST = re.compile(r"\.(teams|time_off)\.\d+(?:\.(\w+))?$")


@dataclass(slots=True)
class _Entry:
    """A rep or a team as its rows tell it so far: each fact with the line that told it."""

    line: int
    facts: dict[str, Scalar] = field(default_factory=dict)
    aliases: list[Node] = field(default_factory=list)
    spans: list[Node] = field(default_factory=list)
    times_off: list[Node] = field(default_factory=list)

    def node(self) -> MapNode:
        entries: dict[str, tuple[Scalar, Node]] = {
            key: (Scalar(key, told.line), told) for key, told in self.facts.items()
        }
        lists = {"aliases": self.aliases, "teams": self.spans, "time_off": self.times_off}
        for key, items in lists.items():
            if items:
                entries[key] = (Scalar(key, items[0].line), ListNode(tuple(items), items[0].line))
        return MapNode(entries, self.line)


@dataclass(frozen=True, slots=True)
class _Row:
    """The cells that hold something, by column."""

    line: int
    cells: Mapping[str, str]

    def scalar(self, column: str) -> Scalar:
        return Scalar(self.cells[column], self.line, plain=False)

    def part(self, columns: Mapping[str, str]) -> MapNode | None:
        """The columns that are filled in, as a mapping by the keys of a YAML roster."""
        entries: dict[str, tuple[Scalar, Node]] = {
            key: (Scalar(key, self.line), self.scalar(column))
            for key, column in columns.items()
            if column in self.cells
        }
        return MapNode(entries, self.line) if entries else None


def read_roster_csv(document: str | bytes, name: str) -> Roster:
    """The roster of a CSV text. `name` is the file's. Raises FileProblems with all that is wrong."""
    problems: list[Problem] = []
    tree = _Tree(problems)
    for row in _rows(text_of(document, name), name, problems):
        tree.take(row)
    root = Value(tree.node(), "", problems)
    result = root.read(roster_of, Roster())
    if problems:
        raise FileProblems(
            name, [Problem(one.line, _column(one.key), one.code, one.params) for one in problems]
        )
    return values.finish(root, name, result)


class _Tree:
    """Puts the rows together."""

    def __init__(self, problems: list[Problem]) -> None:
        self._problems = problems
        self._teams: dict[str, _Entry] = {}
        self._reps: dict[str, _Entry] = {}

    def take(self, row: _Row) -> None:
        """A row names a team, a rep, or both: then the rep was in the team from one date to another."""
        if "team" in row.cells:
            team = self._teams.setdefault(row.cells["team"], _Entry(row.line))
            self._tell(team, row, _TEAM_COLUMNS)
        else:
            self._refuse(row, _TEAM_COLUMNS.values(), "team")
        if "id" not in row.cells:
            of_a_rep = (*_REP_COLUMNS.values(), "aliases", "from", "until", *_OFF_COLUMNS.values())
            self._refuse(row, of_a_rep, "id")
            return
        rep = self._reps.setdefault(row.cells["id"], _Entry(row.line))
        self._tell(rep, row, _REP_COLUMNS)
        if "aliases" in row.cells:
            rep.aliases.extend(Scalar(one, row.line, plain=False) for one in _aliases(row.cells["aliases"]))
        for columns, found in ((_SPAN_COLUMNS, rep.spans), (_OFF_COLUMNS, rep.times_off)):
            part = row.part(columns)
            if part is not None:
                found.append(part)

    def _tell(self, entry: _Entry, row: _Row, columns: Mapping[str, str]) -> None:
        for key, column in columns.items():
            if column not in row.cells:
                continue
            told = entry.facts.setdefault(key, row.scalar(column))
            if told.text != row.cells[column]:
                self._problems.append(
                    Problem(
                        row.line, column, "row_says_otherwise", {"line": told.line, "other": shown(told.text)}
                    )
                )

    def _refuse(self, row: _Row, columns: Iterable[str], needs: str) -> None:
        for column in columns:
            if column in row.cells:
                self._problems.append(Problem(row.line, column, "cell_needs", {"column": needs}))

    def node(self) -> MapNode:
        return MapNode(
            {"teams": _section("teams", self._teams), "reps": _section("reps", self._reps)},
            1,
        )


def _section(key: str, entries: Mapping[str, _Entry]) -> tuple[Scalar, Node]:
    nodes: dict[str, tuple[Scalar, Node]] = {
        name: (Scalar(name, entry.line, plain=False), entry.node()) for name, entry in entries.items()
    }
    return Scalar(key, 1), MapNode(nodes, 1)


def _column(key: str) -> str:
    """The column of a key of the tree: `reps.ana.teams.2.from` is `from`."""
    kind, _, rest = key.partition(".")
    if kind not in ("teams", "reps"):
        return key
    if kind == "reps" and (found := _IN_LIST.search(rest)):
        columns = _SPAN_COLUMNS if found[1] == "teams" else _OFF_COLUMNS
        return columns[found[2] or "from"]
    if kind == "reps" and re.search(r"\.aliases(\.\d+)?$", rest):
        return "aliases"
    columns, whole = (_REP_COLUMNS, "id") if kind == "reps" else (_TEAM_COLUMNS, "team")
    return columns.get(rest.rpartition(".")[2], whole)


def _rows(text: str, name: str, problems: list[Problem]) -> Iterator[_Row]:
    """The rows below the header that hold anything. Raises FileProblems where the header is no roster's."""
    reader = csv.reader(text.splitlines(keepends=True), delimiter=_delimiter(text), strict=True)
    lines = _numbered(reader, problems)
    header_line, header = next(lines, (1, []))
    columns = _columns(name, header_line, header)
    for number, (line, cells) in enumerate(lines):
        if number * len(COLUMNS) > MOST_NODES:
            raise refuse(name, "too_many_values", line, most=MOST_NODES)
        yield _row(line, columns, cells, problems)


def _numbered(reader: Iterator[list[str]], problems: list[Problem]) -> Iterator[tuple[int, list[str]]]:
    """Each row with the line it begins in; blank ones are left out."""
    line = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            problems.append(Problem(line, "row", "row_quote"))
            line = reader.line_num + 1  # type: ignore[attr-defined]
            continue
        if any(map(str.strip, cells)):
            yield line, cells
        line = reader.line_num + 1  # type: ignore[attr-defined]


def _delimiter(text: str) -> str:
    """What stands between the columns' names: spreadsheets of some countries write semicolons."""
    header = next((line for line in text.splitlines() if line.strip()), "")
    return max(_DELIMITERS, key=header.count)


def _columns(name: str, line: int, header: list[str]) -> list[str]:
    columns = [cell.strip().lower() for cell in header]
    problems = [
        Problem(line, column or "header", "unknown_key", {"known": ", ".join(COLUMNS)})
        for column in columns
        if column not in COLUMNS and column
    ]
    problems += [
        Problem(line, column, "header_twice", {"found": shown(column)})
        for column in COLUMNS
        if columns.count(column) > 1
    ]
    if "id" not in columns and "team" not in columns:
        known = ", ".join(filter(None, columns)) or "–"
        problems.append(
            Problem(line, "header", "header_missing", {"missing": "id, name, team", "known": known})
        )
    if problems:
        raise FileProblems(name, problems)
    return columns


def _row(line: int, columns: list[str], cells: list[str], problems: list[Problem]) -> _Row:
    found = {}
    if len(cells) > len(columns) and any(map(str.strip, cells[len(columns) :])):
        problems.append(Problem(line, "row", "row_width", {"found": len(cells), "expected": len(columns)}))
    for column, cell in zip_longest(columns, cells[: len(columns)], fillvalue=""):
        written = _unescaped(cell.strip())
        if written and column:
            found[column] = written
    return _Row(line, found)


def _aliases(cell: str) -> list[str]:
    """The names in a cell; one that holds a semicolon stands in quotes."""
    try:
        found = next(csv.reader([cell], delimiter=_BETWEEN_ALIASES, skipinitialspace=True, strict=True))
    except csv.Error:
        found = cell.split(_BETWEEN_ALIASES)
    return [one.strip() for one in found if one.strip()]


def _is_escaped(cell: str) -> bool:
    """Whether the apostrophe before it was put there so that no spreadsheet takes it for a formula."""
    bare = cell.lstrip("'")
    return bool(bare) and bare != cell and safe_cell(bare) != bare


def _unescaped(cell: str) -> str:
    return cell[1:] if _is_escaped(cell) else cell


def _escaped(cell: str | None) -> str | None:
    """With an apostrophe more where reading would take one away; `csv_lines` sees to the formulas themselves."""
    return f"'{cell}" if cell is not None and _is_escaped(cell) else cell


# Writing


def write_roster_csv(roster: Roster) -> str:
    """The roster as CSV that no spreadsheet takes for formulas; `read_roster_csv` gives it back."""
    rows = [
        *_team_rows(roster.teams.values()),
        *(row for rep in roster.reps.values() for row in _rep_rows(rep)),
    ]
    return "".join(csv_lines(COLUMNS, ([_escaped(row.get(column)) for column in COLUMNS] for row in rows)))


def _team_rows(teams: Iterable[Team]) -> Iterator[dict[str, str | None]]:
    for team in teams:
        yield {
            "team": team.id,
            "team_name": team.name,
            "department": team.department,
            "manager": team.manager,
        }


def _rep_rows(rep: Rep) -> Iterator[dict[str, str | None]]:
    """A row at least; the name in each, so that a table that is filtered still says who it is."""
    about: dict[str, str | None] = {"email": rep.email, "aliases": _joined(rep.aliases)}
    for span, off in zip_longest(rep.teams, rep.time_off) if rep.teams or rep.time_off else [(None, None)]:
        yield {"id": rep.id, "name": rep.name} | about | _span_cells(span) | _off_cells(off)
        about = {}


def _span_cells(span: TeamSpan | None) -> dict[str, str | None]:
    if span is None:
        return {}
    until = None if span.until_on is None else span.until_on.isoformat()
    return {"team": span.team, "from": span.from_on.isoformat(), "until": until}


def _off_cells(off: TimeOff | None) -> dict[str, str | None]:
    return {} if off is None else {"off_from": off.from_on.isoformat(), "off_until": off.until_on.isoformat()}


def _joined(aliases: Iterable[str]) -> str | None:
    quoted = [
        '"' + one.replace('"', '""') + '"' if any(c in one for c in _BETWEEN_ALIASES + '"') else one
        for one in aliases
    ]
    return f"{_BETWEEN_ALIASES} ".join(quoted) or None

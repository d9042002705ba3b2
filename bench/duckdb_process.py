"""DuckDB answers 12 months and 4 quarters from a table of its own; prints the seconds. See bench/standings.py."""

import sys
import time

import duckdb

from bench.plain_standings import plain_sql


def main() -> None:
    """Argument: the ledger as CSV. The best of three counts."""
    connection = duckdb.connect()
    connection.execute("CREATE TABLE ledger AS SELECT * FROM read_csv(?, header = true)", [sys.argv[1]])
    rows = connection.execute("SELECT DISTINCT month::VARCHAR FROM ledger ORDER BY 1").fetchall()
    months = [row[0] for row in rows]
    names = {month: f"{month[:4]}-Q{(int(month[5:]) + 2) // 3}" for month in months}
    latest = sorted(set(names.values()))[-4:]
    statement = plain_sql(months, {month: name for month, name in names.items() if name in latest})
    taken = []
    for _round in range(3):
        began = time.perf_counter()
        connection.execute(statement).fetchall()
        taken.append(time.perf_counter() - began)
    print(min(taken))


if __name__ == "__main__":
    main()

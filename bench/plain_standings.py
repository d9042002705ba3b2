"""Standings as plain SQL has them: what the kept sums are measured against."""

from collections.abc import Mapping, Sequence


def plain_sql(months: Sequence[str], quarters: Mapping[str, str]) -> str:
    """One scan of the ledger, then the ranks of every period, by points and then by what was kept of all outcomes."""
    periods = [(month, month) for month in months] + [
        (month, quarters[month]) for month in months if month in quarters
    ]
    pairs = ", ".join(f"('{month}', '{period}')" for month, period in periods)
    subjects = " UNION ALL ".join(
        f"SELECT period, '{scope}' AS scope, {key} AS subject, sum(points) AS points, sum(kept) AS kept,"
        f" sum(outcomes) AS outcomes FROM scanned JOIN periods ON periods.month = scanned.month"
        f" WHERE {key} IS NOT NULL GROUP BY period, {key}"
        for scope, key in (("rep", "person_id"), ("team", "team_id"))
    )
    return (
        "WITH scanned AS MATERIALIZED (SELECT month, person_id, team_id, sum(points) AS points,"
        " sum(CASE WHEN rating IN ('exceeded', 'met') THEN 1 ELSE 0 END) AS kept, count(rating) AS outcomes"
        " FROM ledger GROUP BY month, person_id, team_id),"
        f" periods(month, period) AS (VALUES {pairs}), subjects AS ({subjects})"
        " SELECT period, scope, subject, points, rank() OVER (PARTITION BY period, scope"
        f" ORDER BY points DESC, kept * 1.0 / nullif(outcomes, 0) DESC) FROM subjects"
    )

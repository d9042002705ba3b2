"""What Prometheus is told: the database's state at the time of asking, and how long requests took.

Every web process tells the same, whichever answers: requests are counted where all processes can read them.
"""

from collections.abc import Iterable
from importlib.metadata import version as version_of
from platform import python_version

from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector

from leaderboard.domain.instants import SECOND, Instant
from leaderboard.queries.vital_signs import VitalSigns
from leaderboard.services import vitals
from leaderboard.web import request_times


def exposition(now: Instant) -> tuple[bytes, str]:
    """The text and its content type."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Signs(vitals.signs(now), now))
    registry.register(request_times.collector())
    return generate_latest(registry), CONTENT_TYPE_LATEST


class _Signs(Collector):
    def __init__(self, signs: VitalSigns, now: Instant) -> None:
        self._signs = signs
        self._now = now

    def collect(self) -> Iterable[Metric]:
        """Everything, in the order of the chain from event to point."""
        signs = self._signs
        yield InfoMetricFamily("leaderboard_build", "What runs here.", value=_build())
        yield _gauge("leaderboard_events", "Highest number given to a stored event.", signs.events)
        yield _gauge("leaderboard_leads_pending", "Leads with events not yet counted.", signs.pending_leads)
        yield _gauge(
            "leaderboard_leads_pending_oldest_seconds",
            "How long the longest waiting of these has waited.",
            self._age(signs.oldest_pending_at),
        )
        yield _gauge(
            "leaderboard_leads_overdue", "Leads due by the clock, not yet looked at.", signs.overdue_leads
        )
        yield _gauge(
            "leaderboard_leads_overdue_oldest_seconds",
            "How long ago the first of these was due.",
            self._age(signs.oldest_overdue_at),
        )
        yield _gauge(
            "leaderboard_leads_failing", "Pending leads whose evaluation failed.", signs.failing_leads
        )
        yield _gauge("leaderboard_months_unsettled", "Months to be settled again.", signs.unsettled_months)
        yield _gauge(
            "leaderboard_months_failing", "Of these, those whose settling failed.", signs.failing_months
        )
        yield _gauge(
            "leaderboard_ledger_entries", "Highest number given to a booked entry.", signs.ledger_entries
        )
        yield _gauge(
            "leaderboard_intake_problems_open", "What was received and needs a person.", signs.open_problems
        )
        yield self._heartbeats()

    def _heartbeats(self) -> Metric:
        name, text = "leaderboard_heartbeat_age_seconds", "Since when a process or job was not heard of."
        family = GaugeMetricFamily(name, text, labels=["name"])
        for who, at in sorted(self._signs.heartbeats):
            family.add_metric([who], self._age(at))
        return family

    def _age(self, at: Instant | None) -> float:
        return 0.0 if at is None else max(0, self._now - at) / SECOND


def _gauge(name: str, text: str, value: float) -> Metric:
    return GaugeMetricFamily(name, text, value=value)


def _build() -> dict[str, str]:
    return {"python": python_version(), "flask": version_of("flask"), "sqlalchemy": version_of("sqlalchemy")}

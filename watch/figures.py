"""The watcher's figures for Prometheus. None carries an identifier."""

from collections.abc import Mapping
from datetime import datetime

from prometheus_client import CollectorRegistry, Gauge

from domain.waits import Attention
from watch.reasons import Reason


class Figures:
    """Gauges in a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._troubles = Gauge(
            "wederhoor_watch_troubles",
            "How many things are wrong, by reason",
            ["reason"],
            registry=self.registry,
        )
        self._oldest = Gauge(
            "wederhoor_watch_oldest_seconds",
            "Since when the oldest of them is wrong, 0 when none is",
            ["reason"],
            registry=self.registry,
        )
        self._attention = Gauge(
            "wederhoor_watch_cases_asking_attention",
            "Cases that ask for a look, by reason",
            ["attention"],
            registry=self.registry,
        )
        self._last_round = Gauge(
            "wederhoor_watch_last_round_timestamp_seconds",
            "When the watcher last looked, in Unix time",
            registry=self.registry,
        )

    def show(self, troubles: Mapping[Reason, Mapping[str, datetime]], now: datetime) -> None:
        """Show what is wrong since when, and that somebody looked."""
        for reason in Reason:
            since = troubles.get(reason, {}).values()
            self._troubles.labels(reason).set(len(since))
            oldest = (now - min(since)).total_seconds() if since else 0
            self._oldest.labels(reason).set(oldest)
        self._last_round.set(now.timestamp())

    def show_attention(self, asked: Mapping[Attention, int]) -> None:
        """Show how many cases ask for a look."""
        for attention in Attention:
            self._attention.labels(attention).set(asked.get(attention, 0))

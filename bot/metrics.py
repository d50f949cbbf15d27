"""What the monitoring reads: counters kept here, and the queues as they stand, asked from the database at each look."""

from datetime import datetime

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from store import queues
from store.database import Database

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Metrics:
    """Counters of this process, in a registry of their own."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self.received = self._counter("received", "Messages stored, without repeated ones.", "channel")
        self.repeated = self._counter("repeated", "Messages that were stored before.", "channel")
        self.turns = self._counter("turns", "Messages handled: done, failed (to be tried again), parked.", "outcome")
        self.turn_seconds = Histogram(
            "casa_turn_seconds",
            "From taking a message to its stored reply, without the fetching of media.",
            buckets=(0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
            registry=self._registry,
        )
        self.sends = self._counter("sends", "Attempts to send: sent, or the kind of failure.", "channel", "outcome")
        self.throttled = self._counter("throttled", "Times that a provider told us to wait (429).", "channel")
        self.rejected_signatures = self._counter(
            "rejected_signatures", "Webhook calls whose secret or signature was wrong.", "channel"
        )
        self.background_failures = self._counter(
            "background_failures", "Times that work in the background failed and was begun again.", "work"
        )
        self._inbox_waiting = self._gauge("inbox_waiting", "Messages that wait to be handled.")
        self._inbox_age = self._gauge("inbox_age_seconds", "Age of the oldest message that waits to be handled.")
        self._attachments = self._gauge("attachments_bytes", "What photos, voice notes and generated files take.")
        self._outbox = self._gauge(
            "outbox", "Replies by channel and state, without those long done.", "channel", "state"
        )
        self._outbox_age = self._gauge(
            "outbox_age_seconds", "Age of the oldest reply that waits to be sent.", "channel"
        )

    def sent(self, channel: str, outcome: str, *, throttled: bool) -> None:
        """Counts an attempt to send."""
        self.sends.labels(channel, outcome).inc()
        if throttled:
            self.throttled.labels(channel).inc()

    async def exposed(self, database: Database, *, now: datetime, attachments: int) -> bytes:
        """Everything in Prometheus' text format; `attachments` are the bytes that files take."""
        async with database.reading() as session:
            waiting, oldest = await queues.waiting_in_inbox(session)
            replies = await queues.replies_by_state(session)
        self._attachments.set(attachments)
        self._inbox_waiting.set(waiting)
        self._inbox_age.set(_age(oldest, now))
        self._outbox.clear()
        self._outbox_age.clear()
        for group in replies:
            self._outbox.labels(group.channel, group.state).set(group.count)
            if group.state == "new":
                self._outbox_age.labels(group.channel).set(_age(group.oldest, now))
        return generate_latest(self._registry)

    def _counter(self, name: str, meaning: str, *labels: str) -> Counter:
        return Counter(f"casa_{name}", meaning, labels, registry=self._registry)

    def _gauge(self, name: str, meaning: str, *labels: str) -> Gauge:
        return Gauge(f"casa_{name}", meaning, labels, registry=self._registry)


def _age(since: datetime | None, now: datetime) -> float:
    return max(0.0, (now - since).total_seconds()) if since else 0.0

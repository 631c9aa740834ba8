"""The ledger and the audit trail of a run as its last daemon left them."""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import create_engine, select

from channeld.store import audit, feeds, tables
from channeld.store.audit import AuditEntry
from channeld.store.feeds import FeedRecord
from channeld.store.ledger_records import WorkRecord
from channeld.store.rows import all_as

__all__ = ["Seen", "seen_in"]

MOST = 10_000
_done = select(tables.feed_messages.c.work_id).where(tables.feed_messages.c.result.in_(("ok", "warning")))


@dataclass(frozen=True)
class Seen:
    """The oldest first."""

    work: list[WorkRecord]
    feeds: list[FeedRecord]
    audit: list[AuditEntry]
    called_done: frozenset[int]
    """Work that a feed's report calls done."""

    def told_of(self, work_id: int) -> list[AuditEntry]:
        """What the audit trail says of one piece of work."""
        return [entry for entry in self.audit if entry.details.get("work") == str(work_id)]


def seen_in(database: Path) -> Seen:
    """Nobody may have it open."""
    engine = create_engine(f"sqlite:///{database}")
    with engine.connect() as connection:
        seen = Seen(
            work=all_as(connection, WorkRecord, select(tables.work).order_by(tables.work.c.id)),
            feeds=list(reversed(feeds.latest(connection, MOST))),
            audit=list(reversed(audit.entries(connection, MOST))),
            called_done=frozenset(connection.scalars(_done)),
        )
    engine.dispose()
    return seen

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
DOUBTS = ("no transaction", "outcome is not known", "does not show", "not sent again")
"""What the reasons say of what may have happened."""
_done = select(tables.feed_messages.c.work_id).where(tables.feed_messages.c.result.in_(("ok", "warning")))


_given_up = (
    select(tables.feed_messages.c.work_id)
    .join(tables.feeds, tables.feeds.c.id == tables.feed_messages.c.feed_pk)
    .where(tables.feeds.c.state == "abandoned")
)


@dataclass(frozen=True)
class Seen:
    """The oldest first."""

    work: list[WorkRecord]
    feeds: list[FeedRecord]
    audit: list[AuditEntry]
    called_done: frozenset[int]
    """Work that a feed's report calls done."""
    given_up: frozenset[int]
    """Work that was in a feed which a person gave up."""

    def of_order(self, order_id: str) -> list[WorkRecord]:
        """Its work, the oldest first."""
        return [record for record in self.work if record.order_id == order_id]

    def repeated_in_doubt(self, work_id: int) -> int:
        """How often it was tried again by hand although it may have had its effect."""
        doubted = [_is_doubt(entry) for entry in self.told_of(work_id)]
        return sum(
            entry.code.endswith(".retried") and any(doubted[:place])
            for place, entry in enumerate(self.told_of(work_id))
        )

    def told_of(self, work_id: int) -> list[AuditEntry]:
        """What the audit trail says of one piece of work."""
        return [entry for entry in self.audit if entry.details.get("work") == str(work_id)]


def _is_doubt(entry: AuditEntry) -> bool:
    reason = entry.details.get("reason", "")
    return entry.code.endswith(".in_doubt") or any(words in reason for words in DOUBTS)


def seen_in(database: Path) -> Seen:
    """Nobody may have it open."""
    engine = create_engine(f"sqlite:///{database}")
    with engine.connect() as connection:
        seen = Seen(
            work=all_as(connection, WorkRecord, select(tables.work).order_by(tables.work.c.id)),
            feeds=list(reversed(feeds.latest(connection, MOST))),
            audit=list(reversed(audit.entries(connection, MOST))),
            called_done=frozenset(connection.scalars(_done)),
            given_up=frozenset(connection.scalars(_given_up)),
        )
    engine.dispose()
    return seen

"""Outbound work in a seller's book, queued by hand."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from channeld.book.ledger import moves
from channeld.book.ledger.feed_creation import created, creating, in_doubt, prepare
from channeld.book.ledger.feed_results import Ending, Result, take_down
from channeld.book.ledger.moves import AuditStamp
from channeld.domain.ledger.effects import Cancel, Component, Despatch, Effect, Refund
from channeld.domain.ledger.kinds import KINDS, kind_of
from channeld.domain.order import Units
from channeld.store import feeds, ledger, order_queries
from channeld.store.feeds import FeedRecord
from channeld.store.ledger_records import WorkRecord
from channeld.store.unit import Unit
from tests.support.book_shop import ORDER, Shop

__all__ = ["LedgerShop", "cancel", "parcel", "refund"]


def parcel(item: str = "1", quantity: int = 1, *, tracking: str = "AB1") -> Despatch:
    at = datetime.fromisoformat("2026-11-22T09:00:00+00:00")
    lines = (Units(item, quantity),)
    return Despatch(lines=lines, shipped_at=at, carrier_code="Royal Mail", method="24", tracking=tracking)


def cancel(item: str = "1", quantity: int = 1) -> Cancel:
    return Cancel(reason="NoInventory", lines=(Units(item, quantity),), whole_lines=(item,))


def refund(item: str = "1", minor: int = 500) -> Refund:
    parts = (Component("Principal", minor),)
    return Refund(order_item_id=item, sku="SKU-1", reason="CustomerReturn", currency="GBP", components=parts)


INSTANCE = "this installation"
KIND_OF = {Despatch: "despatch", Cancel: "cancellation", Refund: "refund"}


class LedgerShop:
    """A shop with one booked order and whatever is queued for it."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop

    @property
    def stamp(self) -> AuditStamp:
        return AuditStamp(now=self.shop.now)

    async def queue(self, *effects: Effect, **facts: object) -> list[WorkRecord]:
        """One row an effect; `facts` are fields that differ from those of a fresh one."""
        now = self.shop.now

        def write(unit: Unit) -> list[WorkRecord]:
            (order,) = order_queries.one(unit.connection, ORDER)
            count = len(ledger.of_order(unit.connection, order.id))
            rows = [
                WorkRecord(
                    **{  # pyright: ignore[reportArgumentType] (fields by name)
                        "kind": KIND_OF[type(effect)],
                        "key": f"{count + number}",
                        "account_id": self.shop.account_id,
                        "channel_id": order.channel_id,
                        "order_pk": order.id,
                        "order_id": order.order_id,
                        "effect": effect,
                        "next_at": now,
                        "created_at": now,
                        "created_by": "ann",
                        **facts,
                    }
                )
                for number, effect in enumerate(effects)
            ]
            return moves.queue(unit, rows)

        return await self.shop.store.write(write)

    async def row(self, work_id: int) -> WorkRecord:
        found = await self.shop.store.read(lambda c: ledger.get(c, work_id))
        assert found is not None
        return found

    async def move(self, work_id: int, act: Callable[[Unit, WorkRecord], WorkRecord]) -> WorkRecord:
        """A move of a row as it stands now."""

        def write(unit: Unit) -> WorkRecord:
            record = ledger.get(unit.connection, work_id)
            assert record is not None
            return act(unit, record)

        return await self.shop.store.write(write)

    async def feed(self, feed_pk: int) -> FeedRecord:
        found = await self.shop.store.read(lambda c: feeds.get(c, feed_pk))
        assert found is not None
        return found

    async def submit(self, rows: Sequence[WorkRecord], *, adopted: bool = False) -> FeedRecord:
        """Put them into a feed that Amazon has taken."""
        feed = await self._creating(rows)
        return await self.shop.store.write(
            lambda unit: created(unit, feed.id, f"F{feed.id}", self.stamp, adopted=adopted)
        )

    async def submit_unanswered(self, rows: Sequence[WorkRecord]) -> FeedRecord:
        """Put them into a feed of which nobody knows whether Amazon has it."""
        feed = await self._creating(rows)
        return await self.shop.store.write(lambda unit: in_doubt(unit, feed.id, "No answer.", self.stamp))

    async def _creating(self, rows: Sequence[WorkRecord]) -> FeedRecord:
        kind = kind_of(rows[0].kind)
        feed = await self.shop.store.write(
            lambda unit: prepare(unit, self.shop.account_id, kind, rows, ["M"], self.stamp)
        )
        assert feed is not None
        await self.shop.store.write(
            lambda unit: creating(unit, feed.id, rows, "document", INSTANCE, self.stamp)
        )
        return feed

    async def end(self, feed: FeedRecord, results: Mapping[int, Result], others: Result) -> None:
        """Amazon has worked through it."""
        ending = Ending(state="done", results=results, others=others)
        cipher = self.shop.store.cipher
        await self.shop.store.write(lambda unit: take_down(unit, cipher, feed, ending, self.stamp))

    async def pass_time(self, **time: float) -> None:
        await self.shop.clock.advance(timedelta(**time).total_seconds())


assert set(KIND_OF.values()) == set(KINDS)

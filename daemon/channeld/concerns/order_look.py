"""Reading orders back to see whether what was submitted has happened (semantics C1, C2)."""

import anyio.to_thread

from channeld.amazon.budgets import Priority
from channeld.amazon.errors import BadRequest, NotFound, UnreadableAnswer
from channeld.amazon.orders import order_call
from channeld.book.ledger.looks import book_look, orders_before_repeats, orders_to_read
from channeld.book.ledger.moves import AuditStamp
from channeld.book.ledger.unread import order_unread
from channeld.book.readings import read_all
from channeld.concerns.account_line import AccountLine
from channeld.concerns.kit import Kit

__all__ = ["OrderLook"]

BATCH = 10
"""Reads beside one turn of sending, which should not have to wait for them."""


class OrderLook:
    """The looks of one channel's work of one kind."""

    def __init__(self, kit: Kit, account_id: int, channel_id: int, kind: str) -> None:
        self._kit = kit
        self._account_id = account_id
        self._channel_id = channel_id
        self._kind = kind

    async def look(self, line: AccountLine) -> bool:
        """Read the orders whose time has come; whether there may be more."""
        now = self._kit.clock.now()
        wanted = await self._kit.store.read(
            lambda c: orders_to_read(c, self._channel_id, self._kind, now, BATCH)
        )
        for order_id in wanted:
            await self.read(line, order_id)
        return len(wanted) == BATCH

    async def look_before_repeats(self, line: AccountLine) -> bool:
        """Read the orders of what would be told once more; whether there may be more."""
        now, kit = self._kit.clock.now(), self._kit
        wanted = await kit.store.read(
            lambda c: orders_before_repeats(c, self._channel_id, self._kind, kit.instance, now, BATCH)
        )
        for order_id in wanted:
            await self.read(line, order_id)
        return len(wanted) == BATCH

    async def read(self, line: AccountLine, order_id: str) -> None:
        """Book one order as Amazon shows it now, with what that settles."""
        began = self._kit.clock.now()
        store, cipher = self._kit.store, self._kit.store.cipher
        try:
            raw = await line.ask(order_call(order_id), Priority.BULK)
        except (BadRequest, NotFound, UnreadableAnswer):
            stamp = AuditStamp(now=self._kit.clock.now())
            await store.write(lambda unit: order_unread(unit, order_id, began, stamp))
            return
        with self._kit.clock.working():
            readings = await anyio.to_thread.run_sync(read_all, (raw,))
        stamp = AuditStamp(now=self._kit.clock.now())
        await store.write(
            lambda unit: book_look(unit, cipher, self._account_id, order_id, readings, began, stamp)
        )

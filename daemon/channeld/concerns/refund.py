"""Refund: one actor for each channel; refunds are checked before they are sent, and proved (semantics C3).

Mailbox:    wake-ups only (merge): a refund was asked for, a feed was worked through, the lane is free.
Publishes:  work, audit; what it waits for.
Writes:     the ledger's refund rows, and Amazon's refund transactions.
Calls:      listTransactions. The feed itself is the feed lane's.
Halts:      when Amazon refuses the credentials (the whole account) or the operation (this actor).
"""

from datetime import datetime, timedelta

from channeld.amazon.errors import AmazonError, AmazonUnavailable, BadRequest, NotFound, UnreadableAnswer
from channeld.amazon.finances import Transaction, transactions_call
from channeld.book.ledger.moves import AuditStamp
from channeld.book.ledger.refund_checks import next_refund_turn
from channeld.book.ledger.refunds import book_finances, orders_to_check
from channeld.book.ledger.unread import LATER, finances_read, finances_unread
from channeld.concerns.account_line import AccountLine
from channeld.concerns.kit import Kit
from channeld.concerns.page_tokens import PageTokens
from channeld.concerns.waiting import bounded
from channeld.runtime.actor import ActorContext
from channeld.store.unit import Unit

__all__ = ["RefundActor"]

BATCH = 20
MOST_PAGES = 50
"""Of one order's finances."""


class RefundActor:
    """Reads the finances of orders with a refund that is to be sent, or that was."""

    def __init__(self, kit: Kit, account_id: int, channel_id: int) -> None:
        self._kit = kit
        self._account_id = account_id
        self._channel_id = channel_id

    async def run(self, context: ActorContext) -> None:
        """Go on for ever; every turn begins with what the store says."""
        line = AccountLine(self._kit, self._account_id, context)
        while True:
            wanted = await self._wanted()
            outages = [await self._check(line, order_id) for order_id in wanted]
            for outage in filter(None, outages):
                raise outage
            context.done()
            if not wanted:
                await context.receive("a refund to check, or to look for", await self._next_at())

    async def _wanted(self) -> list[str]:
        now, kit = self._kit.clock.now(), self._kit
        return await kit.store.read(lambda c: orders_to_check(c, self._channel_id, kit.instance, now, BATCH))

    async def _check(self, line: AccountLine, order_id: str) -> AmazonError | None:
        """One order, from its finances to what they mean for its refunds.

        What Amazon does not say of one order holds up no other. Returns an outage of Amazon's, to be raised
        when the others were checked. Nothing is read when the feed has left meanwhile that it was for.
        """
        if order_id not in await self._wanted():
            return None
        began = self._kit.clock.now()
        try:
            shown, unreadable = await self._finances(line, order_id)
        except (BadRequest, NotFound, UnreadableAnswer) as error:
            await self._put_off(order_id, error.message, began)
            return None
        except AmazonUnavailable as error:
            await self._put_off(order_id, error.message, began, timedelta())
            return error
        stamp = AuditStamp(now=self._kit.clock.now())

        def book(unit: Unit) -> None:
            finances_read(unit, self._account_id, order_id)
            book_finances(unit, self._account_id, order_id, shown, began, stamp, unreadable=unreadable)

        await self._kit.store.write(book)
        return None

    async def _put_off(self, order_id: str, why: str, began: datetime, later: timedelta = LATER) -> None:
        stamp = AuditStamp(now=self._kit.clock.now())
        await self._kit.store.write(
            lambda unit: finances_unread(unit, self._account_id, order_id, why, began, stamp, later=later)
        )

    async def _finances(self, line: AccountLine, order_id: str) -> tuple[list[Transaction], int]:
        """All pages, one of which may be empty and still name a next; and how much cannot be read."""
        page = await line.ask(transactions_call(order_id))
        shown, unreadable = list(page.transactions), page.unreadable
        tokens = PageTokens("listTransactions", MOST_PAGES)
        while page.next_token:
            page = await line.ask(transactions_call(order_id, tokens.follow(page.next_token)))
            shown += page.transactions
            unreadable += page.unreadable
        return shown, unreadable

    async def _next_at(self) -> datetime:
        now, kit = self._kit.clock.now(), self._kit
        due = await kit.store.read(
            lambda c: next_refund_turn(c, self._account_id, self._channel_id, kit.instance, now)
        )
        return bounded(due, now)

"""Refund: one actor for each channel; refunds are checked before they are sent, and proved (semantics C3).

Mailbox:    wake-ups only (merge): a refund was asked for, a feed was worked through.
Publishes:  work, audit; what it waits for.
Writes:     the ledger's refund rows, and Amazon's refund transactions.
Calls:      listTransactions. The feed itself is the feed lane's.
Halts:      when Amazon refuses the credentials (the whole account) or the operation (this actor).
"""

from datetime import datetime, timedelta

from channeld.amazon.finances import Transaction, transactions_call
from channeld.book.ledger.moves import Hand
from channeld.book.ledger.refunds import book_finances, orders_to_check
from channeld.book.ledger.routes import next_turn
from channeld.concerns.account_line import AccountLine
from channeld.concerns.kit import Kit
from channeld.domain.ledger.kinds import REFUND
from channeld.runtime.actor import ActorContext

__all__ = ["RefundActor"]

BATCH = 20
LATEST = timedelta(hours=6)
SOONEST = timedelta(seconds=1)


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
            for order_id in wanted:
                await self._check(line, order_id)
            context.done()
            if not wanted:
                await context.receive("a refund to check, or to look for", await self._next_at())

    async def _wanted(self) -> list[str]:
        now, kit = self._kit.clock.now(), self._kit
        return await kit.store.read(lambda c: orders_to_check(c, self._channel_id, kit.instance, now, BATCH))

    async def _check(self, line: AccountLine, order_id: str) -> None:
        """One order, from its finances to what they mean for its refunds."""
        began = self._kit.clock.now()
        shown = await self._finances(line, order_id)
        hand = Hand(now=self._kit.clock.now())
        await self._kit.store.write(
            lambda unit: book_finances(unit, self._account_id, order_id, shown, began, hand)
        )

    async def _finances(self, line: AccountLine, order_id: str) -> list[Transaction]:
        """All pages; one may be empty and still name a next."""
        page = await line.ask(transactions_call(order_id))
        shown = list(page.transactions)
        while page.next_token:
            page = await line.ask(transactions_call(order_id, page.next_token))
            shown += page.transactions
        return shown

    async def _next_at(self) -> datetime:
        now, kit = self._kit.clock.now(), self._kit
        due = await kit.store.read(lambda c: next_turn(c, self._channel_id, REFUND.name, kit.instance, ("",)))
        return max(min(due or now + LATEST, now + LATEST), now + SOONEST)

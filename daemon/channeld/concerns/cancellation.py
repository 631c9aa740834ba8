"""Cancellation: one actor for each channel; it looks for what its feed was to bring about (semantics C2).

Mailbox:    wake-ups only (merge): a feed was worked through.
Publishes:  work, orders, audit; what it waits for.
Writes:     the ledger's cancellation rows, and orders that it reads back.
Calls:      getOrder. The feed itself is the feed lane's.
Halts:      when Amazon refuses the credentials (the whole account) or the operation (this actor).
"""

from channeld.concerns.account_line import AccountLine
from channeld.concerns.kit import Kit
from channeld.concerns.order_look import OrderLook
from channeld.concerns.waiting import bounded
from channeld.domain.ledger.kinds import CANCELLATION
from channeld.runtime.actor import ActorContext
from channeld.store import ledger_due

__all__ = ["CancellationActor"]


class CancellationActor:
    """Reads orders back until Amazon shows them as cancelled."""

    def __init__(self, kit: Kit, account_id: int, channel_id: int) -> None:
        self._kit = kit
        self._account_id = account_id
        self._channel_id = channel_id
        self._look = OrderLook(kit, account_id, channel_id, CANCELLATION.name)

    async def run(self, context: ActorContext) -> None:
        """Go on for ever; every turn begins with what the store says."""
        line = AccountLine(self._kit, self._account_id, context)
        while True:
            more = await self._look.look(line)
            context.done()
            if not more:
                due = await self._kit.store.read(
                    lambda c: ledger_due.next_look(c, self._channel_id, CANCELLATION.name)
                )
                await context.receive("a cancellation to look for", bounded(due, self._kit.clock.now()))

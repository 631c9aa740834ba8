"""Cancellation: one actor for each channel; it looks for what its feed was to bring about (semantics C2).

Units of a line may have been cancelled late, so it looks once more before they are told again.

Mailbox:    wake-ups only (merge): a feed was worked through, a try is wanted.
Publishes:  work, orders, audit; what it waits for.
Writes:     the ledger's cancellation rows, and orders that it reads back.
Calls:      getOrder. The feed itself is the feed lane's.
Halts:      when Amazon refuses the credentials (the whole account) or the operation (this actor).
"""

from datetime import datetime

from channeld.book.ledger.routes import next_turn
from channeld.concerns.account_line import AccountLine
from channeld.concerns.kit import Kit
from channeld.concerns.order_look import OrderLook
from channeld.concerns.waiting import bounded
from channeld.domain.ledger.kinds import CANCELLATION
from channeld.domain.ledger.route import Route
from channeld.runtime.actor import ActorContext

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
            more = await self._look.look_before_repeats(line) or more
            context.done()
            if not more:
                await context.receive("a cancellation to look for", await self._next_at())

    async def _next_at(self) -> datetime:
        kit = self._kit
        due = await kit.store.read(
            lambda c: next_turn(c, self._channel_id, CANCELLATION.name, kit.instance, (Route.UNDECIDED,))
        )
        return bounded(due, kit.clock.now())

"""Despatch: one actor for each channel; its parcels are told to Amazon (semantics C1).

Mailbox:    wake-ups only (merge): an order was processed, a try is wanted, the way of going has changed.
Publishes:  work, orders, audit; what it waits for.
Writes:     the ledger's despatch rows, and orders that it reads back.
Calls:      confirmShipment; getOrder for what Amazon does not show two hours later.
Halts:      when Amazon refuses the credentials (the whole account) or the operation (this actor).
"""

from datetime import datetime

import anyio
import anyio.abc

from channeld.amazon.operations import CONFIRM_SHIPMENT, GET_ORDER
from channeld.amazon.shipments import confirm_shipment_call
from channeld.book.ledger.calls import Note, call_failed, call_taken, recover_calls, take_calls
from channeld.book.ledger.failure import failure_of
from channeld.book.ledger.moves import AuditStamp
from channeld.book.ledger.routes import choose_route, next_turn
from channeld.concerns.account_line import AccountLine
from channeld.concerns.halting import halt_for
from channeld.concerns.kit import Kit
from channeld.concerns.order_look import OrderLook
from channeld.concerns.waiting import bounded
from channeld.domain.ledger.kinds import DESPATCH
from channeld.domain.ledger.route import Route
from channeld.errors import ChanneldError
from channeld.runtime.actor import ActorContext, Halt
from channeld.store.unit import Unit

__all__ = ["DespatchActor"]

MAX_UNDER_WAY = 8
"""Requests under way: Amazon grants two in a second, and one may take four."""
REFILL = 4
"""So many are taken together: to find the nearest among thousands costs the same for one as for several."""
TURN = 100
"""Notes sent before the actor looks around: for other things to do, and for those who watch it."""


class DespatchActor:
    """Sends the notes that are due, the nearest ship-by time first, and looks for those not seen."""

    def __init__(self, kit: Kit, account_id: int, channel_id: int) -> None:
        self._kit = kit
        self._account_id = account_id
        self._channel_id = channel_id
        self._look = OrderLook(kit, account_id, channel_id, DESPATCH.name)
        self._halt: Halt | ChanneldError | None = None
        self._more_looks = False
        self._sent = 0
        self._under_way = 0
        self._room = anyio.Event()

    async def run(self, context: ActorContext) -> None:
        """Go on for ever; every turn begins with what the store says."""
        line = AccountLine(self._kit, self._account_id, context)
        await self._kit.store.write(lambda unit: recover_calls(unit, self._channel_id, self._stamp()))
        while True:
            sent = await self._turn(line)
            context.done()
            if not (sent or self._more_looks):
                await context.receive("an order to despatch, or a note to look for", await self._next_at())

    def _stamp(self) -> AuditStamp:
        return AuditStamp(now=self._kit.clock.now())

    async def _turn(self, line: AccountLine) -> bool:
        """Send what is due and look for what is to be seen; whether anything was sent."""
        self._halt, self._sent = None, 0
        async with anyio.create_task_group() as group:
            group.start_soon(self._look_around, line)
            await self._send_all(line, group)
        if self._halt is not None:
            raise self._halt
        return self._sent > 0

    async def _look_around(self, line: AccountLine) -> None:
        """Beside the sending, which has another budget; a halt waits for the requests under way."""
        try:
            self._more_looks = await self._look.look(line)
        except (Halt, ChanneldError) as error:
            self._halt = error

    async def _send_all(self, line: AccountLine, group: anyio.abc.TaskGroup) -> None:
        """A turn's notes, the next as soon as some are done."""
        while self._sent < TURN and self._halt is None:
            notes = await self._take(MAX_UNDER_WAY - self._under_way)
            if not notes:
                break
            for note in notes:
                self._under_way += 1
                group.start_soon(self._send, line, note)
            self._sent += len(notes)
            while self._under_way > MAX_UNDER_WAY - REFILL:
                self._room = anyio.Event()
                await self._room.wait()

    async def _take(self, limit: int) -> list[Note]:
        """Notes that go by a request of their own now, marked as being sent."""
        quick = self._seconds_by_call

        def take(unit: Unit) -> list[Note]:
            choose_route(unit, self._account_id, self._channel_id, quick, self._stamp())
            return take_calls(unit, self._channel_id, self._kit.instance, self._stamp(), limit)

        return await self._kit.store.write(take)

    def _seconds_by_call(self, count: int) -> float:
        return self._kit.budgets.wait_for(self._account_id, CONFIRM_SHIPMENT, count)

    async def _send(self, line: AccountLine, note: Note) -> None:
        try:
            await self._deliver(line, note)
        finally:
            self._under_way -= 1
            self._room.set()

    async def _deliver(self, line: AccountLine, note: Note) -> None:
        """Its outcome is committed as soon as it is known; a halt waits for the others under way."""
        call = confirm_shipment_call(note.order_id, note.marketplace_id, note.work_id, note.effect)
        try:
            await line.send(call, due=note.deadline)
        except ChanneldError as error:
            failure = failure_of(error)
            if failure is not None and failure.lasting:
                await self._compare(line, note)
            await self._kit.store.write(lambda unit: call_failed(unit, note.work_id, failure, self._stamp()))
            if failure is None:
                self._halt = halt_for(error) or error
            return
        await self._kit.store.write(lambda unit: call_taken(unit, note.work_id, self._stamp()))

    async def _compare(self, line: AccountLine, note: Note) -> None:
        """Amazon refused it for good: perhaps it shows that very parcel already, entered by somebody else.

        Only while the budget of reads is not used up, as thousands may be refused for the same carrier.
        """
        if self._kit.budgets.wait_for(self._account_id, GET_ORDER, 1) > 0:
            return
        try:
            await self._look.read(line, note.order_id)
        except (Halt, ChanneldError):
            return  # what Amazon said stands

    async def _next_at(self) -> datetime:
        due = await self._kit.store.read(
            lambda c: next_turn(
                c, self._channel_id, DESPATCH.name, self._kit.instance, (Route.UNDECIDED, Route.CALL)
            )
        )
        return bounded(due, self._kit.clock.now())

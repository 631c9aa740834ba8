"""What people ask of the daemon, with command ids that stay, so that it can be asked again after a death."""

from decimal import Decimal

import msgspec

from channel_protocol.base import Reply, WriteRequest
from channel_protocol.errors import ClientError, RequestRefused
from channel_protocol.order_answers import (
    CancelOrder,
    LineUnits,
    OrderCancelled,
    OrderProcessed,
    OrderRefunded,
    ProcessOrder,
    RefundOrder,
    RefundPart,
)
from channeld.sandbox import Order
from tests.effects.mortal import MortalClock
from tests.effects.plan import Deed, Plan, digits_of
from tests.support.daemon import Daemon

__all__ = ["People"]

CARRIERS = {"GB": "Royal Mail", "US": "Joe's Vans", "JP": "YamatoTransport"}
"""One of them has no code at Amazon."""
ANSWERS: dict[type[WriteRequest], type[Reply]] = {
    ProcessOrder: OrderProcessed,
    CancelOrder: OrderCancelled,
    RefundOrder: OrderRefunded,
}


class People:
    """Do what the plan says, one after the other, and remember what they were answered."""

    def __init__(self, plan: Plan, order_ids: list[str]) -> None:
        self.answers: dict[int, Reply] = {}
        """By the number of the deed; those that were refused are not here."""
        self.refused: dict[int, str] = {}
        self.changed_answers: list[str] = []
        self._plan = plan
        self._order_ids = order_ids

    async def act(self, daemon: Daemon, clock: MortalClock) -> None:
        """From the first on: what was answered is asked again as well, as nobody may know of the answer."""
        for number, deed in enumerate(self._plan.deeds):
            if number not in self.answers and number not in self.refused:
                await (clock.pass_by if deed.pause > 1000 else clock.advance)(deed.pause)
            if clock.is_dead:
                return
            if number not in self.refused:
                await self._ask(daemon, clock, number, deed)

    async def _ask(self, daemon: Daemon, clock: MortalClock, number: int, deed: Deed) -> None:
        order = daemon.market.order(self._order_ids[deed.order])
        request = _request(deed, order, self._plan.country, f"deed-{number:04d}")
        try:
            answer = await daemon.client.request(request, ANSWERS[type(request)])
        except RequestRefused as refusal:
            if not clock.is_dead:
                self.refused[number] = f"{refusal.code}: {refusal}"
            return
        except ClientError:
            if not clock.is_dead:
                raise
            return
        if clock.is_dead:
            return
        answer = msgspec.structs.replace(answer, id=0)
        before = self.answers.setdefault(number, answer)
        if before != answer:
            self.changed_answers.append(f"deed {number} was answered {before}, then {answer}")


def _request(deed: Deed, order: Order, country: str, command_id: str) -> WriteRequest:
    named = tuple(
        LineUnits(line=order.lines[place].order_item_id, quantity=units) for place, units in deed.lines
    )
    match deed.kind:
        case "process":
            return ProcessOrder(
                command_id=command_id,
                order_id=order.order_id,
                carrier=CARRIERS[country],
                service="Tracked 24",
                tracking=deed.tracking,
                lines=named,
            )
        case "cancel":
            return CancelOrder(
                command_id=command_id, order_id=order.order_id, reason="NoInventory", lines=named
            )
        case "refund":
            parts = [RefundPart(line=each.line, quantity=each.quantity) for each in named]
            parts += [
                RefundPart(
                    line=order.lines[place].order_item_id, amounts={"Principal": _decimal(minor, country)}
                )
                for place, minor in deed.amounts.items()
            ]
            return RefundOrder(command_id=command_id, order_id=order.order_id, parts=tuple(parts), again=True)


def _decimal(minor: int, country: str) -> str:
    return str(Decimal(minor).scaleb(-digits_of(country)))

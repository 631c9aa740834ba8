"""Requests about orders that somebody may wait for: a search, and the recovery of one order."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from channel_protocol.orders import OrderRecovered, OrderRow, OrdersSynced, RecoverOrder, SyncOrders
from channeld.commands.asking import Asked
from channeld.commands.order_search import request_search
from channeld.commands.orders import recover_order
from channeld.control.context import Context
from channeld.control.rows.orders import order_row
from channeld.domain.reread import Reread as Why
from channeld.errors import ChanneldError
from channeld.runtime.status import ActorStatus
from channeld.store import locations, order_queries, rereads
from channeld.store.channels import Channel
from channeld.store.names import names
from channeld.store.unit import Unit

__all__ = ["recover", "sync"]

LONGEST_WAIT = 3600.0
LOOK_EVERY = 0.2
"""Seconds between looks for the outcome, or for a reason why there will be none."""


async def sync(request: SyncOrders, context: Context) -> OrdersSynced:
    """A search now, and its end if that was asked for."""
    return await context.act(request, OrdersSynced, lambda: _sync(request, context))


async def recover(request: RecoverOrder, context: Context) -> OrderRecovered:
    """A read of one order now, and its outcome if that was asked for."""
    if request.wait <= 0:
        return await _plan_to_recover(request, context)
    return await context.act(request, OrderRecovered, lambda: _recover(request, context))


async def _sync(request: SyncOrders, context: Context) -> OrdersSynced:
    """Make the search due now, wake the accounts' actors, and wait."""
    parts = context.parts
    searched = await parts.store.write(lambda unit: request_search(unit, context.asked(), request.channel))
    known = await context.read(names)
    asked_of = {channel.id: f"{known.account(channel.account_id)}/order_download" for channel in searched}
    actors = _that_can_search(context, sorted(set(asked_of.values())))
    wanted = [channel_id for channel_id, actor in asked_of.items() if actor in actors]
    with parts.board.ask(wanted, parts.clock.now()) as ticket:
        for actor in actors:
            parts.supervisor.wake(actor)
        if request.wait <= 0:
            return OrdersSynced(complete=False, applied=0)
        with parts.clock.deadline(min(request.wait, LONGEST_WAIT)):
            while not ticket.complete.is_set():
                _that_can_search(context, actors)
                with parts.clock.deadline(LOOK_EVERY):
                    await ticket.complete.wait()
    if not ticket.complete.is_set():
        raise _still_waiting(context, actors, "The search is not complete yet")
    return OrdersSynced(complete=True, applied=ticket.applied)


def _that_can_search(context: Context, actors: Sequence[str]) -> list[str]:
    """Those that do not wait for a person; raises when all of them do."""
    going = [actor for actor in actors if not _is_halted(context, actor)]
    if not going:
        _refuse_halted(context, actors[0])
    return going


async def _plan_to_recover(request: RecoverOrder, context: Context) -> OrderRecovered:
    """Planned and answered in one unit of work, so that a repeat plans nothing, whenever the daemon died."""
    planned: list[Channel] = []

    def plan(unit: Unit, asked: Asked) -> OrderRecovered:
        planned.append(recover_order(unit, asked, request.order_id, request.channel))
        return OrderRecovered(complete=False, outcome="")

    reply = await context.change(request, OrderRecovered, plan)
    for channel in planned:
        _wake_intake(context, channel)
    return reply


def _wake_intake(context: Context, channel: Channel) -> str:
    """The channel's actor that reads single orders. Raises when it waits for a person."""
    actor = f"{channel.name}/order_intake"
    _refuse_halted(context, actor)
    context.parts.supervisor.wake(actor)
    return actor


async def _recover(request: RecoverOrder, context: Context) -> OrderRecovered:
    """Plan the read, wake the channel's actor, and wait."""
    parts, asked = context.parts, context.asked()
    channel = await parts.store.write(
        lambda unit: recover_order(unit, asked, request.order_id, request.channel)
    )
    actor = _wake_intake(context, channel)
    outcome = await _wait_for_outcome(context, actor, channel.account_id, request, asked.now)
    if outcome is None:
        raise _still_waiting(context, [actor], "The order has not been read yet")
    if outcome == "not found":
        raise ChanneldError(
            "order_not_found", "Amazon knows no order of that id in this account.", "Check the id."
        )
    if outcome == "unreadable":
        raise ChanneldError(
            "order_unreadable",
            "Amazon's answer for this order cannot be read.",
            "Ask again in a few minutes. If it stays so, look for the order in Seller Central.",
        )
    if outcome.startswith("refused"):
        raise _refused_by_amazon(request.order_id, channel.name, outcome.removeprefix("refused").strip())
    row = await context.read(lambda c: _row(c, request.order_id))
    return OrderRecovered(complete=True, outcome=outcome, row=row)


def _refused_by_amazon(order_id: str, channel: str, code: str) -> ChanneldError:
    return ChanneldError(
        "order_refused",
        f"Amazon finds the request for {order_id} wrong: {code or 'it gives no code'} (status 400).",
        f"Channel {channel} was asked. Compare the id with Seller Central, or name another channel.",
    )


async def _wait_for_outcome(
    context: Context, actor: str, account_id: int, request: RecoverOrder, asked_at: datetime
) -> str | None:
    """None when the time ran out. Raises when the actor halts meanwhile."""
    clock = context.parts.clock
    with clock.deadline(min(request.wait, LONGEST_WAIT)):
        while True:
            outcome = await context.read(lambda c: _outcome(c, account_id, request.order_id, asked_at))
            if outcome is not None:
                return outcome
            _refuse_halted(context, actor)
            await clock.sleep(LOOK_EVERY)
    return None


def _outcome(connection: Connection, account_id: int, order_id: str, asked_at: datetime) -> str | None:
    """What became of the read; None while it is to be done."""
    for each in rereads.of_order(connection, account_id, order_id):
        if each.kind == Why.RECOVER and each.done_at is not None and each.done_at >= asked_at:
            return each.outcome
    return None


def _row(connection: Connection, order_id: str) -> OrderRow | None:
    found = order_queries.one(connection, order_id)
    if not found:
        return None
    return order_row(found[0], names(connection), locations.labels(connection))


def _is_halted(context: Context, actor: str) -> bool:
    status = _status(context, actor)
    return status is not None and status.state == "halted"


def _refuse_halted(context: Context, actor: str) -> None:
    """Waiting for an actor that waits for a person is no use."""
    status = _status(context, actor)
    if status is not None and status.state == "halted":
        raise ChanneldError(
            "actor_halted",
            f"{actor} is halted: {status.reason or f'with {status.waits_for}'}",
            status.hint or f"`channelctl actor resume {actor}` starts it again.",
        )


def _still_waiting(context: Context, actors: Sequence[str], what: str) -> ChanneldError:
    reasons = [_describe(status) for actor in actors if (status := _status(context, actor))]
    hint = "It goes on by itself; `channelctl status` shows how far it is."
    return ChanneldError(
        "still_waiting", "; ".join([what, *(reason.rstrip(".") for reason in reasons)]) + ".", hint
    )


def _describe(status: ActorStatus) -> str:
    until = f" until {status.until:%H:%M:%S} UTC" if status.until else ""
    doing = f"waits for {status.waits_for}{until}" if status.waits_for else f"is {status.state}"
    because = f": {status.reason}" if status.reason else ""
    return f"{status.id} {doing}{because}"


def _status(context: Context, actor: str) -> ActorStatus | None:
    return next((s for s in context.parts.supervisor.statuses() if s.id == actor), None)

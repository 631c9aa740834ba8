"""What people ask of orders: recover one, read some again, see the personal data of one (C0, C5, P1)."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import Connection

from channeld.book.personal_data import to_show
from channeld.commands.asking import Asked, find_channel, find_order, is_order_id
from channeld.domain.order_state import OrderState
from channeld.domain.reread import Reread as Why
from channeld.domain.settings import nearest
from channeld.errors import InvalidRequest, Problem
from channeld.store import audit, channels, order_queries, personal, quarantine, rereads, searches
from channeld.store.channels import Channel
from channeld.store.order_records import OrderRecord
from channeld.store.personal import Personal
from channeld.store.rereads import Reread
from channeld.store.unit import Unit

__all__ = ["Rewind", "check_state", "recover_order", "reveal_order", "rewind_orders"]

FURTHEST_BACK = timedelta(days=30)


class Rewind(msgspec.Struct, frozen=True, kw_only=True):
    """Setting a channel's order cursor back."""

    done: bool
    days: float
    """How much is read again."""


def check_state(state: str | None) -> None:
    """A state that orders can be in, or none. Raises `InvalidRequest`."""
    states = [each.value for each in OrderState]
    if state is not None and state not in states:
        problem = Problem(
            key="state", message=f"must be one of {', '.join(states)}", nearest=nearest(state, states)
        )
        raise InvalidRequest("invalid", "There is no such state.", "Choose one of them.", [problem])


def recover_order(unit: Unit, asked: Asked, order_id: str, channel_name: str | None) -> Channel:
    """Plan to read an order by its id now; the channel whose actor will do it. Raises `InvalidRequest`."""
    if not is_order_id(order_id):
        problem = Problem(key="order_id", message="must look like 123-1234567-1234567")
        raise InvalidRequest("invalid", "That is not an order id of Amazon's.", "Copy it whole.", [problem])
    if any(entry.next_attempt_at is None for entry in quarantine.of_order(unit.connection, order_id)):
        raise InvalidRequest(
            "unreadable_id",
            "The id of that order could not be read, so Amazon cannot be asked for it.",
            f"Look for it in Seller Central, then `channelctl order dismiss {order_id}`.",
        )
    channel = _channel_to_ask(unit.connection, order_id, channel_name)
    rereads.schedule(
        unit,
        [
            Reread(
                account_id=channel.account_id,
                order_id=order_id,
                kind=Why.RECOVER.value,
                channel_id=channel.id,
                first_at=asked.now,
                due_at=asked.now,
                by=asked.by,
            )
        ],
    )
    audit.add(
        unit,
        asked.entry(
            "order.recover",
            "Order is read again by its id",
            account_id=channel.account_id,
            channel_id=channel.id,
            order_id=order_id,
        ),
    )
    return channel


def rewind_orders(unit: Unit, asked: Asked, channel_name: str, to: datetime, *, confirmed: bool) -> Rewind:
    """Set the cursor back, unless it is only asked what that would mean. Raises `InvalidRequest`."""
    channel = find_channel(unit.connection, channel_name)
    _check_rewind(channel, to, asked.now)
    days = round((asked.now - to).total_seconds() / 86_400, 2)
    if confirmed:
        searches.abandon(unit, channel.account_id)
        channels.move_cursor(unit, [channel.id], to)
        text = f"Order cursor set back to {to:%Y-%m-%d %H:%M} UTC: {days} days are read again"
        entry = asked.entry("order.rewound", text, account_id=channel.account_id, channel_id=channel.id)
        audit.add(unit, entry)
    return Rewind(done=confirmed, days=days)


def reveal_order(
    unit: Unit, asked: Asked, order_id: str, channel_name: str | None
) -> tuple[OrderRecord, Personal | None]:
    """The personal data of an order; that it was looked at goes into the audit trail."""
    record = find_order(unit.connection, order_id, channel_name)
    shown = to_show(unit.connection, asked.cipher, [record.id])
    found = shown.get(record.id) or personal.get(unit.connection, asked.cipher, record.id)
    channel = channels.get(unit.connection, record.channel_id)
    audit.add(
        unit,
        asked.entry(
            "order.revealed",
            "Personal data shown",
            account_id=channel.account_id if channel else None,
            channel_id=record.channel_id,
            order_id=order_id,
        ),
    )
    return record, found


def _channel_to_ask(connection: Connection, order_id: str, channel_name: str | None) -> Channel:
    """The channel that has the order, else the one that was named, else the only account's."""
    if channel_name:
        return _enabled([find_channel(connection, channel_name)])
    stored = order_queries.one(connection, order_id)
    known = [channel for each in stored if (channel := channels.get(connection, each.channel_id))]
    damaged = [q.channel_id for q in quarantine.of_order(connection, order_id) if q.channel_id]
    known += [channel for id_ in damaged if (channel := channels.get(connection, id_))]
    if known:
        return _enabled(known)
    candidates = [channel for channel in channels.all_channels(connection) if channel.enabled]
    if len({channel.account_id for channel in candidates}) > 1:
        problem = Problem(key="channel", message="must be given: there are several accounts")
        raise InvalidRequest(
            "ambiguous_order", "That order is not in the book yet.", "Name its channel.", [problem]
        )
    return _enabled(candidates)


def _enabled(candidates: Sequence[Channel]) -> Channel:
    for channel in candidates:
        if channel.enabled and channel.removed_at is None:
            return channel
    raise InvalidRequest(
        "channel_disabled",
        "Its channel is switched off, so nothing is asked of Amazon.",
        "Switch it on with `channelctl channel enable`.",
    )


def _check_rewind(channel: Channel, to: datetime, now: datetime) -> None:
    if to.tzinfo is None:
        problem = Problem(key="to", message="must have a time zone, such as Z for UTC")
        raise InvalidRequest("invalid", "That is not an instant.", "Add the time zone.", [problem])
    if channel.order_cursor is None:
        raise InvalidRequest(
            "nothing_read", "No orders of this channel have been read yet.", "Enable it first."
        )
    if to >= channel.order_cursor:
        when = f"{channel.order_cursor:%Y-%m-%d %H:%M} UTC"
        problem = Problem(key="to", message=f"must be before the cursor, which is at {when}")
        raise InvalidRequest(
            "invalid", "The cursor can only be set back.", "Give an earlier date.", [problem]
        )
    if to < now - FURTHEST_BACK:
        problem = Problem(key="to", message="must be within the last 30 days")
        raise InvalidRequest("invalid", "That is too far back.", "Give a later date.", [problem])

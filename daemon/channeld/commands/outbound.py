"""What answering an order begins with, whatever the answer: the order, its channel, what was done before."""

import msgspec
from sqlalchemy import Connection

from channeld.book.ledger.order_history import OrderHistory, history_of_one
from channeld.commands.asking import Asked, find_order
from channeld.domain.channel_settings import ChannelSettings
from channeld.domain.ledger.effects import Effect
from channeld.domain.ledger.route import Route
from channeld.domain.order_units import OrderFacts
from channeld.errors import InvalidRequest
from channeld.store import channels
from channeld.store.audit import AuditEntry
from channeld.store.channels import Channel
from channeld.store.ledger_records import WorkRecord
from channeld.store.order_records import OrderRecord

__all__ = ["Answerable", "answerable", "check_seen", "pieces_text", "units_text"]


class Answerable(msgspec.Struct, frozen=True, kw_only=True):
    """An order that a person wants to answer, with all that decides what may be done."""

    record: OrderRecord
    channel: Channel
    history: OrderHistory

    @property
    def facts(self) -> OrderFacts:
        return msgspec.convert(self.record, OrderFacts, from_attributes=True)

    @property
    def settings(self) -> ChannelSettings:
        """Of the channel; a removed one has those that it had."""
        return ChannelSettings.of(self.channel.settings)

    @property
    def shut(self) -> str:
        """Why nothing more is sent through the channel; empty when it is on (semantics A1)."""
        if self.channel.removed_at is not None:
            return f"channel {self.channel.name} is removed"
        return "" if self.channel.enabled else f"channel {self.channel.name} is disabled"

    def work(self, asked: Asked, kind: str, key: str, effect: Effect, route: Route) -> WorkRecord:
        """New work for the order, to be sent from now on."""
        return WorkRecord(
            kind=kind,
            key=f"{kind}/{key}",
            account_id=self.channel.account_id,
            channel_id=self.channel.id,
            order_pk=self.record.id,
            order_id=self.record.order_id,
            effect=effect,
            route=route,
            deadline=self.record.ship_by_latest,
            next_at=asked.now,
            created_at=asked.now,
            created_by=asked.by,
        )

    def entry(self, asked: Asked, code: str, text: str, work: WorkRecord | None = None) -> AuditEntry:
        """A line of the audit trail about it."""
        return asked.entry(
            code,
            text,
            account_id=self.channel.account_id,
            channel_id=self.channel.id,
            order_id=self.record.order_id,
            details={"work": str(work.id)} if work else None,
        )


def answerable(connection: Connection, order_id: str, channel_name: str | None) -> Answerable:
    """Also an order of a removed channel. Raises `InvalidRequest` as `find_order`."""
    record = find_order(connection, order_id.strip(), channel_name)
    channel = channels.get(connection, record.channel_id)
    if channel is None:
        raise LookupError(f"channel {record.channel_id}")  # its foreign key holds it
    return Answerable(record=record, channel=channel, history=history_of_one(connection, record.id))


def pieces_text(count: int) -> str:
    return "1 piece" if count == 1 else f"{count:,} pieces"


def units_text(units: int) -> str:
    return "1 unit" if units == 1 else f"{units:,} units"


def check_seen(seen: int | None, now: int | None) -> None:
    """Raises `InvalidRequest("changed_meanwhile")` when the money is another than a person agreed to."""
    if seen is not None and seen != now:
        raise InvalidRequest(
            "changed_meanwhile",
            "The order has changed since the amounts were shown; nothing was done.",
            "Look at the amounts again, then repeat.",
        )

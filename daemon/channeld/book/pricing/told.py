"""What is written down of prices: people's changes in the audit trail, all that happens in the history."""

from collections.abc import Iterator
from datetime import datetime

import msgspec

from channeld.domain.marketplaces import BY_ID
from channeld.domain.money import format_amount
from channeld.domain.price.listing_price import ListingPrice
from channeld.domain.price.states import State
from channeld.store.audit import AuditEntry
from channeld.store.channels import Channel
from channeld.store.price_history import Event, Happened

__all__ = ["Person", "happened", "of_saving", "said"]


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """Who did something with prices of a channel, and when."""

    channel: Channel
    by: str
    now: datetime

    @property
    def currency(self) -> str:
        return BY_ID[self.channel.marketplace_id].currency

    def entry(self, code: str, sku: str, text: str) -> AuditEntry:
        """An entry of the audit trail."""
        channel = self.channel
        return AuditEntry(
            at=self.now,
            code=code,
            text=text,
            by=self.by,
            account_id=channel.account_id,
            channel_id=channel.id,
            sku=sku,
        )

    def happened(self, row: ListingPrice, event: Event, note: str = "") -> Happened:
        """An entry of the history."""
        return happened(row, event, row.saved, self.now, note=note, by=self.by)


def happened(
    row: ListingPrice,
    event: Event,
    price: int | None,
    at: datetime,
    *,
    note: str = "",
    reference: str = "",
    by: str = "",
) -> Happened:
    return Happened(
        at=at,
        channel_id=row.channel_id,
        sku=row.sku,
        event=event,
        price=price,
        reference=reference,
        note=note,
        by=by,
    )


def said(minor: int | None, currency: str) -> str:
    return "none" if minor is None else format_amount(minor, currency)


def of_saving(
    person: Person, before: ListingPrice, after: ListingPrice, was: int | None
) -> Iterator[AuditEntry]:
    """What a person has changed by saving. `was`: what the price is compared with."""
    currency = person.currency
    if before.bounds != after.bounds:
        least = f"minimum {said(before.least, currency)} → {said(after.least, currency)}"
        most = f"maximum {said(before.most, currency)} → {said(after.most, currency)}"
        yield person.entry("price.bounded", after.sku, f"{least}, {most}")
    if after.saved is not None and (before.saved, before.state) != (after.saved, after.state):
        held = f", held: {'; '.join(after.holds)}" if after.state is State.HELD else ""
        old = before.saved if before.saved is not None else was
        text = f"{said(old, currency)} → {said(after.saved, currency)}{held}"
        yield person.entry("price.saved", after.sku, text)

"""Prices leave: which ones, with what, and what came of each request (semantics G1)."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec
from sqlalchemy import Connection

from channeld.amazon.errors import AmazonError
from channeld.amazon.listings.offers import price_patch, read_price
from channeld.amazon.listings.patches import Patch
from channeld.amazon.listings.submissions import Submission
from channeld.book.ledger.failure import failure_of
from channeld.book.ledger.holding import held
from channeld.book.pricing.told import happened
from channeld.domain.channel_settings import ChannelSettings
from channeld.domain.listing.item import ItemRead
from channeld.domain.marketplaces import BY_ID
from channeld.domain.price import sending, wishes
from channeld.domain.price.listing_price import ListingPrice
from channeld.domain.price.states import State
from channeld.errors import ChanneldError
from channeld.store import channels, price_history, prices
from channeld.store.channels import Channel
from channeld.store.price_history import Event, Happened
from channeld.store.unit import Unit

__all__ = ["Outgoing", "answered", "begin_prices", "due_skus", "failed", "is_on", "recover", "sends"]

LOST = "Amazon's answer was lost"
_AT_ONCE = 500


class Outgoing(msgspec.Struct, frozen=True, kw_only=True):
    """One request that leaves now; its price is marked as being sent."""

    sku: str
    patch: Patch


def is_on(connection: Connection, channel_id: int) -> bool:
    """Whether prices that are saved now are sent."""
    channel = channels.get(connection, channel_id)
    return channel is not None and channel.removed_at is None and _is_on(channel)


def sends(connection: Connection, channel_id: int, instance: str) -> bool:
    """Whether anything may leave now: not by another installation, nor in dry run."""
    return is_on(connection, channel_id) and not held(connection, channel_id, instance)


def due_skus(connection: Connection, channel_id: int, instance: str, now: datetime, limit: int) -> list[str]:
    """What may leave now, the longest waiting first."""
    if not sends(connection, channel_id, instance):
        return []
    return [row.sku for row in prices.due(connection, channel_id, now, limit)]


def recover(unit: Unit, channel_id: int, now: datetime) -> None:
    """After a start: what was being sent when the process died is in doubt, and is sent again."""
    on = is_on(unit.connection, channel_id)
    while rows := prices.sending(unit.connection, channel_id, _AT_ONCE):
        _write(unit, [(row, sending.lost(row, LOST, now, is_on=on)) for row in rows], "lost", now)


def begin_prices(
    unit: Unit,
    channel_id: int,
    instance: str,
    read: Mapping[str, ItemRead | str],
    asked_at: datetime,
    now: datetime,
) -> list[Outgoing]:
    """Those of the listings that were just read whose price leaves now.

    `read`: by SKU what Amazon shows, or why it shows nothing; then the price is refused for that. One that
    is too far from what is shown is held instead, and one that is there already is confirmed.
    """
    channel = channels.get(unit.connection, channel_id)
    if channel is None or not sends(unit.connection, channel_id, instance):
        return []
    rows = prices.of_skus(unit.connection, channel_id, read)
    due = [row for row in rows.values() if row.due_at is not None and row.due_at <= now]
    begun: list[ListingPrice] = []
    settled: list[ListingPrice] = []
    refused: list[tuple[ListingPrice, ListingPrice]] = []
    outgoing: list[Outgoing] = []
    for row in due:
        found = read[row.sku]
        seen = _seen(row, found, channel, asked_at)
        if seen.state is not State.PENDING:
            settled.append(seen)
            continue
        after = sending.begun(seen, now)
        patch = _patch(after, found, channel)
        if isinstance(patch, str):
            refused.append((after, sending.refused(after, patch, is_on=True)))
        else:
            begun.append(after)
            outgoing.append(Outgoing(sku=row.sku, patch=patch))
    _write(unit, refused, "refused", now)
    prices.save(unit, [*settled, *begun])
    price_history.add(unit, [_settled(row, now) for row in settled])
    price_history.add(unit, [happened(row, "sent", row.flight, now) for row in begun])
    return outgoing


def answered(unit: Unit, channel_id: int, sku: str, submission: Submission, now: datetime) -> None:
    """What Amazon said of the request."""
    row = _being_sent(unit, channel_id, sku)
    if row is None:
        return
    on, number = is_on(unit.connection, channel_id), submission.submission_id
    if submission.outcome == "accepted":
        _write(unit, [(row, sending.taken(row, number, now, is_on=on))], "accepted", now, number)
    elif submission.outcome == "refused":
        why = _issues(submission)
        _write(unit, [(row, sending.refused(row, why, is_on=on))], "refused", now, number)
    else:
        why = f"Amazon's answer contradicts itself: {_issues(submission)}"
        _write(unit, [(row, sending.lost(row, why, now, is_on=on))], "lost", now, number)


def failed(unit: Unit, channel_id: int, sku: str, error: ChanneldError, now: datetime) -> None:
    """The request failed."""
    row = _being_sent(unit, channel_id, sku)
    if row is None:
        return
    on, failure = is_on(unit.connection, channel_id), failure_of(error)
    if isinstance(error, AmazonError) and error.is_ambiguous:
        _write(unit, [(row, sending.lost(row, f"{LOST}: {error.message}", now, is_on=on))], "lost", now)
    elif failure is not None and failure.lasting:
        _write(unit, [(row, sending.refused(row, failure.reason, is_on=on))], "refused", now)
    else:
        why = failure.reason if failure else ""
        _write(unit, [(row, sending.not_sent(row, why, now, is_on=on))], "not sent", now)


def _write(
    unit: Unit,
    moved: Sequence[tuple[ListingPrice, ListingPrice]],
    event: Event,
    now: datetime,
    reference: str = "",
) -> None:
    """Rows before and after what happened to the price that was under way."""
    prices.save(unit, [after for _, after in moved])
    price_history.add(unit, [_told(before, after, event, now, reference) for before, after in moved])


def _told(before: ListingPrice, after: ListingPrice, event: Event, now: datetime, reference: str) -> Happened:
    note = after.reason if event in ("refused", "lost") else ""
    return happened(after, event, before.flight, now, note=note, reference=reference)


def _settled(row: ListingPrice, now: datetime) -> Happened:
    """By the read just before it would have left."""
    if row.state is State.CONFIRMED:
        return happened(row, "confirmed", row.saved, now, note="Amazon has it already")
    return happened(row, "held", row.saved, now, note="; ".join(row.holds))


def _being_sent(unit: Unit, channel_id: int, sku: str) -> ListingPrice | None:
    row = prices.of_skus(unit.connection, channel_id, [sku]).get(sku)
    return row if row is not None and row.state is State.SENDING else None


def _seen(row: ListingPrice, found: ItemRead | str, channel: Channel, at: datetime) -> ListingPrice:
    """With what Amazon shows, held where that stands against it, confirmed where it is that already."""
    shown = None if isinstance(found, str) else read_price(found, channel.marketplace_id)
    if shown is None:
        return row
    seen = msgspec.structs.replace(row, shown=shown.minor, shown_at=at)
    if shown.minor is None:
        return seen
    return wishes.compared(seen, shown.minor, BY_ID[channel.marketplace_id].currency, at)


def _patch(row: ListingPrice, found: ItemRead | str, channel: Channel) -> Patch | str:
    """Or why there is none."""
    if isinstance(found, str):
        return found
    try:
        currency = BY_ID[channel.marketplace_id].currency
        return price_patch(found, channel.marketplace_id, row.flight or 0, currency)
    except ValueError as error:
        return f"Not sent, as it might undo other offers: {error}."


def _issues(submission: Submission) -> str:
    told = [f"{issue.code} {issue.text}".strip() for issue in submission.issues if issue.code or issue.text]
    return "; ".join(told[:3]) or "Amazon gives no reason"


def _is_on(channel: Channel) -> bool:
    return ChannelSettings.of(channel.settings).price_change

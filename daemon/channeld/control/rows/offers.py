"""What Amazon is told of stock, on the wire."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import msgspec
from sqlalchemy import Connection

from channel_protocol.offers import OfferRow
from channeld.book.ledger.holding import ANOTHER, is_foreign
from channeld.book.offering.moves import handling_text
from channeld.book.offering.who_sends import BEHIND, is_behind
from channeld.domain.stock.desired import Rank
from channeld.domain.stock.value import Value
from channeld.store import items, listing_facts, stock_drift, stock_history
from channeld.store.desired_stock import DesiredRow
from channeld.store.listing_facts import Listed
from channeld.store.names import Names, names
from channeld.store.stock_history import Seen

__all__ = ["Labels", "labels_for", "offer_row", "offer_rows"]

FOREIGN = f"the database is {ANOTHER}'s; `channelctl work adopt` takes it over"


class Labels(msgspec.Struct, frozen=True, kw_only=True):
    """What rows are labelled with."""

    known: Names
    items: Mapping[int, str]
    listed: Mapping[tuple[int, str], Listed]
    """By channel and SKU, as the newest report shows them."""
    reported: Mapping[int, datetime]
    """By channel when that report was asked for."""
    seen: Mapping[tuple[int, str], Seen]
    """By account and SKU: the last direct read that was written down, of those whose state has none."""
    held: str
    """Why nothing leaves at all; empty when it does."""
    now: datetime
    behind: Collection[int] = ()
    """Accounts of which only zeros leave, as orders are behind."""

    def held_back(self, row: DesiredRow) -> str:
        """Why nothing of it leaves; empty when it does."""
        is_behind = row.account_id in self.behind and row.desired.rank is not Rank.TO_ZERO
        return self.held or (BEHIND if is_behind else "")


def offer_rows(
    connection: Connection, rows: Sequence[DesiredRow], now: datetime, instance: str
) -> list[OfferRow]:
    """A page of them."""
    labels = labels_for(connection, rows, now, instance)
    return [offer_row(row, labels) for row in rows]


def labels_for(connection: Connection, rows: Sequence[DesiredRow], now: datetime, instance: str) -> Labels:
    """What is needed for these rows, in a few questions."""
    owners = {row.owner_id for row in rows if row.owner_id is not None}
    listed = listing_facts.of_skus(connection, owners, {row.sku for row in rows})
    unread: defaultdict[int, list[str]] = defaultdict(list)
    for row in rows:
        if row.desired.proof is None:
            unread[row.account_id].append(row.sku)
    item_ids = {row.item_id for row in rows if row.item_id is not None}
    return Labels(
        known=names(connection),
        items=items.skus(connection, item_ids) if item_ids else {},
        listed={(each.channel_id, each.sku): each for each in listed},
        reported=stock_drift.reported_at(connection, owners),
        seen={
            (id_, sku): seen
            for id_, skus in unread.items()
            for sku, seen in stock_history.seen_last(connection, id_, skus).items()
        },
        held=FOREIGN if is_foreign(connection, instance) else "",
        now=now,
        behind={id_ for id_ in {row.account_id for row in rows} if is_behind(connection, id_, now)},
    )


def offer_row(row: DesiredRow, labels: Labels) -> OfferRow:
    """One seller SKU."""
    desired, known = row.desired, labels.known
    sent, shown = desired.sent, _shown(row, labels)
    held = labels.held_back(row) if desired.is_dirty and not row.withheld else ""
    return OfferRow(
        version=row.version,
        account=known.account(row.account_id),
        sku=row.sku,
        item=labels.items.get(row.item_id, "") if row.item_id is not None else "",
        quantity=desired.computed.quantity if desired.computed else None,
        would=row.would,
        handling=_handling(desired.computed),
        standing=desired.stands(labels.now),
        owner=known.channel(row.owner_id),
        channels=tuple(known.channel(id_) for id_ in row.channels),
        differing=tuple(known.channel(id_) for id_ in row.differing),
        sent_quantity=sent.value.quantity if sent else None,
        sent_handling=_handling(sent.value if sent else None),
        sent_at=sent.at if sent else None,
        sent_route=sent.route if sent else "",
        shown_quantity=shown.quantity,
        shown_at=shown.at,
        shown_by=shown.by,
        dirty_since=desired.dirty_since,
        next_try_at=desired.not_before if desired.is_dirty else None,
        reason=desired.reason,
        withheld=row.withheld or held,
        issue=row.issue,
    )


class _Shown(NamedTuple):
    """What Amazon shows, as far as it is known."""

    quantity: int | None = None
    at: datetime | None = None
    by: str = ""


def _shown(row: DesiredRow, labels: Labels) -> _Shown:
    """The last direct read; the newest report only if that is newer, or there is none.

    A read is no proof any more when stock was not sent for a while, and still newer than most reports.
    """
    if proof := row.desired.proof:
        return _Shown(proof.shown.quantity, proof.at, "read")
    seen, reported = labels.seen.get((row.account_id, row.sku)), _reported(row, labels)
    if seen and (reported.at is None or reported.at <= seen.at):
        return _Shown(seen.quantity, seen.at, "read")
    return reported


def _reported(row: DesiredRow, labels: Labels) -> _Shown:
    """By the newest report of the channel that sends it."""
    if row.owner_id is None:
        return _Shown()
    listed = labels.listed.get((row.owner_id, row.sku))
    if listed is None or listed.quantity is None:
        return _Shown()
    return _Shown(listed.quantity, labels.reported.get(row.owner_id, listed.changed_at), "report")


def _handling(value: Value | None) -> str:
    return handling_text(value.lead_time) if value else ""

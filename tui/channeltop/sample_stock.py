"""What Amazon is told to have in stock, always the same: for pictures of the monitor."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec.structs import replace

from channel_protocol.base import Reply, Request
from channel_protocol.offers import (
    ExplainedChannel,
    ExplainedLocation,
    ExplainedOffer,
    ExplainedOrder,
    ExplainStock,
    ListOffers,
    OfferEvent,
    OfferList,
    OfferRow,
    StockExplained,
    StockSyncRow,
)

__all__ = ["answer", "rows"]

SKUS = ("TEA-EARL-250", "TEA-GREEN-100", "mug-blue", "MUG-RED-2", "POT-CAST-1L", "TOWEL-LINEN", "GIFT-TEA-3")
EU = ("de-main", "fr-main", "uk-main")

NEXT = "The next change of it."


def rows(now: datetime) -> Sequence[StockSyncRow]:
    """One that is behind, one that is done, one that says nothing and why, one that never said anything."""

    def row(channel: str, account: str, seconds: float | None, dirty: int, minutes: float) -> StockSyncRow:
        return StockSyncRow(
            version=1,
            channel=channel,
            account=account,
            inventory_sync_date=None if seconds is None else now - timedelta(seconds=seconds),
            computed_at=None if seconds is None else now - timedelta(seconds=2),
            drift_checked_at=None if seconds is None else now - timedelta(hours=5),
            dirty=dirty,
            oldest_dirty=now - timedelta(minutes=minutes) if dirty else None,
        )

    location = "Update inventory is on, but no inventory location is chosen: nothing is sent"
    return [
        row("uk-main", "eu", 41, 38, 3),
        row("de-main", "eu", 95, 0, 0),
        replace(row("fr-main", "eu", None, 11, 140), warning=location),
        row("us-main", "na", 7260, 0, 0),
    ]


def answer(request: Request, now: datetime) -> Reply | None:
    """What is answered about seller SKUs; None to anything else."""
    match request:
        case ExplainStock():
            row = next(row for row in _offers(now) if row.sku == request.sku)
            return StockExplained(offers=(_explained(row, now),))
        case ListOffers():
            return _listed(request, now)
        case _:
            return None


def _listed(request: ListOffers, now: datetime) -> OfferList:
    kept = [row for row in _offers(now) if row.sku.casefold().startswith(request.text)]
    if request.only:
        kept = [row for row in kept if _is(row, request.only)]
    if request.channel:
        kept = [row for row in kept if request.channel in row.channels or row.withheld]
    return OfferList(rows=tuple(kept), after="", more=False)


def _is(row: OfferRow, only: str) -> bool:
    known = {
        "dirty": row.dirty_since is not None,
        "conflict": bool(row.differing),
        "withheld": bool(row.withheld),
        "issue": bool(row.issue),
        "unconfirmed": row.standing == "sent, not confirmed",
        "dry_run": row.would != row.quantity,
        "refused": row.next_try_at is not None,
        "closed": False,
    }
    return known[only]


def _offers(now: datetime) -> list[OfferRow]:
    """One of each standing."""
    tea, green, mug, red, pot, towel, gift = (_offer(sku, now) for sku in SKUS)
    differs = replace(
        green,
        quantity=0,
        would=0,
        standing="sent, not confirmed",
        differing=("uk-main",),
        sent_quantity=0,
        sent_at=now - timedelta(seconds=41),
        shown_quantity=12,
    )
    late = replace(
        _dirty(pot, 2, "tried again later", now - timedelta(minutes=140)),
        next_try_at=now + timedelta(minutes=12),
        reason="Amazon refuses it: 8541 the SKU does not match the ASIN",
    )
    slow = replace(
        gift,
        handling="4 days",
        sent_handling="4 days",
        sent_route="feed",
        sent_at=now - timedelta(hours=26),
    )
    moving = _dirty(mug, 8, "in flight", now - timedelta(seconds=2))
    waiting = _dirty(red, 4, "waiting", now - timedelta(minutes=3))
    return [tea, differs, moving, waiting, late, _unlinked(towel), slow]


def _dirty(row: OfferRow, quantity: int, standing: str, since: datetime) -> OfferRow:
    return replace(row, quantity=quantity, would=quantity, standing=standing, dirty_since=since)


def _unlinked(row: OfferRow) -> OfferRow:
    return replace(
        row,
        item="",
        quantity=None,
        would=None,
        standing="nothing to send",
        owner="",
        channels=(),
        sent_quantity=None,
        sent_at=None,
        sent_route="",
        shown_quantity=None,
        shown_at=None,
        withheld="the listing is not linked to an item",
    )


def _offer(sku: str, now: datetime) -> OfferRow:
    return OfferRow(
        version=1,
        account="eu",
        sku=sku,
        item=sku.upper(),
        quantity=9,
        would=9,
        handling="",
        standing="confirmed",
        owner="uk-main",
        channels=EU,
        differing=(),
        sent_quantity=9,
        sent_handling="",
        sent_at=now - timedelta(minutes=47),
        sent_route="patch",
        shown_quantity=9,
        shown_at=now - timedelta(minutes=44),
        dirty_since=None,
        next_try_at=None,
        reason="",
        withheld="",
        issue="",
    )


def _explained(row: OfferRow, now: datetime) -> ExplainedOffer:
    """The first one's numbers serve for all."""
    default = ExplainedLocation(sku=row.item, each=1, location="Default", physical=11, reserved=2)
    leeds = ExplainedLocation(sku=row.item, each=1, location="Leeds", physical=4, reserved=1)
    uk = ExplainedChannel(
        channel="uk-main",
        quantity=9,
        handling=row.handling,
        sentence="A=12 (15−3), End When 2 passed, 80 % → 9, cap 25 → 9",
        cut_by=("Stock Percentage",),
        locations=(default, leeds),
        listed=9,
        listing_status="active",
        is_owner=True,
        differs=False,
    )
    de = replace(
        uk, channel="de-main", sentence="A=12 (15−3), cap 10 of the listing → 10", cut_by=("Max Listed",),
        quantity=10, is_owner=False, differs=True,
    )  # fmt: skip
    fr = replace(
        uk, channel="fr-main", sentence="nothing is sent: no inventory location is chosen", cut_by=(),
        quantity=None, locations=(), is_owner=False,
    )  # fmt: skip
    orders = tuple(
        ExplainedOrder(
            order_id=f"203-441{n}027-1900451", channel="uk-main", sku=row.sku, location=place, units=units
        )
        for n, (place, units) in enumerate((("Default", 2), ("Leeds", 1)))
    )
    return ExplainedOffer(
        row=row,
        waits_for=NEXT,
        channels=(uk, de, fr),
        orders=orders,
        orders_in_all=2,
        events=_events(row, now),
    )


def _events(row: OfferRow, now: datetime) -> tuple[OfferEvent, ...]:
    parts = (
        (44, "shown", 9, "", "", "read back"),
        (47, "accepted", 9, "patch", "5e1a90c2-f21d", ""),
        (47, "sent", 9, "patch", "", ""),
        (290, "accepted", 11, "feed", "90231018", ""),
    )
    return tuple(
        OfferEvent(
            at=now - timedelta(minutes=minutes),
            event=event,
            quantity=units,
            handling="",
            route=route,
            reference=reference,
            note=note,
        )
        for minutes, event, units, route, reference, note in parts
    )

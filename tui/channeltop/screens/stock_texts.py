"""The texts of the stock page and of one seller SKU's detail."""

from collections.abc import Sequence
from datetime import datetime

from textual.content import Content

from channel_protocol.offers import ExplainedChannel, ExplainedOffer, OfferRow, StockPushed
from channeltop.format import instant, moment, things
from channeltop.offers import Place, is_late, notes
from channeltop.pages import key_of
from channeltop.screens.offer_columns import quantity, standing
from channeltop.widgets.tones import joined, toned

__all__ = ["channel_lines", "offer_described", "offer_heading", "place_described", "pushed"]

MOST = 4
"""Answers that are named in a toast."""


def place_described(row: Place, now: datetime) -> Content:
    """What the columns of a channel leave out."""
    if not row.channel:
        return Content("All channels: enter goes to the seller SKUs, f and / choose some of them.")
    done = "Amazon was told of all that it sends" if row.synced_at else "Amazon was never told of any"
    dirty = f"Amazon is not told yet of {things(row.dirty, 'SKU')}" if row.dirty else done
    oldest = f", the oldest since {moment(row.oldest_dirty, now)}" if row.oldest_dirty else ""
    compared = (
        f"compared with Amazon's report {instant(row.drift_checked_at)[:16]}" if row.drift_checked_at else ""
    )
    first = (
        toned(row.channel, "strong"),
        toned(dirty + oldest, "warn" if is_late(row.oldest_dirty, now) else ""),
        toned(compared, "muted"),
    )
    warning = toned(f"▲ {row.warning}", "warn") if row.warning else Content()
    do = toned(f"{key_of('settings')} has the channel's settings", "accent") if row.warning else Content()
    return Content("\n").join((joined(first), joined((warning, do))))


def offer_described(row: OfferRow, now: datetime) -> Content:
    """More of one seller SKU than its columns tell."""
    return Content("\n").join((_first(row), _second(row, now), _notes(row)))


def offer_heading(offer: ExplainedOffer, now: datetime) -> Content:
    """The first lines of its detail."""
    row = offer.row
    channels = ", ".join(
        f"{name} (sends)" if name == row.owner and len(row.channels) > 1 else name for name in row.channels
    )
    third = joined((Content(f"on {channels}" if channels else "no channel takes part"), _notes(row)))
    waits = toned(offer.waits_for, "accent")
    lines = (_first(row), _second(row, now), third, waits)
    return Content("\n").join([line for line in lines if line.plain])


def channel_lines(channels: Sequence[ExplainedChannel]) -> Content:
    """What each channel would say and why: the sentence below its name."""
    return Content("\n").join(line for each in channels for line in _channel(each))


def _channel(each: ExplainedChannel) -> Sequence[Content]:
    heads = (
        toned(each.channel, "strong"),
        toned(quantity(each.quantity), "accent" if each.quantity is not None else "muted"),
        Content(each.handling),
        toned("sends it" if each.is_owner else "", "good"),
        toned("is not what is sent" if each.differs else "", "warn"),
        toned(each.listing_status, "muted"),
        toned("" if each.listed is None else f"report shows {each.listed:,}", "muted"),
    )
    cut = toned(f"cut by {', '.join(each.cut_by)}" if each.cut_by else "", "warn")
    return joined(heads), Content("  ") + joined((Content(each.sentence), cut))


def pushed(reply: StockPushed) -> str:
    """What became of a push, as a sentence or a few."""
    lines = [
        f"{each.sku}: {quantity(each.quantity)} is sent once more."
        if each.outcome == "queued"
        else f"{each.sku}: nothing is sent: {each.note}."
        for each in reply.answers[:MOST]
    ]
    if not lines:
        return f"{things(reply.queued, 'SKU')} sent once more."
    more = len(reply.answers) - MOST
    return "\n".join((*lines, *([f"and {more} more"] if more > 0 else [])))


def _first(row: OfferRow) -> Content:
    text, tone = standing(row)
    return joined(
        (
            toned(row.sku, "strong"),
            Content(f"item {row.item}") if row.item else toned("not linked to an item", "warn"),
            toned(row.account, "muted"),
            toned(text, tone),
        )
    )


def _second(row: OfferRow, now: datetime) -> Content:
    """To be told, told, shown."""
    tell = toned(f"tell {quantity(row.quantity)}", "strong") + (f", {row.handling}" if row.handling else "")
    sent = Content()
    if row.sent_at is not None:
        what = ", ".join(part for part in (quantity(row.sent_quantity), row.sent_handling) if part)
        sent = Content(f"sent {what} at {moment(row.sent_at, now)} by {row.sent_route or 'Amazon'}")
    shown = ""
    if row.shown_quantity is not None:
        shown = f"Amazon shows {row.shown_quantity:,}"
        at = "in the report of" if row.shown_by == "report" else "at"
        shown += f" {at} {moment(row.shown_at, now)}" if row.shown_at else ""
        shown += ", before the last message" if row.is_shown_before else ""
    waits = f"tried again at {moment(row.next_try_at, now)}" if row.next_try_at else ""
    since = f"not told since {moment(row.dirty_since, now)}" if row.dirty_since else ""
    return joined((tell, sent, Content(shown), toned(since, "accent"), toned(waits, "warn")))


def _notes(row: OfferRow) -> Content:
    return joined([toned(text, tone) for text, tone in notes(row)])

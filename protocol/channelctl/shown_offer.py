"""What Amazon is told of a seller SKU, for a person: how it comes about, and what was sent and shown."""

from collections.abc import Iterator

from channel_protocol.offers import (
    ExplainedChannel,
    ExplainedLocation,
    ExplainedOffer,
    ExplainedOrder,
    OfferEvent,
    OfferRow,
)
from channelctl.output import Columns, note, print_facts, print_table
from channelctl.words import moment

__all__ = ["COLUMNS", "print_offer"]

DEFAULT = "Amazon's default handling time"


def _told(quantity: int | None, handling: str) -> str:
    if quantity is None:
        return ""
    if not handling:
        return f"{quantity:,}"
    return f"{quantity:,}, {DEFAULT if handling == 'default' else handling}"


def _why(row: OfferRow) -> str:
    return row.withheld or row.reason or row.issue


COLUMNS: Columns[OfferRow] = {
    "Account": "account",
    "SKU": "sku",
    "Item": lambda row: "" if row.item == row.sku else row.item,
    "Quantity": "quantity",
    "Without dry run": lambda row: "" if row.would == row.quantity else row.would,
    "Handling": "handling",
    "Standing": "standing",
    "Sent": "sent_quantity",
    "Accepted": "sent_at",
    "By": "sent_route",
    "Shown": lambda row: f"{row.shown_quantity:,} (before)" if row.is_shown_before else row.shown_quantity,
    "Dirty since": "dirty_since",
    "Differing": lambda row: ", ".join(row.differing),
    "Why": _why,
}
CHANNELS: Columns[ExplainedChannel] = {
    "Channel": lambda each: f"{each.channel} (sends it)" if each.is_owner else each.channel,
    "Says": lambda each: _told(each.quantity, each.handling) or "nothing",
    "Why": "sentence",
    "Cut by": lambda each: ", ".join(each.cut_by),
    "Differs": lambda each: "yes" if each.differs else "",
    "Listed": "listed",
    "Status": "listing_status",
}
ORDERS: Columns[ExplainedOrder] = {
    "Reserved by": "order_id",
    "Channel": "channel",
    "Item": "sku",
    "Location": "location",
    "Units": "units",
}
EVENTS: Columns[OfferEvent] = {
    "Time": "at",
    "What": "event",
    "Value": lambda event: _told(event.quantity, event.handling),
    "By": "route",
    "Reference": "reference",
    "Note": "note",
}


def print_offer(offer: ExplainedOffer) -> None:
    """One seller SKU."""
    print_facts(_facts(offer))
    if offer.channels:
        note("")
        print_table(offer.channels, CHANNELS)
        for each in offer.channels:
            if each.locations:
                note(f"{each.channel} offers {'; '.join(map(_location, each.locations))}.")
    if offer.orders:
        note("")
        print_table(offer.orders, ORDERS)
        if (others := offer.orders_in_all - len(offer.orders)) > 0:
            note(f"{others:,} more reserve it; --limit shows more.")
    if offer.events:
        note("")
        print_table(offer.events, EVENTS)


def _facts(offer: ExplainedOffer) -> dict[str, object]:
    row = offer.row
    return {
        "SKU": row.sku,
        "Account": row.account,
        "Item": row.item or "not linked",
        "Amazon is told": _told(row.quantity, row.handling) or "nothing",
        "Without dry run": None if row.would == row.quantity else row.would,
        "Withheld": row.withheld,
        "Standing": row.standing,
        "Sent": " ".join(_sent(row)),
        "Amazon shows": " ".join(_shown(row)),
        "Dirty since": row.dirty_since,
        "What happens next": offer.waits_for,
        "Handling time": row.issue,
        "Channels differ": ", ".join(row.differing),
    }


def _sent(row: OfferRow) -> Iterator[str]:
    if row.sent_at is not None:
        yield f"{_told(row.sent_quantity, row.sent_handling)} by {row.sent_route},"
        yield f"accepted {moment(row.sent_at)}"


def _shown(row: OfferRow) -> Iterator[str]:
    if row.shown_quantity is not None:
        at = "in the report of" if row.shown_by == "report" else "at"
        when = f" {at} {moment(row.shown_at)}" if row.shown_at else ""
        yield f"{row.shown_quantity:,}{when}{', before the last message' if row.is_shown_before else ''}"


def _location(each: ExplainedLocation) -> str:
    physical = "not counted" if each.physical is None else f"{each.physical:,}"
    item = f"{each.sku}, {each.each} in each: " if each.each != 1 else f"{each.sku}: "
    reserved = f", {each.reserved:,} reserved" if each.reserved else ""
    return f"{item}{physical} at {each.location}{reserved}"

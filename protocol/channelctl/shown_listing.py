"""Listings on the screen."""

from shlex import quote
from typing import Any

from channel_protocol.audit import AuditRow
from channel_protocol.listings import ListingRow, ListingShown, Suggestion
from channelctl.output import Columns, flat, note, print_facts, print_table
from channelctl.words import money

__all__ = ["COLUMNS", "listing_document", "print_listing"]

LONGEST_TITLE = 50


def _price(row: ListingRow) -> str:
    return "" if row.price is None else money(row.price, row.currency)


def _title(row: ListingRow) -> str:
    return row.title if len(row.title) <= LONGEST_TITLE else f"{row.title[: LONGEST_TITLE - 1]}…"


COLUMNS: Columns[ListingRow] = {
    "Channel": "channel",
    "SKU": "sku",
    "Title": _title,
    "Price": _price,
    "Quantity": "quantity",
    "Status": "status",
    "ASIN": "asin",
    "Fulfilled by": lambda row: "" if row.fulfilled_by == "MERCHANT" else row.fulfilled_by,
    "Presence": lambda row: "" if row.presence == "listed" else row.presence,
    "Link": "link",
    "Item": "item",
    "Suggestion": "suggestion",
}
SUGGESTIONS: Columns[Suggestion] = {"Item": "item", "Title": "title", "Same": "why"}
AUDIT: Columns[AuditRow] = {"Time": "at", "What": "text", "Reason": "reason", "By": "by"}


def listing_document(shown: ListingShown) -> dict[str, Any]:
    """One listing for a program."""
    return flat(shown.row) | {
        "facts": shown.facts,
        "settings": shown.settings,
        "issues": shown.issues,
        "suggestions": [flat(each) for each in shown.suggestions],
        "audit": [flat(entry) for entry in shown.audit],
    }


def print_listing(shown: ListingShown) -> None:
    """One listing for a person."""
    print_facts(
        _facts(shown.row) | _own(shown) | {name.capitalize(): text for name, text in shown.facts.items()}
    )
    if shown.issues:
        note("\nAmazon's issues with it")
        for issue in shown.issues:
            note(f"  - {issue}")
    if shown.suggestions:
        note("\nItems that it may be")
        print_table(shown.suggestions, SUGGESTIONS)
        words = shown.row.channel, shown.row.sku, shown.suggestions[0].item
        note(f"Link it with `channelctl listing link {' '.join(map(quote, words))}`.")
    if shown.audit:
        note("\nHistory")
        print_table(shown.audit, AUDIT)


def _own(shown: ListingShown) -> dict[str, object]:
    """Over the channel's settings."""
    return {"Set for it": ", ".join(f"{key}={text}" for key, text in shown.settings.items())}


def _facts(row: ListingRow) -> dict[str, object]:
    return {
        "SKU": row.sku,
        "Channel": row.channel,
        "ASIN": row.asin,
        "Title": row.title,
        "Price": _price(row),
        "Quantity": row.quantity,
        "Status": row.status,
        "Condition": row.condition,
        "Fulfilled by": row.fulfilled_by,
        "Presence": row.presence,
        "Link": row.link,
        "Item": row.item,
        "Changed": row.seen_at,
    }

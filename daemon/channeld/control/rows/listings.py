"""Listings on the wire, each with its item or the likeliest one."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection

from channel_protocol.listings import ListingRow
from channel_protocol.listings import Suggestion as SuggestionRow
from channeld.book.items.suggesting import suggestions
from channeld.domain.listing.linking import ListingFacts, Suggestion
from channeld.domain.marketplaces import Marketplace
from channeld.domain.stock.own_settings import NOTHING_SET, OwnSettings
from channeld.store import listing_limits
from channeld.store.listing_details import Stored
from channeld.store.listing_queries import ShownListing

__all__ = [
    "issue_texts",
    "listing_facts",
    "listing_rows",
    "own_settings",
    "suggested",
    "suggestion_rows",
]


def suggested(connection: Connection, shown: Sequence[ShownListing]) -> Mapping[str, tuple[Suggestion, ...]]:
    """By SKU, for those of one account that are not linked, and that nobody left alone."""
    open_ones = [each for each in shown if each.item is None and each.automatic is None]
    if not open_ones:
        return {}
    facts = [
        ListingFacts(
            sku=each.sku,
            asin=each.asin,
            title=each.title,
            product_id=each.product_id,
            product_id_type=each.product_id_type,
        )
        for each in open_ones
    ]
    return suggestions(connection, facts)


def listing_rows(
    connection: Connection, shown: Sequence[ShownListing], channel: str, marketplace: Marketplace
) -> list[ListingRow]:
    """A page of one channel."""
    likely = suggested(connection, shown)
    return [_row(each, channel, marketplace, likely.get(each.sku, ())) for each in shown]


def suggestion_rows(likely: Sequence[Suggestion]) -> tuple[SuggestionRow, ...]:
    """The likeliest first."""
    return tuple(SuggestionRow(item=each.item, title=each.title, why=each.why) for each in likely)


def own_settings(connection: Connection, channel_id: int, sku: str) -> dict[str, str]:
    """What is set for that listing alone, as people type it; only what there is."""
    found = listing_limits.of_skus(connection, [channel_id], [sku]).get((channel_id, sku))
    own = OwnSettings(limits=found.limits, ignore_sync=found.ignore_sync) if found else NOTHING_SET
    return {key: text for key, text in own.texts.items() if text}


def listing_facts(shown: ShownListing, stored: Stored | None) -> dict[str, str]:
    """What else is known of it, by what people call it; only what there is."""
    facts = {
        "listing id": shown.listing_id,
        "product id": shown.product_id,
        "opened": _moment(shown.opened_at),
        "first seen": _moment(shown.first_seen_at),
        "missing since": _moment(shown.missing_since),
        "details read": _moment(shown.details_at),
    }
    if stored is not None and not stored.details.is_known:
        facts["details"] = "Amazon's listings operations know no such SKU"
    elif stored is not None:
        details = stored.details
        facts |= {
            "product type": stored.product_type,
            "shown by Amazon as": ", ".join(details.status).lower(),
            "FNSKU": details.fn_sku,
            "parent": details.parent,
            "variations": ", ".join(sku for each in details.relationships for sku in each.child_skus),
            "vary by": next((each.theme for each in details.relationships if each.theme), ""),
            "images": "\n".join(details.images),
            "description": stored.description,
        }
    return {name: text for name, text in facts.items() if text}


def issue_texts(stored: Stored | None) -> tuple[str, ...]:
    """Amazon's, with their severity."""
    issues = stored.details.issues if stored else ()
    return tuple(f"{each.severity} {each.code}: {each.message}".strip() for each in issues)


def _row(
    shown: ShownListing, channel: str, marketplace: Marketplace, likely: Sequence[Suggestion]
) -> ListingRow:
    return ListingRow(
        version=shown.version,
        channel=channel,
        sku=shown.sku,
        asin=shown.asin,
        title=shown.title,
        price=shown.price,
        currency=marketplace.currency,
        quantity=shown.quantity,
        status=shown.status,
        condition=shown.condition,
        fulfilled_by=shown.fulfilled_by,
        presence=shown.presence,
        item=shown.item or "",
        link=_link(shown),
        suggestion=likely[0].item if likely else "",
        seen_at=shown.changed_at,
    )


def _link(shown: ShownListing) -> str:
    if shown.item is not None:
        return "linked by sku" if shown.automatic else "linked"
    return "unlinked" if shown.automatic is None else "left alone"


def _moment(at: object) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC" if at else ""

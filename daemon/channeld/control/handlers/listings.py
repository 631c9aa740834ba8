"""Requests about listings: finding and showing them."""

from collections.abc import Sequence

from sqlalchemy import Connection

from channel_protocol.listings import (
    ListingList,
    ListingRow,
    ListingShown,
    ListListings,
    ShowListing,
)
from channeld.commands.asking import find_channel
from channeld.control.context import Context
from channeld.control.rows.audit import audit_row
from channeld.control.rows.listings import (
    issue_texts,
    listing_facts,
    listing_rows,
    own_settings,
    suggested,
    suggestion_rows,
)
from channeld.domain.marketplaces import BY_ID
from channeld.errors import InvalidRequest, Problem
from channeld.store import audit, channels, listing_details, listing_queries
from channeld.store.channels import Channel
from channeld.store.listing_queries import Filters
from channeld.store.names import names

__all__ = ["list_all", "show"]

MOST_LISTED = 1_000
LAST_ENTRIES = 50
LINKS = ("linked", "unlinked", "suggested")
PRESENCES = ("listed", "missing", "gone")


async def list_all(request: ListListings, context: Context) -> ListingList:
    """A page: channel after channel by name, each by SKU. What is looked through at once is bounded."""
    _check(request)
    limit = min(max(request.limit, 1), MOST_LISTED)
    begin, _, sku = request.after.partition("/")
    rows: list[ListingRow] = []
    for channel in await context.read(lambda c: _channels(c, request.channel, begin)):
        after: str | None = sku if channel.name == begin else ""
        while after is not None:
            found, after = await _next_page(context, channel, request, after, limit + 1 - len(rows))
            rows += found
            if len(rows) > limit:
                return ListingList(rows=tuple(rows[:limit]), more=True)
    return ListingList(rows=tuple(rows), more=False)


async def show(request: ShowListing, context: Context) -> ListingShown:
    def query(connection: Connection) -> ListingShown:
        channel = find_channel(connection, request.channel)
        found = listing_queries.by_sku(connection, channel.id, request.sku)
        if found is None:
            raise _unknown(request.sku, channel.name)
        stored = listing_details.of_listings(connection, [found.id]).get(found.id)
        known = names(connection)
        entries = audit.entries(connection, LAST_ENTRIES, sku=found.sku, account_id=found.account_id)
        (row,) = listing_rows(connection, [found], channel.name, BY_ID[channel.marketplace_id])
        return ListingShown(
            row=row,
            facts=listing_facts(found, stored),
            issues=issue_texts(stored),
            suggestions=suggestion_rows(suggested(connection, [found]).get(found.sku, ())),
            audit=tuple(audit_row(entry, known) for entry in entries),
            settings=own_settings(connection, channel.id, found.sku),
        )

    return await context.read(query)


async def _next_page(
    context: Context, channel: Channel, request: ListListings, after: str, limit: int
) -> tuple[Sequence[ListingRow], str | None]:
    return await context.read(lambda c: _page(c, channel, request, after, limit))


def _page(
    connection: Connection, channel: Channel, request: ListListings, after: str, limit: int
) -> tuple[Sequence[ListingRow], str | None]:
    """Rows, and the SKU to go on behind; None at the channel's end."""
    is_suggested = request.link == "suggested"
    link = "linked" if request.link == "linked" else "unlinked" if request.link else None
    filters = Filters(link=link, presence=request.presence, find=request.find)
    page = listing_queries.page(connection, channel.id, filters, after, limit)
    rows = listing_rows(connection, page.rows, channel.name, BY_ID[channel.marketplace_id])
    return [row for row in rows if row.suggestion or not is_suggested], page.after


def _channels(connection: Connection, name: str | None, begin: str) -> list[Channel]:
    if name:
        return [find_channel(connection, name)]
    return sorted(
        (each for each in channels.all_channels(connection) if each.name >= begin), key=lambda each: each.name
    )


def _check(request: ListListings) -> None:
    """Raises `InvalidRequest` with every problem."""
    given = (("link", request.link, LINKS), ("presence", request.presence, PRESENCES))
    problems = [
        Problem(key=key, message=f"must be one of {', '.join(words)}")
        for key, text, words in given
        if text is not None and text not in words
    ]
    if problems:
        raise InvalidRequest(
            "invalid", "The request has words that are not known.", "See the list.", problems
        )


def _unknown(sku: str, channel: str) -> InvalidRequest:
    return InvalidRequest(
        "unknown_listing",
        f"Channel {channel} has no listing of that SKU.",
        f"`channelctl listing list {channel}` shows those it has; capitals count.",
        [Problem(key="sku", message="is not known")],
    )

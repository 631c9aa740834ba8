"""Extract inventory: items are made of listings that are none, and linked to them (semantics E1).

What is there already stays as it is, so it may be repeated: after a crash between two pages the second run
makes what is missing.
"""

from collections.abc import Collection, Sequence

import msgspec
from sqlalchemy import Connection

from channeld.book.items.linking import follows, link_made, relink
from channeld.book.items.saving import save_items
from channeld.commands.asking import Asked, find_channel
from channeld.domain.listing.extracting import item_of
from channeld.domain.listing.linking import LikelyItem, folded
from channeld.errors import Problem
from channeld.store import audit, extractable, item_candidates, items, listing_details
from channeld.store.channels import Channel
from channeld.store.extractable import Extractable
from channeld.store.unit import Unit

__all__ = ["Extracted", "extract_listings"]


class Extracted(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a page of listings."""

    created: int
    linked: int
    """To items that were there already."""
    skipped: tuple[Problem, ...]
    after: str
    """SKU that the page ends with; empty when it was the last."""


def extract_listings(
    unit: Unit, asked: Asked, channel_name: str, skus: Sequence[str], after: str, limit: int
) -> Extracted:
    """Make items of the unlinked listings of a channel, a page at a time; or of those that are named.

    What a person left alone, and what differs from an item in capitals only, is skipped unless it is named.
    """
    channel = find_channel(unit.connection, channel_name)
    page = _page(unit.connection, channel, skus, after, limit)
    skipped = _unknown(skus, page)
    skipped += _reasons(unit.connection, page, is_named=bool(skus))
    left = {problem.key for problem in skipped}
    wanted = [each for each in page if each.facts.sku not in left]
    created, linked, refused = _carry_out(unit, asked, channel, wanted)
    is_last = bool(skus) or len(page) < limit
    return Extracted(
        created=created,
        linked=linked,
        skipped=(*skipped, *refused),
        after="" if is_last else page[-1].facts.sku,
    )


def _page(
    connection: Connection, channel: Channel, skus: Sequence[str], after: str, limit: int
) -> list[Extractable]:
    if skus:
        return extractable.of_skus(connection, channel.account_id, channel.id, skus)
    return extractable.unlinked(connection, channel.account_id, channel.id, after, limit)


def _unknown(skus: Sequence[str], page: Sequence[Extractable]) -> list[Problem]:
    known = {each.facts.sku for each in page}
    return [
        Problem(key=sku, message="is no listing of this channel")
        for sku in dict.fromkeys(skus)
        if sku not in known
    ]


def _reasons(connection: Connection, page: Sequence[Extractable], *, is_named: bool) -> list[Problem]:
    """Why some of them are left as they are."""
    alike = item_candidates.by_folded_sku(connection, {folded(each.facts.sku) for each in page})
    return [
        Problem(key=each.facts.sku, message=why)
        for each in page
        if (why := _reason(each, alike.get(folded(each.facts.sku), ()), is_named=is_named))
    ]


def _reason(listing: Extractable, alike: Sequence[LikelyItem], *, is_named: bool) -> str:
    if listing.item is not None:
        return f"is linked to item {listing.item}"
    if is_named:
        return ""
    if listing.left_alone:
        return "was unlinked by a person; name it to extract it all the same"
    same = {item.sku for item in alike}
    if same and listing.facts.sku not in same:
        other = min(same)
        return f"differs from item {other} in capitals only; link it to that, or name it to extract it"
    return ""


def _carry_out(
    unit: Unit, asked: Asked, channel: Channel, wanted: Sequence[Extractable]
) -> tuple[int, int, list[Problem]]:
    """How many were made, how many linked to what was there, and what cannot be an item."""
    there = items.ids(unit.connection, {each.facts.sku for each in wanted})
    new = [each for each in wanted if each.facts.sku not in there]
    read = listing_details.of_listings(unit.connection, [each.id for each in new])
    wishes = [item_of(each.facts, read.get(each.id)) for each in new]
    answers = save_items(unit, wishes, "add", asked.now, asked.by, link=False)
    made = [each.sku for each in answers if each.outcome == "created"]
    keys = {**there, **items.ids(unit.connection, made)}
    if keys:
        followed = relink(unit, channel.account_id, keys, asked.now, asked.by)
        _write_down(unit, asked, channel, keys, followed)
    link_made(unit, made, asked.now)
    refused = [
        Problem(key=each.sku, message="; ".join(f"{fault.key} {fault.message}" for fault in each.problems))
        for each in answers
        if each.outcome == "refused"
    ]
    return len(made), len(there), refused


def _write_down(
    unit: Unit, asked: Asked, channel: Channel, skus: Collection[str], followed: dict[str, int]
) -> None:
    audit.add_many(
        unit,
        [
            asked.entry(
                "listing.linked",
                f"Listing {sku} extracted: linked to item {sku}{follows(followed.get(sku, 0))}",
                account_id=channel.account_id,
                channel_id=channel.id,
                sku=sku,
            )
            for sku in skus
        ],
    )

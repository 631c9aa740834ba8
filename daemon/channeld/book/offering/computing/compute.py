"""What Amazon is to be told of a page of seller SKUs, from what the book has now (semantics D1–D7, I17)."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import Connection

from channeld.book.offering.computing.computed import Computed, OnChannel, Selling
from channeld.book.offering.computing.page import Page, read_account
from channeld.domain.channel_settings import ChannelSettings
from channeld.domain.stock.abstention import Abstention, Part, abstention
from channeld.domain.stock.available import Available
from channeld.domain.stock.closure import Closure, ListingFacts, closure_of, closure_of_listing
from channeld.domain.stock.desired import Desired
from channeld.domain.stock.group import Group, Member, agreed
from channeld.domain.stock.latency import KEEP, Said, lead_time
from channeld.domain.stock.limits import Offer, offer
from channeld.domain.stock.relist import Relisting, relisting
from channeld.domain.stock.value import Value
from channeld.store.desired_stock import DesiredRow
from channeld.store.listing_facts import Listed
from channeld.store.listing_limits import ListingLimits

__all__ = ["Computed", "OnChannel", "Selling", "compute", "read_account"]

NOT_LISTED = "no channel has a listing of it"
_BY_WEIGHT = list(Abstention)


def compute(
    connection: Connection,
    account_id: int,
    skus: Collection[str],
    *,
    settings: Mapping[int, ChannelSettings] = {},
    limits: Mapping[tuple[int, str], ListingLimits] = {},
) -> dict[str, Computed]:
    """An answer for each of these SKUs, 1,000 at most. Reads only.

    `settings`, by channel, and `limits`, by channel and SKU, count instead of what is stored: for previews.
    """
    page = Page(connection, account_id, skus, settings, limits)
    return {sku: _computed(page, page.row(account_id, sku)) for sku in skus}


def _computed(page: Page, row: DesiredRow) -> Computed:
    item_id = page.items.get(row.sku)
    remembered: Mapping[str, int] = row.last_valid if item_id == row.item_id else {}
    members = tuple(_member(page, item_id, *each, remembered) for each in page.listings(row.sku))
    there = _there(page, members)
    group = _agreed(there)
    closure = _closure(page, [each for each in members if isinstance(each.freely, Offer)], row)
    becomes = _relisted(group, row.desired, closure)
    would = becomes
    if any(each.made is Abstention.DRY_RUN for each in members):
        would = _relisted(_agreed(there, freely=True), row.desired, closure)
    return Computed(
        account_id=row.account_id,
        sku=row.sku,
        item_id=item_id,
        item=page.shelves.skus[item_id] if item_id is not None else "",
        members=members,
        group=group,
        closure=closure,
        relisting=becomes,
        value=_value(group, becomes),
        would=would.quantity if would else None,
        withheld=_withheld(group, becomes),
        issue="; ".join(dict.fromkeys(each.said.issue for each in members if each.said.issue)),
        last_valid=_last_valid(remembered, members),
        row=row,
    )


def _member(
    page: Page, item_id: int | None, selling: Selling, listed: Listed, last_valid: Mapping[str, int]
) -> OnChannel:
    settings = selling.settings
    limits = page.limits(listed)
    is_fba = listed.fulfilled_by == "AMAZON"
    part = Part(
        linked=item_id is not None,
        enabled=settings.enabled,
        update_inventory=settings.update_inventory,
        fba=is_fba,
        ignore_sync=is_fba if limits.ignore_sync is None else limits.ignore_sync,
        located=bool(settings.inventory_locations),
    )
    freely = abstention(part) or _offer(page, item_id, settings, limits)
    made = Abstention.DRY_RUN if settings.dry_run and isinstance(freely, Offer) else freely
    remembered = last_valid.get(f"{selling.channel.id}")
    said = Said(lead_time=KEEP, last_valid=remembered)
    if item_id is not None and isinstance(freely, Offer):
        said = lead_time(settings.latency, selling.channel.name, page.properties(item_id), remembered)
    return OnChannel(selling=selling, listed=listed, made=made, freely=freely, said=said)


def _offer(
    page: Page, item_id: int | None, settings: ChannelSettings, limits: ListingLimits
) -> Offer | Abstention:
    if item_id is None:
        return Abstention.UNLINKED
    found = page.shelves.available(item_id, frozenset(settings.inventory_locations))
    return offer(found, limits.limits, settings.limits) if isinstance(found, Available) else found


def _agreed(members: Sequence[OnChannel], *, freely: bool = False) -> Group:
    return agreed(
        Member(
            channel_id=each.channel.id,
            created_at=each.channel.created_at,
            made=each.freely if freely else each.made,
            lead_time=each.said.lead_time,
        )
        for each in members
    )


def _closure(page: Page, members: Sequence[OnChannel], row: DesiredRow) -> Closure | None:
    return closure_of((_facts(page, each.listed) for each in members), row.closed_at)


def _there(page: Page, members: Sequence[OnChannel]) -> Sequence[OnChannel]:
    """Without listings that were deleted while another is there: no request can be about one of these."""
    deleted = {
        each.channel.id
        for each in members
        if closure_of_listing(_facts(page, each.listed)) is Closure.DELETED
    }
    others = [each for each in members if each.channel.id not in deleted]
    return others if any(isinstance(each.freely, Offer) for each in others) else members


def _facts(page: Page, listed: Listed) -> ListingFacts:
    return ListingFacts(
        presence=listed.presence,
        status=listed.status,
        quantity=listed.quantity,
        changed_at=listed.changed_at,
        down=page.down(listed),
    )


def _relisted(group: Group, before: Desired, closure: Closure | None) -> Relisting | None:
    return relisting(group.value.quantity, _told(before), closure) if group.value else None


def _told(desired: Desired) -> int | None:
    """The last quantity that Amazon was told, also one that is on its way; None: never any."""
    told = desired.flight or desired.sent
    if desired.flight is None and desired.standing is not None:
        return desired.standing.quantity
    return told.value.quantity if told else None


def _value(group: Group, becomes: Relisting | None) -> Value | None:
    if group.value is None or becomes is None or becomes.quantity is None:
        return None
    return Value(quantity=becomes.quantity, lead_time=group.value.lead_time)


def _withheld(group: Group, becomes: Relisting | None) -> str:
    """For people. Of several channels' reasons the one that is nearest to being none."""
    if becomes is not None:
        return becomes.issue.value if becomes.issue else ""
    reasons = [reason for _, reason in group.left_out]
    return max(reasons, key=_BY_WEIGHT.index).value if reasons else NOT_LISTED


def _last_valid(remembered: Mapping[str, int], members: Sequence[OnChannel]) -> dict[str, int]:
    """By channel; with a value that is gone what was remembered of it is forgotten (D7)."""
    found = {f"{each.channel.id}": each.said.last_valid for each in members}
    return {key: days for key, days in {**remembered, **found}.items() if days is not None}

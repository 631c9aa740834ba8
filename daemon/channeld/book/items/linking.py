"""Listings are linked to items, by hand and by themselves, and open orders follow (semantics D10).

By itself a listing is linked only to an item of the very same SKU, and only if nobody linked or unlinked it
before.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import datetime

from channeld.store import audit, links
from channeld.store.audit import AuditEntry
from channeld.store.links import Link
from channeld.store.unit import Unit

__all__ = ["follows", "link_by_sku", "link_made", "relink"]

DAEMON = "channeld"


def link_by_sku(unit: Unit, account_id: int, skus: Collection[str], now: datetime) -> dict[str, int]:
    """Listings or orders of these SKUs are there: link those that are an item's SKU, too; SKU → item."""
    wanted = links.matches(unit.connection, account_id, skus)
    _link(unit, account_id, wanted, now)
    return wanted


def link_made(unit: Unit, skus: Collection[str], now: datetime) -> dict[str, int]:
    """Items of these SKUs are there: link the listings that have the SKU; how many of them, by SKU."""
    found = links.made(unit.connection, skus)
    for account_id in {each.account_id for each in found}:
        wanted = {each.sku: each.item_id for each in found if each.account_id == account_id}
        _link(unit, account_id, wanted, now)
    counts: Counter[str] = Counter()
    for each in found:
        counts[each.sku] += each.listings
    return counts


def relink(
    unit: Unit, account_id: int, wanted: Mapping[str, int | None], now: datetime, by: str
) -> dict[str, int]:
    """A person links these SKUs, or unlinks them with None; lines of open orders that followed, by SKU.

    The caller writes down what it was for each of them.
    """
    _put(unit, account_id, wanted, now, by, automatic=False)
    return links.follow(unit, account_id, wanted, now)


def _link(unit: Unit, account_id: int, wanted: Mapping[str, int], now: datetime) -> None:
    """One entry for all, as a first download may link every listing of an account."""
    if not wanted:
        return
    _put(unit, account_id, wanted, now, DAEMON, automatic=True)
    lines = sum(links.follow(unit, account_id, wanted, now).values())
    only = next(iter(wanted)) if len(wanted) == 1 else None
    text = f"Listing {only} linked by its SKU" if only else f"{len(wanted):,} listings linked by their SKU"
    entry = AuditEntry(
        at=now, code="listing.linked", text=text + follows(lines), account_id=account_id, sku=only
    )
    audit.add(unit, entry)


def _put(
    unit: Unit, account_id: int, wanted: Mapping[str, int | None], now: datetime, by: str, *, automatic: bool
) -> None:
    links.put(
        unit,
        [
            Link(account_id=account_id, sku=sku, item_id=item_id, automatic=automatic, by=by, at=now)
            for sku, item_id in wanted.items()
        ],
    )


def follows(lines: int) -> str:
    """Said of open orders after what was done; empty when none of them is concerned."""
    return f"; {lines:,} {'line' if lines == 1 else 'lines'} of open orders with it" if lines else ""

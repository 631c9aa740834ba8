"""Everything of a page of seller SKUs that decides what Amazon is to be told: a fixed number of questions."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import Connection

from channeld.book.offering.computing.computed import Selling
from channeld.book.offering.computing.shelves import Shelves
from channeld.domain.channel_settings import ChannelSettings
from channeld.domain.stock.closure import Down
from channeld.store import channels, desired_stock, items, links, listing_facts, listing_limits, listings_down
from channeld.store.desired_stock import DesiredRow
from channeld.store.listing_facts import Listed
from channeld.store.listing_limits import ListingLimits

__all__ = ["Page", "read_account"]


def read_account(connection: Connection, account_id: int) -> list[Selling]:
    """The channels of the account, the oldest first; without removed ones."""
    found = channels.of_account(connection, account_id)
    found.sort(key=lambda channel: (channel.created_at, channel.id))
    return [Selling(channel=each, settings=ChannelSettings.of(each.settings)) for each in found]


class Page:
    """Of one account. `settings` and `limits` count instead of what is stored."""

    def __init__(
        self,
        connection: Connection,
        account_id: int,
        skus: Collection[str],
        settings: Mapping[int, ChannelSettings],
        limits: Mapping[tuple[int, str], ListingLimits],
    ) -> None:
        self.selling = [
            Selling(channel=each.channel, settings=settings.get(each.channel.id, each.settings))
            for each in read_account(connection, account_id)
        ]
        ids = [each.channel.id for each in self.selling]
        self._listed: dict[str, dict[int, Listed]] = defaultdict(dict)
        for listed in listing_facts.of_skus(connection, ids, skus):
            self._listed[listed.sku][listed.channel_id] = listed
        self._limits = listing_limits.of_skus(connection, ids, skus) | dict(limits)
        self._down = listings_down.of_skus(connection, ids, skus)
        self._rows = desired_stock.of_skus(connection, account_id, skus)
        self.items = links.items_of(connection, account_id, skus)
        self.shelves = Shelves(connection, set(self.items.values()))
        by_product = any(each.settings.latency.by_product for each in self.selling)
        self._properties = items.properties(connection, set(self.items.values()) if by_product else ())

    def listings(self, sku: str) -> Sequence[tuple[Selling, Listed]]:
        """The channels that have a listing of it, the oldest first."""
        found = self._listed.get(sku, {})
        return [(each, found[each.channel.id]) for each in self.selling if each.channel.id in found]

    def limits(self, listed: Listed) -> ListingLimits:
        key = listed.channel_id, listed.sku
        return self._limits.get(key) or ListingLimits(channel_id=listed.channel_id, sku=listed.sku)

    def down(self, listed: Listed) -> Down | None:
        return self._down.get((listed.channel_id, listed.sku))

    def row(self, account_id: int, sku: str) -> DesiredRow:
        """What is stored of it, or of one that is new."""
        return self._rows.get(sku) or DesiredRow(account_id=account_id, sku=sku)

    def properties(self, item_id: int) -> Mapping[str, str]:
        """Of an item, where a channel goes by them."""
        return self._properties.get(item_id, {})

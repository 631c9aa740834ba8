"""What comes of a seller SKU: what each of its channels would say, what goes out, and why."""

import msgspec

from channeld.domain.channel_settings import ChannelSettings
from channeld.domain.stock.abstention import Abstention
from channeld.domain.stock.available import Available
from channeld.domain.stock.closure import Closure
from channeld.domain.stock.group import Group
from channeld.domain.stock.latency import Said
from channeld.domain.stock.limits import Offer
from channeld.domain.stock.relist import Relisting
from channeld.domain.stock.value import Value
from channeld.store.channels import Channel
from channeld.store.desired_stock import DesiredRow
from channeld.store.listing_facts import Listed

__all__ = ["Computed", "OnChannel", "Selling"]


class Selling(msgspec.Struct, frozen=True, kw_only=True):
    """A channel of the account, with what its settings come to."""

    channel: Channel
    settings: ChannelSettings


class OnChannel(msgspec.Struct, frozen=True, kw_only=True):
    """What one channel that has a listing of the SKU says of it."""

    selling: Selling
    listed: Listed
    """The listing, as the last report shows it."""
    made: Offer | Abstention
    freely: Offer | Abstention
    """The same as if the channel were not in dry run."""
    said: Said
    """Of the handling time."""

    @property
    def channel(self) -> Channel:
        return self.selling.channel

    @property
    def available(self) -> Available | None:
        """What can be sold of the item from the channel's locations, as far as that was asked for."""
        return self.freely.available if isinstance(self.freely, Offer) else None


class Computed(msgspec.Struct, frozen=True, kw_only=True):
    """One seller SKU of one account."""

    account_id: int
    sku: str
    item_id: int | None
    item: str
    """SKU of the item; empty for a SKU that is not linked."""
    members: tuple[OnChannel, ...]
    """The channels that have a listing of it, the oldest first; none: nothing is known of such a listing."""
    group: Group
    """What they agree on, before anything is withheld for the listing's sake."""
    closure: Closure | None
    """Why the listing is down for another reason than a zero of ours, where that matters."""
    relisting: Relisting | None
    """What becomes of the group's quantity; None when there is none."""
    value: Value | None
    """What Amazon is to be told. None: nothing."""
    would: int | None
    """The quantity if no channel were in dry run."""
    withheld: str
    """Why nothing, or not all, is sent; for people."""
    issue: str
    """What is wrong with a handling time; for people."""
    last_valid: dict[str, int]
    """Channel id → the last valid handling time, to be remembered."""
    row: DesiredRow
    """What is stored of it so far, or of one that is new."""

    @property
    def channels(self) -> tuple[int, ...]:
        """Those that take part, by age."""
        return tuple(each.channel.id for each in self.members if isinstance(each.made, Offer))

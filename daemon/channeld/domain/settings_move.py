"""A change of a channel's settings, the numbers it is weighed with, and what is said of it."""

from datetime import datetime

import msgspec

from channeld.domain.channel_settings import ChannelSettings
from channeld.domain.marketplaces import Marketplace

__all__ = ["Consequence", "Facts", "Move"]


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """Numbers of the channel's book that a change is weighed with."""

    orders: int = 0
    parked: int = 0
    quarantined: int = 0
    open_elsewhere: int = 0
    """Orders still to be sent, parked ones too, that are in another location than the new order location."""
    emails_pending: int = 0
    """Orders whose e-mail address is still looked for."""
    queued: int = 0
    """Pieces of outbound work that are queued, held ones too."""
    prices_pending: int = 0
    """Prices that are to be sent, held back ones too."""
    prices_waiting: int = 0
    """The same, and those that wait for approval."""
    fba_stored: int = 0
    fba_counted: int = 0
    """FBA orders seen while FBA was off."""
    fba_location: str = ""
    """The location of its FBA orders, or the name that it would get."""
    fba_location_exists: bool = False
    is_downloading: bool = False
    """A listing download of it runs."""


class Move(msgspec.Struct, frozen=True, kw_only=True):
    """From which settings to which."""

    keys: frozenset[str]
    """Settings that get another value."""
    implied: frozenset[str] = frozenset()
    """Those of them that were not asked for."""
    before: ChannelSettings
    after: ChannelSettings
    marketplace: Marketplace
    now: datetime
    cursor_before: datetime | None
    cursor_after: datetime | None
    is_troubled: bool
    """Amazon refuses to search this channel at present."""


class Consequence(msgspec.Struct, frozen=True, kw_only=True):
    """One sentence for a person."""

    key: str
    """The setting that it is about."""
    text: str
    warning: bool = False
    """It takes long or cannot be taken back."""

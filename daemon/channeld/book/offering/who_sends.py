"""Who may tell Amazon stock now, and what of it: one answer for requests, feeds and whoever explains them."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import Connection

from channeld.domain.channel_settings import ChannelSettings
from channeld.store import accounts, channels
from channeld.store.channels import Channel

__all__ = ["BEHIND", "LOOK_AGAIN", "WhoSends", "is_behind", "sending_channels", "who_sends"]

GRACE = timedelta(minutes=10)
"""So much longer than the pause between two searches the newest orders may be unknown."""
LOOK_AGAIN = timedelta(seconds=15)
"""While orders are behind: nothing tells when they have caught up."""
BEHIND = "its orders of the last hours are read first, as units may be sold; only zeros leave"


class WhoSends(msgspec.Struct, frozen=True, kw_only=True):
    """Of one account."""

    channels: Mapping[int, Channel]
    """Those that may send now, as they are set now."""
    only_zeros: bool = False
    """Orders are behind: of units that Amazon has sold since, the book does not know."""


def who_sends(connection: Connection, account_id: int, now: datetime) -> WhoSends:
    """To be asked in the unit of work that takes SKUs."""
    known = channels.of_account(connection, account_id)
    return WhoSends(channels=_sending(known), only_zeros=_is_behind(connection, account_id, known, now))


def sending_channels(connection: Connection, account_id: int) -> Mapping[int, Channel]:
    """Those that may send now, as they are set now."""
    return _sending(channels.of_account(connection, account_id))


def is_behind(connection: Connection, account_id: int, now: datetime) -> bool:
    """Whether orders of the last hours are not read: after a pause, an outage, or when they are refused."""
    return _is_behind(connection, account_id, channels.of_account(connection, account_id), now)


def _is_behind(connection: Connection, account_id: int, known: Sequence[Channel], now: datetime) -> bool:
    account = accounts.get(connection, account_id)
    cursors = [each.order_cursor for each in known if each.enabled and each.order_cursor is not None]
    if account is None or not cursors:
        return False
    return min(cursors) < now - timedelta(seconds=account.order_poll_seconds) - GRACE


def _sending(known: Sequence[Channel]) -> dict[int, Channel]:
    return {each.id: each for each in known if each.enabled and _sends(ChannelSettings.of(each.settings))}


def _sends(settings: ChannelSettings) -> bool:
    return settings.update_inventory and not settings.dry_run and bool(settings.inventory_locations)

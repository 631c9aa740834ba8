"""The location of a channel's FBA orders: made once, never twice (semantics F1, F5)."""

from sqlalchemy import Connection

from channeld.domain.marketplaces import BY_ID
from channeld.store import accounts, locations
from channeld.store.channels import Channel
from channeld.store.unit import Unit

__all__ = ["fba_location_name", "make_fba_location"]


def make_fba_location(unit: Unit, channel: Channel) -> None:
    """Nothing happens when there is one already."""
    if locations.fba_of(unit.connection, channel.id) is None:
        locations.add(unit, fba_location_name(unit.connection, channel), fba_channel_id=channel.id)


def fba_location_name(connection: Connection, channel: Channel) -> str:
    """`FBA UK`, or with the account's name where another account has that already."""
    name = f"FBA {BY_ID[channel.marketplace_id].code}"
    if locations.by_name(connection, name) is not None:
        account = accounts.get(connection, channel.account_id)
        name = f"{name} {account.name if account else channel.name}"
    if locations.by_name(connection, name) is not None:
        name = f"{name} {channel.name} {channel.id}"
    return name

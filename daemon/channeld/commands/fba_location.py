"""The location of a channel's FBA orders: made once, never twice (semantics F1, F5)."""

from channeld.domain.marketplaces import BY_ID
from channeld.store import accounts, locations
from channeld.store.channels import Channel
from channeld.store.unit import Unit

__all__ = ["make_fba_location"]


def make_fba_location(unit: Unit, channel: Channel) -> None:
    """`FBA UK`, or with the account's name where another account has that already."""
    if locations.fba_of(unit.connection, channel.id) is not None:
        return
    name = f"FBA {BY_ID[channel.marketplace_id].code}"
    if locations.by_name(unit.connection, name) is not None:
        account = accounts.get(unit.connection, channel.account_id)
        name = f"{name} {account.name if account else channel.name}"
    if locations.by_name(unit.connection, name) is not None:
        name = f"{name} {channel.name} {channel.id}"
    locations.add(unit, name, fba_channel_id=channel.id)

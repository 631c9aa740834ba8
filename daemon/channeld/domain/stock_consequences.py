"""What a change of settings means for what Amazon is told of stock, as far as settings tell (D1, D9, X1)."""

from collections.abc import Iterator

from channeld.domain.channel_settings import ChannelSettings
from channeld.domain.settings_move import Consequence, Facts, Move

__all__ = ["STOCK_RULES", "STOCK_SETTINGS", "SWITCHES", "sells_elsewhere", "sold_elsewhere"]

LIMITS = ("max_listed", "stock_percentage", "end_when", "default_latency", "product_latency")
SWITCHES = ("enabled", "update_inventory", "inventory_locations", "dry_run")
"""Settings that decide what Amazon is told of at all."""
STOCK_SETTINGS = (*SWITCHES, *LIMITS)
"""Settings that decide what Amazon is told of stock."""
_OFF = "Update inventory is off: it counts when that is switched on."


def _switched(move: Move, facts: Facts) -> Iterator[Consequence]:
    if "update_inventory" not in move.keys:
        return
    if not move.after.update_inventory:
        text = (
            "This channel sends no quantities and handling times any more; of what no other channel of the"
            " account sends Amazon keeps what it was told last."
        )
        yield Consequence(key="update_inventory", text=text)
    elif not move.after.enabled:
        text = "The channel is disabled: it sends nothing until it is enabled."
        yield Consequence(key="update_inventory", text=text)


def _without_location(move: Move, facts: Facts) -> Iterator[Consequence]:
    """X1: fail-safe, and said."""
    if not move.keys & {"update_inventory", "inventory_locations", "enabled"}:
        return
    if move.after.update_inventory and not move.after.inventory_locations:
        text = (
            "No inventory location is chosen: this channel sends nothing. `channelctl location map` chooses"
            " some."
        )
        yield Consequence(key="inventory_locations", text=text, warning=True)


def _sold_elsewhere(move: Move, facts: Facts) -> Iterator[Consequence]:
    """D9: the two settings are independent, but units are reserved at the orders' location only."""
    after = move.after
    if not move.keys & {"update_inventory", "inventory_locations", "enabled", "order_location"}:
        return
    if after.update_inventory and after.inventory_locations and sells_elsewhere(after):
        yield Consequence(key="order_location", text=sold_elsewhere(after), warning=True)


def sells_elsewhere(settings: ChannelSettings) -> bool:
    """Whether what is sold is taken from where the channel does not offer from."""
    return settings.order_location not in settings.inventory_locations


def sold_elsewhere(settings: ChannelSettings) -> str:
    """What that means, for people."""
    return (
        f"Orders are put at {settings.order_location}, which is none of the inventory locations: what is sold"
        " is not taken off what is offered, and would be sold again. Choose that one, too, or set"
        " order_location to one that is chosen."
    )


def _without_effect(move: Move, facts: Facts) -> Iterator[Consequence]:
    if move.after.update_inventory or "update_inventory" in move.keys:
        return
    for key in ("inventory_locations", *LIMITS):
        if key in move.keys:
            yield Consequence(key=key, text=_OFF)
            return


STOCK_RULES = (_switched, _without_location, _sold_elsewhere, _without_effect)

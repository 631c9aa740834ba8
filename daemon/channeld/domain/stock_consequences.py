"""What a change of settings means for what Amazon is told of stock, as far as settings tell (D1, D9, X1)."""

from collections.abc import Iterator

from channeld.domain.settings_move import Consequence, Facts, Move

__all__ = ["STOCK_RULES", "STOCK_SETTINGS", "SWITCHES"]

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


def _without_effect(move: Move, facts: Facts) -> Iterator[Consequence]:
    if move.after.update_inventory or "update_inventory" in move.keys:
        return
    for key in ("inventory_locations", *LIMITS):
        if key in move.keys:
            yield Consequence(key=key, text=_OFF)
            return


STOCK_RULES = (_switched, _without_location, _without_effect)

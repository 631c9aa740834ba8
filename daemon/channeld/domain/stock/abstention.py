"""Why a channel has Amazon told nothing of a listing's stock, which is not zero (semantics D1, D3–D5, X1)."""

from enum import StrEnum

import msgspec

__all__ = ["Abstention", "Part", "abstention"]


class Abstention(StrEnum):
    """Why nothing is sent. Listed by weight: of several reasons the first one is told."""

    UNLINKED = "the listing is not linked to an item"
    DISABLED = "the channel is disabled"
    UPDATE_OFF = "Update inventory is off"
    FBA = "Amazon fulfils it from its own stock"
    IGNORE_SYNC = "Ignore Sync is on for the listing"
    NO_LOCATION = "no inventory location is chosen"
    """The channel cannot work like that, so people are warned of it."""
    UNCOUNTED = "nobody has counted it at these locations"
    """Of a kit: one of the items that it is made of. What is not known is not zero."""
    DRY_RUN = "the channel is in dry run"
    """Computed and shown; it holds nobody back."""


_BY_WEIGHT = tuple(Abstention)


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """What decides whether a channel takes part for a listing."""

    linked: bool
    enabled: bool
    update_inventory: bool
    fba: bool
    ignore_sync: bool
    located: bool
    """At least one inventory location is chosen."""
    counted: bool = True
    dry_run: bool = False


def abstention(part: Part) -> Abstention | None:
    """Why the channel sends nothing for the listing; None: it takes part."""
    reasons = {
        Abstention.UNLINKED: not part.linked,
        Abstention.DISABLED: not part.enabled,
        Abstention.UPDATE_OFF: not part.update_inventory,
        Abstention.FBA: part.fba,
        Abstention.IGNORE_SYNC: part.ignore_sync,
        Abstention.NO_LOCATION: not part.located,
        Abstention.UNCOUNTED: not part.counted,
        Abstention.DRY_RUN: part.dry_run,
    }
    return next((reason for reason in _BY_WEIGHT if reasons[reason]), None)

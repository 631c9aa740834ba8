"""The texts of the mapping page: what a row means, and what a change will and will not do."""

from textual.content import Content

from channel_protocol.locations import LocationRow
from channel_protocol.mappings import MappingRow
from channeltop.format import things
from channeltop.pages import key_of
from channeltop.widgets.tones import joined, toned

__all__ = ["EMPTY", "described_location", "described_word", "removal"]

EMPTY = {
    "payment": "No payment word was met yet. They appear with the first orders; a adds one beforehand.",
    "shipping": "No shipping word was met yet. They appear with the first orders; a adds one beforehand.",
    "locations": "There is no location. a adds one.",
}
FOLLOW = "Orders downloaded from then on follow it; earlier ones stay as they are."


def described_word(row: MappingRow) -> Content:
    """What its orders got, and what to do."""
    target = toned("not mapped", "warn") if row.target is None else toned(row.target, "good")
    met = things(row.orders, "order") if row.orders else "not met on an order yet"
    first = joined((toned(f"{row.tag} on {row.channel}", "strong"), target, Content(met)))
    return Content("\n").join((first, _default_line(row)))


def _default_line(row: MappingRow) -> Content:
    stored = f"{things(row.unmapped, 'order')} stored with the default" if row.unmapped else ""
    if row.target is None:
        return toned(f"{stored}. " if stored else "", "warn") + toned(f"enter maps it. {FOLLOW}", "accent")
    return toned(f"{stored} before it was mapped, and they keep it." if stored else "", "muted")


def described_location(row: LocationRow) -> Content:
    """Whose orders go there, and how that is changed."""
    kind = "own location" if row.kind == "own" else "fulfilment centre of Amazon's, whose orders are locked"
    first = joined((toned(row.location, "strong"), Content(kind), Content(_held(row))))
    if row.kind != "own":
        return first
    users = f"New orders of {row.channels} are saved here" if row.channels else "No channel saves orders here"
    where = f"a channel's location is one of its settings ({key_of('settings')})"
    return Content("\n").join((first, toned(f"{users}; {where}.", "muted")))


def _held(row: LocationRow) -> str:
    return f"{things(row.orders, 'order')}, {row.open_orders:,} of them open" if row.orders else "no orders"


def removal(row: MappingRow) -> Content:
    """What it means to forget a mapping."""
    return Content("\n").join(
        (
            joined((toned(row.tag, "strong") + f" on {row.channel}", toned(row.target or "", "good")), " → "),
            Content(),
            Content("Orders downloaded from now on get the default for it, and need attention."),
            Content("Orders that are stored already stay as they are."),
        )
    )
